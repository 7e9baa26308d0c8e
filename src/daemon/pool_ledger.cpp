#include "daemon/pool_ledger.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>

#include "core/dns_name.hpp"

namespace baton::daemon {

namespace {

constexpr std::string_view kSystem = "-";  // instead of a name server's address

std::optional<std::uint16_t> short_number(const std::string& word) {
  std::uint16_t value = 0;
  const auto [end, ec] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (ec != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

std::optional<config::PoolRecord> to_record(const std::string& word) {
  for (const auto record : {config::PoolRecord::a, config::PoolRecord::aaaa, config::PoolRecord::srv})
    if (config::name_of(record) == word) return record;
  return std::nullopt;
}

/// The words after "pool".
std::optional<config::PoolQuestion> to_question(std::istringstream& words) {
  config::PoolQuestion question;
  std::string record;
  std::string family;
  std::string address;
  std::string port;
  words >> record >> family >> question.name >> address >> port;
  const auto known = to_record(record);
  if (!known || (family != "4" && family != "6") || !is_dns_name(question.name)) return std::nullopt;
  question.record = *known;
  question.family = family == "6" ? Family::ipv6 : Family::ipv4;
  if (address == kSystem) return question;
  const auto server = IpAddress::parse(address);
  const auto number = short_number(port);
  if (!server || !number) return std::nullopt;
  question.nameserver = config::Nameserver{*server, *number};
  return question;
}

/// The words after "server".
std::optional<PoolServer> to_server(std::istringstream& words) {
  std::string address;
  std::string port;
  std::string weight;
  words >> address >> port >> weight;
  const auto parsed = IpAddress::parse(address);
  const auto number = short_number(port);
  const auto share = short_number(weight);
  if (!parsed || !number || !share) return std::nullopt;
  return PoolServer{*parsed, *number, *share};
}

}  // namespace

std::string encode(const config::PoolAnswers& answers) {
  std::ostringstream text;
  for (const auto& [question, servers] : answers) {
    text << "pool " << config::name_of(question.record) << ' ' << static_cast<unsigned>(question.family) << ' '
         << question.name << ' ';
    if (question.nameserver)
      text << question.nameserver->address.to_string() << ' ' << question.nameserver->port << '\n';
    else
      text << kSystem << " 0\n";
    for (const auto& server : servers)
      text << "server " << server.address.to_string() << ' ' << server.port << ' ' << server.weight << '\n';
  }
  return text.str();
}

config::PoolAnswers decode_pool_ledger(std::string_view text) {
  config::PoolAnswers answers;
  std::vector<PoolServer>* servers = nullptr;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string what;
    words >> what;
    if (what == "pool") {
      const auto question = to_question(words);
      servers = question ? &answers[*question] : nullptr;
    } else if (what == "server" && servers != nullptr && servers->size() < kMaxPoolServers) {
      if (const auto server = to_server(words)) servers->push_back(*server);
    }
  }
  for (auto& [question, named] : answers) {
    std::ranges::sort(named);
    const auto repeated = std::ranges::unique(named);
    named.erase(repeated.begin(), repeated.end());
  }
  // An answer that names nobody is none.
  std::erase_if(answers, [](const auto& each) { return each.second.empty(); });
  return answers;
}

}  // namespace baton::daemon
