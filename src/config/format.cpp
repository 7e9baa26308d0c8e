#include "config/format.hpp"

#include <algorithm>
#include <utility>

#include "config/builder.hpp"
#include "config/format_scan.hpp"
#include "config/parse.hpp"
#include "config/written_line.hpp"

namespace baton::config {
namespace {

/// The words of a statement with one blank between them.
std::string single_spaced(const Piece& statement) {
  const std::string_view text = statement.text;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (is_blank(text[at])) {
      while (at < text.size() && is_blank(text[at]))
        ++at;
      out += ' ';
      continue;
    }
    std::size_t end = at + 1;
    if (text[at] == '"')
      end = skip_quoted(text, at, text.size(), statement.has_escapes);
    else
      end = std::max(end, skip_in_word(text, at));
    out += text.substr(at, end - at);
    at = end;
  }
  return out;
}

/// Pieces to lines.  The last line is kept open until it is known that no comment and no brace belongs to it.
class Writer {
 public:
  explicit Writer(const std::vector<Piece>& pieces) : pieces_(pieces) {}

  std::string run() {
    for (std::size_t i = 0; i < pieces_.size(); ++i)
      write(i);
    flush();
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kIndent = 4;

  void write(std::size_t i) {
    const Piece& piece = pieces_[i];
    switch (piece.kind) {
      case Piece::Kind::blank:
        flush();
        is_blank_due_ = !out_.empty() && !after_open_;
        break;
      case Piece::Kind::comment: write_comment(piece); break;
      case Piece::Kind::statement:
        begin(single_spaced(piece), piece);
        if (brace_follows(i)) {
          code_ += " {";
          ++depth_;
          is_brace_taken_ = true;
          opens_ = true;
        }
        break;
      case Piece::Kind::open:
        if (std::exchange(is_brace_taken_, false)) break;
        begin("{", piece);
        ++depth_;
        opens_ = true;
        break;
      case Piece::Kind::close:
        flush();
        is_blank_due_ = false;
        depth_ -= depth_ > 0 ? 1 : 0;
        begin("}", piece);
        break;
      case Piece::Kind::verbatim: write_verbatim(piece); break;
    }
  }

  /// Whether a `{` comes next, comments and blank lines left aside.  Not behind a comment that touches the last word,
  /// which would lose what it touches.
  [[nodiscard]] bool brace_follows(std::size_t i) const {
    for (++i; i < pieces_.size() && !pieces_[i].touches; ++i)
      if (pieces_[i].kind != Piece::Kind::comment && pieces_[i].kind != Piece::Kind::blank)
        return pieces_[i].kind == Piece::Kind::open;
    return false;
  }

  void write_comment(const Piece& piece) {
    if (piece.is_first || !is_open_ || !comment_.empty()) {
      begin(std::string(piece.text), piece);
      flush();
      return;
    }
    const std::size_t column = piece.column > column_ ? piece.column - column_ : 0;
    gap_ = piece.touches ? 0 : column > code_.size() ? column - code_.size() : 1;
    comment_ = piece.text;
  }

  void write_verbatim(const Piece& piece) {
    const auto depth = static_cast<std::int64_t>(depth_);
    flush();
    if (piece.braces < 0) depth_ = static_cast<std::size_t>(std::max<std::int64_t>(depth + piece.braces, 0));
    if (piece.is_other && depth_ > 0) --depth_;
    begin(std::string(piece.text), piece);
    opens_ = piece.braces > 0 || piece.is_other;
    flush();
    if (piece.is_other) depth_ = static_cast<std::size_t>(depth);
    if (piece.braces > 0) depth_ += static_cast<std::size_t>(piece.braces);
  }

  void begin(std::string code, const Piece& piece) {
    flush();
    if (std::exchange(is_blank_due_, false)) out_ += "\n";
    code_ = std::move(code);
    line_depth_ = depth_;
    column_ = piece.column;
    is_open_ = true;
  }

  void flush() {
    if (!std::exchange(is_open_, false)) return;
    // Blanks count for the longest line that is read.
    const std::size_t room = code_.size() < kMaxLineLength ? kMaxLineLength - code_.size() : 0;
    out_.append(std::min(line_depth_ * kIndent, room), ' ');
    out_ += code_;
    if (!comment_.empty()) out_.append(gap_, ' ').append(comment_);
    out_ += "\n";
    after_open_ = std::exchange(opens_, false);
    comment_ = {};
  }

  const std::vector<Piece>& pieces_;
  std::string out_;
  std::string code_;
  std::string_view comment_;
  std::size_t gap_ = 0;
  std::size_t depth_ = 0;
  std::size_t line_depth_ = 0;
  std::uint32_t column_ = 0;  // where the first piece of the line began
  bool is_open_ = false;      // the line in code_
  bool opens_ = false;        // it opens a block
  bool is_brace_taken_ = false;
  bool is_blank_due_ = false;
  bool after_open_ = false;
};

}  // namespace

Formatted format(std::string_view text, std::string file_name) {
  Formatted result;
  if (text.size() > kMaxTextSize) {
    result.diagnostics = unreadable(std::move(file_name), "the file is too large").diagnostics;
    return result;
  }
  const std::uint32_t file = result.diagnostics.add_file(std::move(file_name), text);
  const std::vector<Piece> pieces = FormatScanner(text, file, result.diagnostics).run();
  if (!result.diagnostics.has_errors()) result.text = Writer(pieces).run();
  return result;
}

}  // namespace baton::config
