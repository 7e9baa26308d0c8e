// keepalived says nothing about whatever is wrong with these lines, hence advice.
#include <algorithm>
#include <limits>

#include "config/set_check.hpp"

namespace baton::config {
namespace {

void note_place(Builder& builder, const Line& line) {
  if (builder.url.regex_place.position.line == 0) builder.url.regex_place = line.words[0].place;
}

std::optional<std::uint32_t> parse_octets(std::string_view text) {
  const auto value = parse_integer(text);
  if (!value || *value < 0 || *value > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

/// Absent: reported.
std::optional<std::uint32_t> read_offset(Builder& builder, const Line& line) {
  note_place(builder, line);
  const auto offset = line.has_value() ? parse_octets(line.first().text) : std::nullopt;
  if (!offset)
    builder.advise(line.words.back().place, concat(line.keyword->name, " is a number of octets: the line is ignored"));
  return offset;
}

std::optional<RegexStack> read_stack(const Line& line) {
  if (line.words.size() < 3) return std::nullopt;
  const auto start = parse_octets(line.words[1].text);
  const auto most = parse_octets(line.words[2].text);
  if (!start || !most || *start > *most || *most == 0) return std::nullopt;
  return RegexStack{*start, *most};
}

}  // namespace

bool set_regex(Builder& builder, const Line& line) {
  if (!line.has_value() || line.first().text.empty()) {
    builder.advise(line.words[0].place, "'regex' lacks its pattern: the line is ignored", "regex \"PATTERN\"");
    return false;
  }
  return set_text<&HttpUrl::regex>(builder, line);
}

bool add_regex_options(Builder& builder, const Line& line) {
  note_place(builder, line);
  for (const Word& word : line.words.subspan(1)) {
    const auto found = std::ranges::find(kRegexOptionNames, word.text);
    if (found != kRegexOptionNames.end()) {
      builder.url.url.regex_options.set(static_cast<std::size_t>(found - kRegexOptionNames.begin()));
      continue;
    }
    const std::string_view near = nearest(word.text, kRegexOptionNames);
    builder.advise(word.place, concat(quoted(word.text), " is no regex option: it is ignored"),
                   near.empty() ? "caseless, dotall, multiline, extended and so on: the manual lists them"
                                : concat("did you mean '", near, "'?"));
  }
  return true;
}

bool set_regex_no_match(Builder& builder, const Line& line) {
  note_place(builder, line);
  return set_flag<&HttpUrl::regex_no_match>(builder, line);
}

bool set_regex_min_offset(Builder& builder, const Line& line) {
  const auto offset = read_offset(builder, line);
  if (offset) builder.url.url.regex_min_offset = *offset;
  return offset.has_value();
}

bool set_regex_max_offset(Builder& builder, const Line& line) {
  const auto offset = read_offset(builder, line);
  if (offset) builder.url.url.regex_max_offset = *offset;
  return offset.has_value();
}

bool set_regex_stack(Builder& builder, const Line& line) {
  note_place(builder, line);
  const auto stack = read_stack(line);
  if (!stack) {
    builder.advise(line.words[0].place, "regex_stack is two numbers of octets, the first one the lesser",
                   "the line is ignored; regex_stack 32768 524288");
    return false;
  }
  builder.url.url.regex_stack = *stack;
  return true;
}

}  // namespace baton::config
