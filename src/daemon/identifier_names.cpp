#include "daemon/identifier_names.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace baton::daemon {

namespace {

constexpr const char* kLocal = "/etc/iproute2";
constexpr const char* kDistribution = "/usr/share/iproute2";
constexpr std::streamsize kMaxFile = 1 << 20;  // octets read of one file
constexpr std::size_t kMaxFiles = 64;          // of one folder NAME.d

using Names = std::map<std::string, std::uint32_t, std::less<>>;

/// What the kernel means by them, whatever the files say.
Names built_in(IdentifierKind kind) {
  switch (kind) {
    case IdentifierKind::table: return {{"default", 253}, {"main", 254}, {"local", 255}};
    case IdentifierKind::protocol:
      return {{"redirect", 1}, {"kernel", 2}, {"boot", 3}, {"static", 4}, {"keepalived", 18}};
    case IdentifierKind::scope: return {{"global", 0}, {"site", 200}, {"link", 253}, {"host", 254}, {"nowhere", 255}};
    case IdentifierKind::interface_group: return {{"default", 0}};
    case IdentifierKind::ip_protocol: return {{"icmp", 1}, {"tcp", 6}, {"udp", 17}, {"ipv6-icmp", 58}, {"sctp", 132}};
    default: return {};
  }
}

/// In iproute2's folders; that of the protocols of IP is elsewhere.
const char* file_of(IdentifierKind kind) {
  switch (kind) {
    case IdentifierKind::table: return "rt_tables";
    case IdentifierKind::protocol: return "rt_protos";
    case IdentifierKind::scope: return "rt_scopes";
    case IdentifierKind::tos: return "rt_dsfield";
    case IdentifierKind::realm: return "rt_realms";
    case IdentifierKind::interface_group: return "group";
    case IdentifierKind::ip_protocol: break;
  }
  return "/etc/protocols";
}

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(kMaxFile), '\0');
  file.read(text.data(), kMaxFile);
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  return text;
}

/// What is known already stays.
void read_into(Names& names, const std::filesystem::path& path) {
  names.merge(parse_identifiers(contents(path)));
  std::error_code error;
  std::size_t files = 0;
  for (std::filesystem::directory_iterator it(path.string() + ".d", error), end; !error && it != end;
       it.increment(error))
    if (it->path().extension() == ".conf" && ++files <= kMaxFiles) names.merge(parse_identifiers(contents(it->path())));
}

std::optional<std::uint32_t> identifier_number(std::string_view word) {
  const bool is_hex = word.starts_with("0x") || word.starts_with("0X");
  if (is_hex) word.remove_prefix(2);
  std::uint32_t value = 0;
  const auto [end, ec] = std::from_chars(word.data(), word.data() + word.size(), value, is_hex ? 16 : 10);
  return ec == std::errc{} && end == word.data() + word.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

/// /etc/protocols has name and number the other way round, and aliases behind them.
std::map<std::string, std::uint32_t, std::less<>> parse_identifiers(std::string_view text) {
  Names names;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string first, second, alias;
    if (!(words >> first >> second)) continue;
    if (const auto value = identifier_number(first)) {
      names.emplace(second, *value);
    } else if (const auto turned = identifier_number(second)) {
      names.emplace(first, *turned);
      while (words >> alias)
        names.emplace(alias, *turned);
    }
  }
  return names;
}

IdentifierNames::IdentifierNames(std::string local, std::string distribution)
    : local_(local.empty() ? kLocal : std::move(local)),
      distribution_(distribution.empty() ? kDistribution : std::move(distribution)) {}

std::optional<std::uint32_t> IdentifierNames::number(IdentifierKind kind, const config::Identifier& identifier) {
  if (const auto* value = std::get_if<std::uint32_t>(&identifier)) return *value;
  auto known = known_.find(kind);
  if (known == known_.end()) {
    known = known_.emplace(kind, built_in(kind)).first;
    for (const auto& folder : {local_, distribution_})
      read_into(known->second, std::filesystem::path(folder) / file_of(kind));
  }
  const auto& word = std::get<std::string>(identifier);
  const auto found = known->second.find(word);
  return found == known->second.end() ? identifier_number(word) : std::optional(found->second);
}

}  // namespace baton::daemon
