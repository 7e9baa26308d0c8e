// lexer.hpp - configuration text to statements: the words of one line, and the brace that ends it, with their places.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostics.hpp"
#include "config/position.hpp"

namespace baton::config {

inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// A place and how much of the line to underline.
struct Place {
  Position position;
  std::uint32_t length = 1;  // octets
};

struct Word {
  std::string_view text;  // without its quotes; \# and \! are # and !
  Place place;            // as written, quotes included
  bool quoted = false;
  bool has_reference = false;  // holds ${NAME} that nothing stands for, which the preprocessor has reported
};

enum class End : std::uint8_t { line, open, close, file };

/// One line, or the part of it up to a brace: what stands after a brace is a further line.
struct Statement {
  std::vector<Word> words;
  End end = End::file;
  Place brace;           // of the `{` or `}` that ends it
  std::string_view raw;  // from the first word to the last as written, for script lines
  bool broken = false;   // an unclosed quote, a NUL, too long: reported; its words cannot be trusted
};

/// The longest line keepalived takes (it splits a longer one into two); comments do not count here.
inline constexpr std::size_t kMaxLineLength = 1023;

class Lexer {
 public:
  /// Whether \" does not end a quoted word in a line that begins with this keyword: script lines have escapes, others
  /// none.
  using HasEscapes = bool (*)(std::string_view keyword);

  /// `text` outlives the lexer.  Reports what is wrong with the characters into `out`.
  Lexer(std::string_view text, std::uint32_t file, HasEscapes has_escapes, Diagnostics& out);

  /// The next statement, valid until the next call; `end` is End::file and `words` empty when there is none.  Linear:
  /// no octet is looked at more than a constant number of times.
  /// In a list no word is a keyword, so that none has escapes.
  const Statement& next(bool in_list = false);

  /// Steps over blanks, comments and line ends; takes the `{` when it comes next.
  bool accept_open(Place& brace);

  /// The next word without taking it, as written; empty before a brace and at the end.
  [[nodiscard]] std::string_view peek_word();

 private:
  void skip_blanks();
  void skip_to_statement();
  void end_line();
  void read_word();
  void read_quoted();
  bool read_reference();
  void finish(std::size_t start, std::string_view text, bool quoted, bool has_reference);
  [[nodiscard]] std::string_view unescaped(std::string_view written);
  [[nodiscard]] Place place(std::size_t from, std::size_t to) const;
  void report(Place where, Severity severity, Status status, std::string text, std::string hint = {});

  std::string_view text_;
  std::uint32_t file_;
  HasEscapes has_escapes_;
  Diagnostics* out_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::size_t line_start_ = 0;
  std::uint32_t long_line_ = 0;  // the last one that was reported as too long
  Statement statement_;
  bool in_list_ = false;
  bool unclosed_quote_ = false;    // in this statement: the quotes that follow are ordinary
  std::deque<std::string> owned_;  // the words of this statement that are not written as they read
};

}  // namespace baton::config
