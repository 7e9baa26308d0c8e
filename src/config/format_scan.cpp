#include "config/format_scan.hpp"

#include <algorithm>

#include "config/builder.hpp"
#include "config/keywords.hpp"
#include "config/written_line.hpp"

namespace baton::config {
namespace {

std::string_view statement_word(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && !is_blank(text[end]) && text[end] != '{' && text[end] != '}' && text[end] != '"' &&
         !is_comment(text[end]))
    ++end;
  return text.substr(0, end);
}

bool is_definition(std::string_view text) {
  if (text.size() < 3 || text[0] != '$' || !starts_name(text[1])) return false;
  std::size_t end = 1;
  while (end < text.size() && is_in_name(text[end]))
    ++end;
  return end < text.size() && text[end] == '=';
}

bool is_include(std::string_view text) {
  const std::string_view word = statement_word(text);
  return word.starts_with("include") && find_keyword(Block::preprocessor, word) != nullptr;
}

bool is_sequence(std::string_view text) {
  return text.starts_with("~SEQ") || text.starts_with("~LST");
}

bool is_condition(std::string_view text) {
  return text.size() > 1 && text[0] == '@' && !is_blank(text[1]);
}

bool is_directive(std::string_view text) {
  return is_condition(text) || is_definition(text) || is_include(text) || is_sequence(text);
}

std::size_t skip_blanks_before(std::string_view text, std::size_t at, std::size_t end) {
  return std::min(skip_blanks(text, at), end);
}

/// Behind the `~SEQ(...)` at `at`, and those that follow it.
std::size_t skip_sequences(std::string_view text, std::size_t at, std::size_t end) {
  while (at < end && is_sequence(text.substr(at))) {
    const std::size_t close = std::min(text.find(')', at), end);
    at = skip_blanks_before(text, std::min(close + 1, end), end);
  }
  return at;
}

/// Whether no configuration id fulfils both.
bool exclude(std::string_view one, std::string_view other) {
  const bool is_not = one.starts_with("@^");
  const bool is_not_other = other.starts_with("@^");
  const std::string_view id = one.substr(is_not ? 2 : 1);
  const std::string_view id_other = other.substr(is_not_other ? 2 : 1);
  return is_not == is_not_other ? !is_not && id != id_other : id == id_other;
}

}  // namespace

std::size_t skip_in_word(std::string_view text, std::size_t at) {
  if (text[at] == '\\' && at + 1 < text.size() && is_comment(text[at + 1])) return at + 2;
  return text[at] == '$' ? at + braced_reference(text, at) : at;
}

std::size_t skip_quoted(std::string_view text, std::size_t at, std::size_t end, bool has_escapes) {
  for (++at; at < end; ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\' && has_escapes) ++at;
  }
  return std::string_view::npos;
}

Place FormatScanner::place(std::size_t from, std::size_t to) const {
  return {{file_, line_, static_cast<std::uint32_t>(from - line_start_ + 1)}, static_cast<std::uint32_t>(to - from)};
}

void FormatScanner::refuse(Place where, std::string text, std::string hint) {
  out_->add({where.position, Severity::error, Status::bad, std::move(text), std::move(hint), where.length});
}

Piece FormatScanner::piece(Piece::Kind kind, std::size_t from, std::size_t to) const {
  Piece made;
  made.kind = kind;
  made.text = text_.substr(from, to - from);
  made.is_first = skip_blanks_before(text_, line_start_, from) == from;
  for (const char c : text_.substr(line_start_, std::min(from - line_start_, kMaxLineLength)))
    made.column += c == '\t' ? kTabColumns - made.column % kTabColumns : 1;
  return made;
}

std::vector<Piece> FormatScanner::run() {
  if (text_.starts_with(kByteOrderMark)) {
    refuse(place(0, kByteOrderMark.size()), "a byte order mark at the start of the file", "save the file without it");
    at_ = kByteOrderMark.size();
  }
  while (at_ < text_.size()) {
    line_start_ = at_;
    line_end_ = std::min(text_.find('\n', at_), text_.size());
    read_line();
    at_ = line_end_ + 1;
    ++line_;
  }
  finish();
  return std::move(pieces_);
}

void FormatScanner::read_line() {
  const std::size_t first = skip_blanks_before(text_, at_, line_end_);
  if (const std::size_t nul = text_.substr(line_start_, line_end_ - line_start_).find('\0');
      nul != std::string_view::npos)
    refuse(place(line_start_ + nul, line_start_ + nul + 1), "a NUL octet", "is this a text file?");
  if (first == line_end_) {
    pieces_.emplace_back();
  } else if (is_directive(text_.substr(first, line_end_ - first))) {
    read_verbatim(first);
    return;
  } else {
    const std::string_view line = trimmed(text_.substr(first, line_end_ - first));
    const auto found = reference_to_lines(line);
    // A brace would be moved to the end of the line before, beside the reference.
    const bool is_beside = found ? found->size() != line.size() : after_lines_ && line.starts_with('{');
    if (!is_comment(line.front())) after_lines_ = found.has_value();
    if (is_beside)
      refuse(place(first, first + line.size()), "a definition of several lines beside other words",
             "write its reference on a line of its own");
    at_ = first;
    read_statements();
  }
  if (first != line_end_ && !is_comment(text_[first])) condition_ = {};
}

/// The first reference in `line` to a definition that stands for several lines.
std::optional<std::string_view> FormatScanner::reference_to_lines(std::string_view line) const {
  if (definitions_of_lines_.empty()) return std::nullopt;
  for (std::size_t at = line.find('$'); at != std::string_view::npos; at = line.find('$', at + 1)) {
    const std::size_t braced = braced_reference(line, at);
    const std::size_t begin = at + (braced == 0 ? 1 : 2);
    std::size_t end = begin;
    while (end < line.size() && is_in_name(line[end]))
      ++end;
    if (definitions_of_lines_.contains(line.substr(begin, end - begin)))
      return line.substr(at, braced == 0 ? end - at : braced);
  }
  return std::nullopt;
}

/// A line of the preprocessor: its braces count, except those of a definition and of an include.
void FormatScanner::read_verbatim(std::size_t first) {
  std::size_t from = first;
  std::string_view condition;
  while (from < line_end_ && is_condition(text_.substr(from, line_end_ - from))) {
    condition = statement_word(text_.substr(from, line_end_ - from));
    from = skip_blanks_before(text_, from + condition.size(), line_end_);
  }
  const std::string_view rest = text_.substr(from, line_end_ - from);
  Piece line = piece(Piece::Kind::verbatim, first, line_end_);
  if (is_definition(rest)) {
    const std::size_t first_end = line_end_;
    // A last line that ends so is continued by nothing.
    while (line_end_ + 1 < text_.size() && is_continued(text_.substr(line_start_, line_end_ - line_start_))) {
      line_start_ = line_end_ + 1;
      line_end_ = std::min(text_.find('\n', line_start_), text_.size());
      ++line_;
    }
    const std::string_view name = rest.substr(1, rest.find('=') - 1);
    if (line_end_ != first_end || reference_to_lines(rest.substr(name.size() + 1))) definitions_of_lines_.insert(name);
    condition_ = {};
  } else if (is_include(rest)) {
    condition_ = {};
  } else {
    count_braces(line, condition, first, skip_sequences(text_, from, line_end_));
  }
  std::size_t end = line_end_;
  while (end > first && is_blank(text_[end - 1]))
    --end;
  line.text = text_.substr(first, end - first);
  opener_ = {};
  pieces_.push_back(line);
}

void FormatScanner::count_braces(Piece& piece, std::string_view condition, std::size_t first, std::size_t from) {
  const std::string_view word = statement_word(text_.substr(from, line_end_ - from));
  const Keyword* keyword = find_keyword(block(), word);
  const bool has_escapes = !is_list(block()) && takes_script(word);
  std::vector<std::size_t> opened;
  std::size_t closed = 0;
  for (std::size_t at = from; at < line_end_; ++at) {
    if (is_comment(text_[at])) break;
    if (text_[at] == '"') {
      const std::size_t behind = skip_quoted(text_, at, line_end_, has_escapes);
      if (behind == std::string_view::npos) {
        refuse(place(at, line_end_), "this double quote is not closed", "a quoted word ends on its own line");
        return;
      }
      at = behind - 1;
    } else if (const std::size_t behind = skip_in_word(text_, at); behind != at) {
      at = behind - 1;
    } else if (text_[at] == '{') {
      opened.push_back(at);
    } else if (text_[at] == '}') {
      opened.empty() ? void(++closed) : opened.pop_back();
    }
  }
  piece.braces = static_cast<std::int32_t>(opened.size()) - static_cast<std::int32_t>(closed);
  const bool is_other = !condition.empty() && !condition_.empty() && exclude(condition, condition_) &&
                        piece.braces == condition_braces_ && piece.braces != 0;
  condition_ = condition;
  condition_braces_ = piece.braces;
  if (is_other) {
    piece.is_other = piece.braces > 0;
    piece.braces = 0;
    return;
  }
  for (; closed > 0; --closed)
    close(first);
  for (const std::size_t at : opened)
    frames_.push_back({keyword == nullptr ? Block::none : keyword->action.opens, place(at, at + 1)});
}

void FormatScanner::open(std::size_t at) {
  const Keyword* keyword = opener_.empty() ? nullptr : find_keyword(block(), opener_);
  frames_.push_back({keyword == nullptr ? Block::none : keyword->action.opens, place(at, at + 1)});
  opener_ = {};
}

void FormatScanner::close(std::size_t at) {
  opener_ = {};
  if (frames_.empty())
    refuse(place(at, at + 1), "a '}' too many", "no block is open here; braces inside definitions are not counted");
  else
    frames_.pop_back();
}

/// The statements, braces and comment of one line.
void FormatScanner::read_statements() {
  bool touches = false;  // a word ends where we are
  bool has_statement = false;
  while ((at_ = skip_blanks_before(text_, at_, line_end_)) < line_end_) {
    const std::size_t from = at_;
    if (is_comment(text_[at_])) {
      std::size_t end = line_end_;
      while (is_blank(text_[end - 1]))
        --end;
      Piece comment = piece(Piece::Kind::comment, from, end);
      comment.touches = touches && from > line_start_ && !is_blank(text_[from - 1]);
      pieces_.push_back(comment);
      break;
    }
    has_statement = true;
    touches = false;
    if (text_[at_] == '{' || text_[at_] == '}') {
      const bool is_open = text_[at_] == '{';
      pieces_.push_back(piece(is_open ? Piece::Kind::open : Piece::Kind::close, from, from + 1));
      is_open ? open(from) : close(from);
      ++at_;
      continue;
    }
    if (from != skip_blanks_before(text_, line_start_, line_end_) && is_directive(text_.substr(from, line_end_ - from)))
      refuse(place(from, from + 1), "on a line of its own this would be a line of the preprocessor",
             "put it into double quotes, or on a line of its own if it is meant as one");
    const std::size_t end = read_statement(from, touches);
    if (end == std::string_view::npos) return;
    Piece statement = piece(Piece::Kind::statement, from, end);
    statement.has_escapes = !is_list(block()) && takes_script(opener_);
    pieces_.push_back(statement);
  }
  if (has_statement && at_ - line_start_ > kMaxLineLength)
    refuse(place(line_start_, line_start_ + 1), concat("the line is longer than ", kMaxLineLength, " octets"),
           "what stands behind them is not read; spread it over several lines");
}

/// Behind the last word of the statement; npos when a quote is not closed, which is reported.
std::size_t FormatScanner::read_statement(std::size_t first, bool& touches) {
  opener_ = text_[first] == '"' ? std::string_view{} : statement_word(text_.substr(first, line_end_ - first));
  const bool has_escapes = !is_list(block()) && takes_script(opener_);
  std::size_t end = first;
  while (at_ < line_end_) {
    const char c = text_[at_];
    if (c == '{' || c == '}' || is_comment(c)) break;
    if (is_blank(c)) {
      ++at_;
      continue;
    }
    if (c == '"') {
      const std::size_t behind = skip_quoted(text_, at_, line_end_, has_escapes);
      if (behind == std::string_view::npos) {
        refuse(place(at_, line_end_), "this double quote is not closed", "a quoted word ends on its own line");
        return behind;
      }
      at_ = behind;
    } else {
      const std::size_t behind = skip_in_word(text_, at_);
      at_ = behind == at_ ? at_ + 1 : behind;
    }
    end = at_;
  }
  touches = end == at_;
  return end;
}

void FormatScanner::finish() {
  for (const Frame& frame : frames_)
    refuse(frame.place, "this block is not closed: a '}' is missing", "braces inside definitions are not counted");
}

}  // namespace baton::config
