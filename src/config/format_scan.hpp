// format_scan.hpp - configuration text to pieces for the formatter: nothing is lost but blanks.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "config/blocks.hpp"
#include "config/diagnostics.hpp"
#include "config/lexer.hpp"

namespace baton::config {

struct Piece {
  enum class Kind : std::uint8_t { blank, comment, statement, open, close, verbatim };
  Kind kind = Kind::blank;
  bool is_first = true;      // of its line
  bool touches = false;      // a comment right behind a word, which shows that it may not be meant as one
  bool has_escapes = false;  // a statement in whose quoted words \" is no end
  bool is_other = false;     // verbatim: the line is there when the one before is not, and opens the same block
  std::int32_t braces = 0;   // verbatim: opened less closed
  std::uint32_t column = 0;  // where it began, tabs taken for as many blanks as they show
  std::string_view text;     // as written, without the blanks around it
};

/// One pass over one text, which outlives the pieces.
class FormatScanner {
 public:
  FormatScanner(std::string_view text, std::uint32_t file, Diagnostics& out) : text_(text), file_(file), out_(&out) {}

  std::vector<Piece> run();

 private:
  struct Frame {
    Block block;
    Place place;
  };
  void read_line();
  void read_verbatim(std::size_t first);
  void read_statements();
  std::size_t read_statement(std::size_t first, bool& touches);
  [[nodiscard]] std::optional<std::string_view> reference_to_lines(std::string_view line) const;
  void count_braces(Piece& piece, std::string_view condition, std::size_t first, std::size_t from);
  void open(std::size_t at);
  void close(std::size_t at);
  void finish();
  [[nodiscard]] Piece piece(Piece::Kind kind, std::size_t from, std::size_t to) const;
  [[nodiscard]] Place place(std::size_t from, std::size_t to) const;
  [[nodiscard]] Block block() const { return frames_.empty() ? Block::root : frames_.back().block; }
  void refuse(Place where, std::string text, std::string hint);

  std::string_view text_;
  std::uint32_t file_;
  Diagnostics* out_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::size_t line_end_ = 0;
  std::uint32_t line_ = 1;
  std::vector<Frame> frames_;
  std::vector<Piece> pieces_;
  std::unordered_set<std::string_view> definitions_of_lines_;  // their names
  bool after_lines_ = false;                                   // the last line that is no comment refers to one of them
  std::string_view opener_;     // the first word of the last statement, while a `{` may follow
  std::string_view condition_;  // of the line before, when that is one with @id
  std::int32_t condition_braces_ = 0;
};

/// Whether the blank, comment or brace at `at` is part of a word: of a `${NAME 1 2}` or behind a backslash.  Where it
/// ends, otherwise `at`.
std::size_t skip_in_word(std::string_view text, std::size_t at);
/// Behind the quoted word that begins at `at`; npos when it is not closed before `end`.
std::size_t skip_quoted(std::string_view text, std::size_t at, std::size_t end, bool has_escapes);

}  // namespace baton::config
