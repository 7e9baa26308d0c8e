// entry_options.hpp - the options of one line of a list of routes or rules: which words belong to which, and their
// values.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/setters.hpp"

namespace baton::config {

/// Of the words from the option on, how many it takes: itself, its value, and a word like `lock` before that.
std::size_t extent(Block block, const Keyword& option, std::span<const Word> words);

/// Lets the row of the option that begins `words` act.  False when it spoils the entry, which is reported; `taken` is
/// how many words it took.  `entry` is what the options belong to: "a route".
bool read_option(Builder& builder, Block block, std::span<const Word> words, std::string_view entry,
                 std::size_t& taken);
/// All options of `words`, up to the last one.
bool read_options(Builder& builder, Block block, std::span<const Word> words, std::string_view entry);

/// The first of these words in the line: the place of an option about which only the whole line can tell.
const Word& word_of(const Line& line, std::initializer_list<std::string_view> names);
/// Reports what costs the line; false.
bool reject(Builder& builder, const Word& word, std::string_view text, std::string hint = {});
/// "80-90", or one number for both.
std::optional<NumberRange> parse_range(std::string_view text, std::uint32_t most, bool or_single);
/// Decimal, or hexadecimal after 0x; nothing else before or after it, and not above `most`.
std::optional<std::uint64_t> parse_unsigned(std::string_view text, std::uint64_t most);
/// A number, or what may be a name of one.
std::optional<Identifier> parse_identifier(std::string_view text, std::uint64_t most);

/// The value of an option: the last of its words.
inline const Word& value_of(const Line& line) {
  return line.words.back();
}
/// Whether a word such as `lock` stands before the value.
inline bool has_prefix(const Line& line) {
  return line.words.size() > 2;
}

std::optional<std::uint64_t> read_unsigned(Builder& builder, const Line& line, std::uint64_t most);
std::optional<Identifier> read_identifier(Builder& builder, const Line& line, std::uint64_t most);
std::optional<Realms> read_realms(Builder& builder, const Line& line);
/// 0 or 1.
std::optional<bool> read_digit(Builder& builder, const Line& line);
/// An address of the family of the entry, which the first one decides.
std::optional<IpAddress> read_entry_address(Builder& builder, const Line& line);
/// address[/prefix], likewise.
std::optional<Network> read_network(Builder& builder, const Word& word);
/// Notes the family of the entry; false when it has another one already, which is reported.
bool take_family(Builder& builder, const Word& word, Family family);

// Setters for members of Route, Nexthop, EncapIp and Rule.
template <auto Member, std::uint64_t kMost>
bool set_number(Builder& builder, const Line& line) {
  const auto value = read_unsigned(builder, line, kMost);
  return value && store<Member>(builder, line, *value);
}
template <auto Member, std::uint64_t kMost>
bool set_identifier(Builder& builder, const Line& line) {
  const auto value = read_identifier(builder, line, kMost);
  return value && store<Member>(builder, line, *value);
}
template <auto Member>
bool set_digit(Builder& builder, const Line& line) {
  const auto value = read_digit(builder, line);
  return value && store<Member>(builder, line, *value);
}
template <auto Member>
bool set_entry_address(Builder& builder, const Line& line) {
  const auto value = read_entry_address(builder, line);
  return value && store<Member>(builder, line, *value);
}
template <auto Member>
bool set_network(Builder& builder, const Line& line) {
  const auto value = read_network(builder, value_of(line));
  return value && store<Member>(builder, line, *value);
}
/// A metric, with `lock` before it or not.
template <auto Member>
bool set_metric(Builder& builder, const Line& line) {
  const auto value = read_unsigned(builder, line, kUnlimited);
  if (!value) return false;
  builder.current<typename MemberOf<decltype(Member)>::Object>().*Member =
      Lockable<std::uint32_t>{static_cast<std::uint32_t>(*value), has_prefix(line)};
  return true;
}

}  // namespace baton::config
