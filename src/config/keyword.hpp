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
class Printer;
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

/// Prints what the object that is being printed holds of the keyword: whole lines, none when there is nothing to say.
using Show = void (*)(Printer& printer, const Keyword& keyword);

/// What Baton does with a keyword that it reads: acts on it; stores it, and does not act on it yet; has no use for it.
enum class Standing : std::uint8_t { active, pending, inert };

/// Which of several lines counts.  `state` keeps MASTER, whichever line says it.
enum class Repeat : std::uint8_t { last, first, master };

/// What a keyword does; each keyword of the table has at least `set` or `entry`.
struct Action {
  Setter set = nullptr;           // stores the value, or begins the object whose block opens
  Block opens = Block::none;      // the block that follows
  Close close = nullptr;          // ends the object: at the closing brace
  Setter entry = nullptr;         // a list: stores one line of it
  Show show = nullptr;            // prints it
  std::string_view since = {};    // the version of keepalived that has it, if later than 2.2.7
  std::string_view instead = {};  // an old spelling: the present one
  std::string_view without = {};  // not active: what that means for whoever wrote it
  Repeat repeat = Repeat::last;
  Standing standing = Standing::active;
  bool is_own = false;    // Baton's own, not keepalived's
  bool is_quiet = false;  // an old spelling that keepalived passes over in silence
};

struct Keyword {
  std::string_view name;  // entries that are no words are in parentheses: "(address)"
  Argument argument;
  std::string_view default_value;  // as the manual prints it; empty: none
  std::string_view help;           // one line
  Action action = {};

  [[nodiscard]] constexpr bool is_read() const { return action.set != nullptr || action.entry != nullptr; }
  [[nodiscard]] constexpr bool is_active() const { return is_read() && action.standing == Standing::active; }
  [[nodiscard]] constexpr bool is_placeholder() const { return name.starts_with('('); }
};

/// Rows that stand in the same blocks.
struct Section {
  BlockSet in;
  std::span<const Keyword> rows;
};

}  // namespace baton::config
