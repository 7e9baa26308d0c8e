// keyword.hpp - one row of the keyword table: where a keyword stands, what follows it, what it does.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "config/argument.hpp"
#include "config/blocks.hpp"
#include "config/lexer.hpp"

namespace baton::config {

class Builder;
struct Keyword;

/// One line of a block, or the option of an entry: words[0] is the keyword itself.
struct Line {
  const Keyword* keyword;
  Block block;  // in which it stands
  std::span<const Word> words;
  std::string_view raw;  // the words as written

  [[nodiscard]] const Word& first() const { return words[1]; }  // the value; only where the grammar has one
  [[nodiscard]] bool has_value() const { return words.size() > 1; }
};

/// Stores what the line says; false when it was rejected (and reported): a block that it opens is then skipped.
using Setter = bool (*)(Builder& builder, const Line& line);
using Close = void (*)(Builder& builder);

/// Which of several lines counts.  `state` keeps MASTER, whichever line says it.
enum class Repeat : std::uint8_t { last, first, master };

/// What makes a keyword one that Baton acts on.
struct Action {
  Setter set = nullptr;           // stores the value, or begins the object whose block opens
  Block opens = Block::none;      // the block that follows
  Close close = nullptr;          // ends the object: at the closing brace
  Setter entry = nullptr;         // a list: stores one line of it
  std::string_view since = {};    // the version of keepalived that has it, if later than 2.2.7
  std::string_view instead = {};  // an old spelling: the present one
  std::string_view without = {};  // not supported yet: what that means for whoever wrote it
  Repeat repeat = Repeat::last;
};

struct Keyword {
  std::string_view name;  // entries that are no words are in parentheses: "(address)"
  Argument argument;
  std::string_view default_value;  // as the manual prints it; empty: none
  std::string_view help;           // one line
  Action action = {};

  [[nodiscard]] constexpr bool is_supported() const { return action.set != nullptr || action.entry != nullptr; }
  [[nodiscard]] constexpr bool is_placeholder() const { return name.starts_with('('); }
};

/// Rows that stand in the same blocks.
struct Section {
  BlockSet in;
  std::span<const Keyword> rows;
};

}  // namespace baton::config
