#include "config/script_line.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace baton::config {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";
constexpr std::string_view kQuotes = "\"'";

bool is_script_blank(char c) {
  return kBlanks.find(c) != std::string_view::npos;
}

std::string_view take_script_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  const std::size_t size = std::min(text.find_first_of(kBlanks), text.size());
  const std::string_view word = text.substr(0, size);
  text.remove_prefix(size);
  return word;
}

int digit_value(char c, int base) {
  int value = base;
  if (c >= '0' && c <= '9')
    value = c - '0';
  else if (c >= 'a' && c <= 'f')
    value = c - 'a' + 10;
  else if (c >= 'A' && c <= 'F')
    value = c - 'A' + 10;
  return value < base ? value : -1;
}

/// Up to `most` digits of `base` at the start of `text`, as an octet.
char take_number(std::string_view& text, int base, std::size_t most) {
  int value = 0;
  for (std::size_t i = 0; i < most && !text.empty() && digit_value(text.front(), base) >= 0; ++i) {
    value = value * base + digit_value(text.front(), base);
    text.remove_prefix(1);
  }
  return static_cast<char>(value);
}

/// `text` begins after the backslash; takes what the escape consists of.
char take_escape(std::string_view& text) {
  const char c = text.front();
  if (digit_value(c, 8) >= 0) return take_number(text, 8, 3);
  text.remove_prefix(1);
  switch (c) {
    case 'a': return '\a';
    case 'b': return '\b';
    case 'E': return '\x1b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    case 'x': return !text.empty() && digit_value(text.front(), 16) >= 0 ? take_number(text, 16, 2) : 'x';
    case 'c': {
      if (text.empty()) return 'c';
      const char control = static_cast<char>(text.front() & 0x1f);
      text.remove_prefix(1);
      return control;
    }
    default: return c;
  }
}

std::string unescaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    out += c == '\\' && !text.empty() ? take_escape(text) : c;
  }
  return out;
}

/// What stands in quotes and beside them up to a blank: "a b"c and "a "b" c" are one command.  Absent when a quote is
/// not closed.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string command;
  while (!text.empty() && !is_script_blank(text.front())) {
    if (kQuotes.find(text.front()) == std::string_view::npos) {
      const std::size_t size = std::min(text.find_first_of(" \t\r\n\v\f\"'"), text.size());
      command += text.substr(0, size);
      text.remove_prefix(size);
      continue;
    }
    std::size_t end = 1;
    while (end < text.size() && text[end] != text.front())
      end += text[end] == '\\' ? 2U : 1U;
    if (end >= text.size()) return std::nullopt;
    command += unescaped(text.substr(1, end - 1));
    text.remove_prefix(end + 1);
  }
  return command;
}

/// Splits a command line; absent when a quote is not closed.
std::optional<std::vector<std::string>> split_command(std::string_view text) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  while (!text.empty()) {
    char c = text.front();
    text.remove_prefix(1);
    if (quote == 0 && is_script_blank(c)) {
      in_word = false;
      continue;
    }
    if (!std::exchange(in_word, true)) words.emplace_back();
    if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else {
      if (c == '\\' && !text.empty()) c = take_escape(text);
      words.back() += c;
    }
  }
  if (quote != 0) return std::nullopt;
  return words;
}

ScriptLine faulty(std::string_view fault) {
  return {{}, {}, {}, {}, fault};
}

/// A user or group: one word, or one in double quotes; false when it holds what no name has.
bool take_name(std::string_view& text, std::string& name) {
  std::string_view word = take_script_word(text);
  if (word.size() > 1 && word.front() == '"' && word.back() == '"') word = word.substr(1, word.size() - 2);
  name = word;
  constexpr std::string_view kForeign = "\"'\\#!{}$";
  return std::ranges::none_of(word, [&](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || kForeign.find(c) != std::string_view::npos;
  });
}

}  // namespace

ScriptLine parse_script_line(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  if (text.empty()) return faulty("there is no command");
  ScriptLine line;
  if (kQuotes.find(text.front()) != std::string_view::npos) {
    const auto command = take_quoted(text);
    if (!command) return faulty("the quote is not closed");
    auto words = split_command(*command);
    if (!words) return faulty("a quote inside the command is not closed");
    line.arguments = std::move(*words);
  } else {
    line.arguments = {unescaped(take_script_word(text))};
  }
  if (!take_name(text, line.user) || !take_name(text, line.group)) return faulty("the user or group is no name");
  line.surplus = take_script_word(text);
  if (line.arguments.empty() || line.arguments.front().empty()) return faulty("the command is empty");
  const auto has_nul = [](const std::string& word) { return word.find('\0') != std::string::npos; };
  if (std::ranges::any_of(line.arguments, has_nul)) return faulty("a command cannot hold a NUL octet");
  return line;
}

}  // namespace baton::config
