#include "config/entry_options.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <vector>

#include "config/keywords.hpp"

namespace baton::config {
namespace {

/// Whether `word` is one of "[a|b] ...".
bool is_prefix(std::string_view grammar, std::string_view word) {
  if (!grammar.starts_with('[')) return false;
  const std::string_view choices = grammar.substr(1, grammar.find(']') - 1);
  for (std::size_t start = 0; start <= choices.size();) {
    const std::size_t end = std::min(choices.find('|', start), choices.size());
    if (choices.substr(start, end - start) == word) return true;
    start = end + 1;
  }
  return false;
}

Block encap_block(std::string_view type) {
  if (type == "ip") return Block::encap_ip;
  if (type == "ip6") return Block::encap_ip6;
  return Block::none;
}

std::size_t extent_of_encap(std::span<const Word> words) {
  if (words.size() < 2) return 2;
  const Block block = encap_block(words[1].text);
  if (block == Block::none) return 3;  // one word of labels, or a locator
  std::size_t taken = 2;
  while (taken < words.size()) {
    if (find_keyword(block, words[taken].text) == nullptr) break;
    taken += 2;
  }
  return taken;
}

std::size_t extent_of_nexthop(std::span<const Word> words) {
  const auto next = std::ranges::find(words.subspan(1), std::string_view("nexthop"), &Word::text);
  return static_cast<std::size_t>(next - words.begin());
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::size_t extent(Block block, const Keyword& option, std::span<const Word> words) {
  const Argument& argument = option.argument;
  if (argument.kind == Argument::Kind::none) return 1;
  if (block == Block::rule_entry && option.name == "type") return 1;  // the action that follows is an option itself
  if (option.name == "encap") return extent_of_encap(words);
  if (option.name == "nexthop") return extent_of_nexthop(words);
  return words.size() > 1 && is_prefix(argument.words, words[1].text) ? 3 : 2;
}

bool read_option(Builder& builder, Block block, std::span<const Word> words, std::string_view entry,
                 std::size_t& taken) {
  const Word& word = words[0];
  const Keyword* option = find_keyword(block, word.text);
  if (option == nullptr) {
    const std::string_view near = nearest(word.text, names_in(block));
    return reject(builder, word, concat(quoted(word.text), " is no option of ", entry),
                  near.empty() ? "" : concat("did you mean '", near, "'?"));
  }
  taken = extent(block, *option, words);
  if (taken > words.size()) {
    builder.report(Severity::error, Status::missing_argument, word.place,
                   concat("'", option->name, "' lacks its value: the line is ignored"),
                   concat(option->name, " ", option->argument.grammar()));
    return false;
  }
  if (!option->is_active()) builder.not_active(*option, word.place);
  return option->action.set(builder, {option, block, words.first(taken), {}});
}

bool read_options(Builder& builder, Block block, std::span<const Word> words, std::string_view entry) {
  for (std::size_t taken = 0; !words.empty(); words = words.subspan(taken))
    if (!read_option(builder, block, words, entry, taken)) return false;
  return true;
}

const Word& word_of(const Line& line, std::initializer_list<std::string_view> names) {
  for (const Word& word : line.words)
    if (std::ranges::find(names, word.text) != names.end()) return word;
  return line.words[0];
}

bool reject(Builder& builder, const Word& word, std::string_view text, std::string hint) {
  builder.error(word.place, concat(text, ": the line is ignored"), std::move(hint));
  return false;
}

std::optional<std::uint64_t> parse_unsigned(std::string_view text, std::uint64_t most) {
  constexpr int kDecimal = 10;
  constexpr int kHexadecimal = 16;
  const bool is_hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (is_hexadecimal) text.remove_prefix(2);
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, fault] = std::from_chars(text.data(), end, value, is_hexadecimal ? kHexadecimal : kDecimal);
  if (fault != std::errc{} || rest != end || value > most) return std::nullopt;
  return value;
}

std::optional<Identifier> parse_identifier(std::string_view text, std::uint64_t most) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.+";
  if (text.empty()) return std::nullopt;
  if (!is_letter(text.front()) && text.front() != '_') {
    const auto value = parse_unsigned(text, most);
    if (!value) return std::nullopt;
    return static_cast<std::uint32_t>(*value);
  }
  if (text.find_first_not_of(kPlain) != std::string_view::npos) return std::nullopt;
  return std::string(text);
}

std::optional<NumberRange> parse_range(std::string_view text, std::uint32_t most, bool or_single) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos && !or_single) return std::nullopt;
  const auto first = parse_unsigned(text.substr(0, dash), most);
  const auto last = dash == std::string_view::npos ? first : parse_unsigned(text.substr(dash + 1), most);
  if (!first || !last) return std::nullopt;
  return NumberRange{static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*last)};
}

std::optional<std::uint64_t> read_unsigned(Builder& builder, const Line& line, std::uint64_t most) {
  const auto value = parse_unsigned(value_of(line).text, most);
  if (!value)
    reject(builder, value_of(line),
           concat(line.keyword->name, " is a whole number, 0 to ", most, ", not ", quoted(value_of(line).text)));
  return value;
}

std::optional<Identifier> read_identifier(Builder& builder, const Line& line, std::uint64_t most) {
  auto value = parse_identifier(value_of(line).text, most);
  if (!value)
    reject(builder, value_of(line),
           concat(line.keyword->name, " is a number, 0 to ", most, ", or a name, not ", quoted(value_of(line).text)));
  return value;
}

std::optional<Realms> read_realms(Builder& builder, const Line& line) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint16_t>::max();
  const std::string_view text = value_of(line).text;
  const std::size_t slash = text.find('/');
  Realms realms;
  if (slash != std::string_view::npos) realms.from = parse_identifier(text.substr(0, slash), kMost);
  const auto to = parse_identifier(slash == std::string_view::npos ? text : text.substr(slash + 1), kMost);
  if (!to || (slash != std::string_view::npos && !realms.from)) {
    reject(builder, value_of(line), concat("realms is [from/]to, not ", quoted(text)));
    return std::nullopt;
  }
  realms.to = *to;
  return realms;
}

std::optional<bool> read_digit(Builder& builder, const Line& line) {
  const std::string_view text = value_of(line).text;
  if (text == "0" || text == "1") return text == "1";
  reject(builder, value_of(line), concat(line.keyword->name, " is 0 or 1, not ", quoted(text)));
  return std::nullopt;
}

bool take_family(Builder& builder, const Word& word, Family family) {
  std::optional<Family>& known = builder.entry.family;
  if (!known) known = family;
  if (*known == family) return true;
  return reject(builder, word, "IPv4 and IPv6 do not go together in one line",
                concat("the words before it are ", *known == Family::ipv4 ? "IPv4" : "IPv6"));
}

std::optional<IpAddress> read_entry_address(Builder& builder, const Line& line) {
  const Word& word = value_of(line);
  const auto address = IpAddress::parse(word.text);
  if (!address) {
    reject(builder, word, concat(line.keyword->name, ": ", quoted(word.text), " is no IP address"),
           word.text.find('/') != std::string_view::npos ? "it stands without a prefix length" : "");
    return std::nullopt;
  }
  if (!take_family(builder, word, address->family())) return std::nullopt;
  return address;
}

/// A prefix length that is none becomes that of a host, as keepalived has it.
std::optional<Network> read_network(Builder& builder, const Word& word) {
  const std::size_t slash = std::min(word.text.find('/'), word.text.size());
  const auto address = IpAddress::parse(word.text.substr(0, slash));
  if (!address) {
    reject(builder, word, concat(quoted(word.text), " is no address[/prefix]"));
    return std::nullopt;
  }
  if (!take_family(builder, word, address->family())) return std::nullopt;
  Network network{*address, max_prefix_length(address->family())};
  if (slash == word.text.size()) return network;
  const std::string_view length = word.text.substr(slash + 1);
  const auto value = parse_unsigned(length, network.prefix_length);
  if (value)
    network.prefix_length = static_cast<std::uint8_t>(*value);
  else
    builder.error(word.place, concat("a prefix length is 0 to ", int{network.prefix_length}, ", not ", quoted(length),
                                     ": ", int{network.prefix_length}, " is used"));
  return network;
}

}  // namespace baton::config
