// global_defs: IPVS, the packet filter, files.
#include <array>
#include <utility>

#include "config/set_global.hpp"

namespace baton::config {
namespace {

constexpr std::string_view kWordIgnored = "it is left out";

/// An option with a number after it: within its range, or reported and absent.
std::optional<std::int64_t> read_option(Builder& builder, const Line& line, std::size_t at, std::int64_t minimum,
                                        std::int64_t maximum) {
  const Word& option = line.words[at];
  if (at + 1 >= line.words.size()) {
    builder.error(option.place, concat(line.keyword->name, ": ", quoted(option.text), " lacks its value"),
                  std::string(kWordIgnored));
    return std::nullopt;
  }
  const Word& word = line.words[at + 1];
  const auto value = parse_integer(word.text);
  if (value && *value >= minimum && *value <= maximum) return value;
  builder.error(
      word.place,
      concat(line.keyword->name, ": ", option.text, " must be ", minimum, " to ", maximum, ", not ", quoted(word.text)),
      std::string(kWordIgnored));
  return std::nullopt;
}

void report_option(Builder& builder, const Line& line, const Word& word, std::span<const std::string_view> known) {
  builder.error(word.place, concat(line.keyword->name, " has no option ", quoted(word.text)),
                concat(kWordIgnored, "; there are ", listed(known)));
}

/// Octal digits, at most 0777.
std::optional<std::uint16_t> parse_mode(std::string_view text) {
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<unsigned>(c - '0');
    if (value > 0777U) return std::nullopt;
  }
  return static_cast<std::uint16_t>(value);
}

/// "IRUSR", "IRWXG": a bit of sys/stat.h without its "S_".
std::optional<std::uint16_t> parse_bits(std::string_view name) {
  constexpr auto kBits = std::to_array<std::pair<std::string_view, std::uint16_t>>({{"IRUSR", 0400},
                                                                                    {"IWUSR", 0200},
                                                                                    {"IXUSR", 0100},
                                                                                    {"IRGRP", 040},
                                                                                    {"IWGRP", 020},
                                                                                    {"IXGRP", 010},
                                                                                    {"IROTH", 04},
                                                                                    {"IWOTH", 02},
                                                                                    {"IXOTH", 01},
                                                                                    {"IRWXU", 0700},
                                                                                    {"IRWXG", 070},
                                                                                    {"IRWXO", 07}});
  for (const auto& [bit, value] : kBits)
    if (bit == name) return value;
  return std::nullopt;
}

}  // namespace

bool set_lvs_timeouts(Builder& builder, const Line& line) {
  constexpr std::int64_t kMost = 2'678'400;  // 31 days
  constexpr std::array<std::string_view, 3> kKinds = {"tcp", "tcpfin", "udp"};
  LvsTimeouts& timeouts = builder.current<LvsDefs>().lvs_timeouts;
  const std::array<std::optional<std::chrono::seconds>*, 3> fields = {&timeouts.tcp, &timeouts.tcpfin, &timeouts.udp};
  for (std::size_t i = 1; i < line.words.size(); ++i) {
    const auto kind = std::ranges::find(kKinds, line.words[i].text);
    if (kind == kKinds.end()) {
      report_option(builder, line, line.words[i], kKinds);
      continue;
    }
    if (const auto value = read_option(builder, line, i, 0, kMost))
      *fields.at(static_cast<std::size_t>(kind - kKinds.begin())) = std::chrono::seconds(*value);
    ++i;
  }
  return true;
}

bool set_lvs_flush_on_stop(Builder& builder, const Line& line) {
  if (line.has_value() && line.first().text != "VS") {
    builder.error(line.first().place,
                  concat(line.keyword->name, " stands alone or with VS, not ", quoted(line.first().text)),
                  std::string(kIgnored));
    return false;
  }
  return store<&LvsDefs::lvs_flush_on_stop>(builder, line,
                                            line.has_value() ? FlushOnStop::virtual_servers : FlushOnStop::all);
}

bool set_lvs_sync_daemon(Builder& builder, const Line& line) {
  constexpr std::array<std::string_view, 6> kOptions = {"inst", "id", "maxlen", "port", "ttl", "group"};
  LvsSyncDaemon daemon;
  daemon.interface = line.first().text;
  daemon.position = line.first().place.position;
  const auto number = [&](std::size_t i, std::int64_t minimum, std::int64_t maximum, auto& field) {
    const auto value = read_option(builder, line, i, minimum, maximum);
    if (value) field = static_cast<typename std::remove_cvref_t<decltype(field)>::value_type>(*value);
  };
  std::size_t i = 2;
  if (i < line.words.size() && std::ranges::find(kOptions, line.words[i].text) == kOptions.end()) {
    daemon.instance = line.words[i++].text;  // the old form: INTERFACE INSTANCE [ID]
    if (i < line.words.size() && parse_integer(line.words[i].text)) {
      builder.warn(line.words[i].place, "lvs_sync_daemon: the number lacks a word before it",
                   concat("write id ", line.words[i].text));
      --i;
      number(i, 0, 255, daemon.id);
      i += 2;
    }
  }
  for (; i < line.words.size(); i += 2) {
    const Word& option = line.words[i];
    const bool has_value = i + 1 < line.words.size();
    if (option.text == "id") {
      number(i, 0, 255, daemon.id);
    } else if (option.text == "maxlen") {
      number(i, 1, 65507, daemon.maxlen);
    } else if (option.text == "port") {
      number(i, 1, 65535, daemon.port);
    } else if (option.text == "ttl") {
      number(i, 1, 255, daemon.ttl);
    } else if (option.text == "inst" && has_value) {
      daemon.instance = line.words[i + 1].text;
    } else if (option.text == "group" && has_value && IpAddress::parse(line.words[i + 1].text)) {
      daemon.group = IpAddress::parse(line.words[i + 1].text);
    } else if (option.text == "inst" || option.text == "group") {
      builder.error(option.place, concat("lvs_sync_daemon: ", quoted(option.text), " lacks its value"),
                    std::string(kWordIgnored));
    } else {
      report_option(builder, line, option, kOptions);
    }
  }
  return store<&LvsDefs::lvs_sync_daemon>(builder, line, std::move(daemon));
}

bool set_vrrp_iptables(Builder& builder, const Line& line) {
  Iptables chains;
  if (line.words.size() > 1) chains.in = line.words[1].text;
  if (line.words.size() > 1) chains.out = line.words.size() > 2 ? line.words[2].text : std::string_view{};
  builder.warn(line.words[0].place, "vrrp_iptables: there is no iptables in Baton, nftables stands in for it",
               "write nftables, as keepalived without iptables asks for, too");
  return store<&FirewallDefs::vrrp_iptables>(builder, line, std::move(chains));
}

bool set_vrrp_ipsets(Builder& builder, const Line& line) {
  constexpr std::size_t kMost = 6;
  std::vector<std::string> names;
  for (const Word& word : line.words.subspan(1)) {
    if (names.size() == kMost || std::ranges::find(names, word.text) != names.end()) {
      builder.error(word.place, concat("vrrp_ipsets takes up to ", kMost, " names that differ"), std::string(kIgnored));
      return false;
    }
    names.emplace_back(word.text);
  }
  return store<&FirewallDefs::vrrp_ipsets>(builder, line, std::move(names));
}

/// 0177, or bits with bars between them; blanks beside the bars make words of their own.
bool set_umask(Builder& builder, const Line& line) {
  std::string text;
  for (const Word& word : line.words.subspan(1))
    text += word.text;
  std::uint16_t mask = 0;
  std::string_view rest = text;
  if (const auto mode = parse_mode(text)) {
    mask = *mode;
    rest = {};
  }
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('|'), rest.size());
    const auto bits = parse_bits(rest.substr(0, end));
    if (!bits) {
      builder.error(line.first().place, concat("umask: ", quoted(rest.substr(0, end)), " is no mode"),
                    "write it in octal, 0 to 0777, or as bits: IRWXG|IRWXO; the line is ignored");
      return false;
    }
    mask = static_cast<std::uint16_t>(mask | *bits);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return store<&FileDefs::umask>(builder, line, mask);
}

bool set_rx_bufs_policy(Builder& builder, const Line& line) {
  RxBufs& policy = builder.current<BufferDefs>().vrrp_rx_bufs_policy;
  const Word& word = line.first();
  const auto size = parse_integer(word.text);
  if (equal_ignoring_case(word.text, "MTU")) {
    policy = {.mtu = true, .advert = false, .size = {}};
  } else if (equal_ignoring_case(word.text, "ADVERT")) {
    policy = {.mtu = false, .advert = true, .size = {}};
  } else if (size && *size >= 0 && *size <= kUnlimited) {
    policy = {.mtu = false, .advert = false, .size = static_cast<std::uint32_t>(*size)};
  } else {
    builder.error(word.place, concat("vrrp_rx_bufs_policy is MTU, ADVERT or a size, not ", quoted(word.text)),
                  std::string(kIgnored));
    return false;
  }
  return true;
}

/// It counts while files are included; what is left is to say which words it does not know.
bool check_include_check(Builder& builder, const Line& line) {
  constexpr std::array<std::string_view, 4> kChecks = {"read", "match", "wildcard_match", "brace_match"};
  for (const Word& word : line.words.subspan(1)) {
    std::string_view check = word.text;
    if (check.starts_with('+') || check.starts_with('-')) check.remove_prefix(1);
    if (std::ranges::find(kChecks, check) == kChecks.end()) report_option(builder, line, word, kChecks);
  }
  return true;
}

}  // namespace baton::config
