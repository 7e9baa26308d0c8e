#include "config/lexer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "config/written_line.hpp"

namespace baton::config {
namespace {

enum class Class : std::uint8_t { ordinary, blank, newline, open, close, quote, comment, backslash, dollar, nul };

constexpr std::array<Class, 256> make_classes() {
  std::array<Class, 256> classes{};
  for (const char c : {' ', '\t', '\r', '\v', '\f'})
    classes[static_cast<unsigned char>(c)] = Class::blank;
  classes['\n'] = Class::newline;
  classes['{'] = Class::open;
  classes['}'] = Class::close;
  classes['"'] = Class::quote;
  classes['#'] = Class::comment;
  classes['!'] = Class::comment;
  classes['\\'] = Class::backslash;
  classes['$'] = Class::dollar;
  classes[0] = Class::nul;
  return classes;
}
constexpr std::array<Class, 256> kClasses = make_classes();

Class class_of(char c) {
  return kClasses[static_cast<unsigned char>(c)];
}

/// From `at` to the first octet of another class, or the end: most of a file is gone through here.
std::size_t first_other(std::string_view text, std::size_t at, Class expected) {
  const auto* octet = text.begin() + at;
  while (octet != text.end() && class_of(*octet) == expected)
    ++octet;
  return static_cast<std::size_t>(octet - text.begin());
}

}  // namespace

Lexer::Lexer(std::string_view text, std::uint32_t file, HasEscapes has_escapes, Diagnostics& out)
    : text_(text), file_(file), has_escapes_(has_escapes), out_(&out) {
  if (!text_.starts_with(kByteOrderMark)) return;
  report(place(0, kByteOrderMark.size()), Severity::warning, Status::bad, "a byte order mark at the start of the file",
         "Baton passes over it; keepalived takes it for a part of the first word: save the file without it");
  at_ = kByteOrderMark.size();
}

Place Lexer::place(std::size_t from, std::size_t to) const {
  return {{file_, line_, static_cast<std::uint32_t>(from - line_start_ + 1)}, static_cast<std::uint32_t>(to - from)};
}

void Lexer::report(Place where, Severity severity, Status status, std::string text, std::string hint) {
  out_->add({where.position, severity, status, std::move(text), std::move(hint), where.length});
}

void Lexer::skip_blanks() {
  at_ = first_other(text_, at_, Class::blank);
}

/// At a newline: to the start of the next line.
void Lexer::end_line() {
  ++at_;
  ++line_;
  line_start_ = at_;
}

/// Over blanks, comments and empty lines, to a word, a brace or the end.
void Lexer::skip_to_statement() {
  for (;;) {
    skip_blanks();
    if (at_ >= text_.size()) return;
    const Class c = class_of(text_[at_]);
    if (c == Class::comment)
      at_ = std::min(text_.find('\n', at_), text_.size());
    else if (c == Class::newline)
      end_line();
    else
      return;
  }
}

bool Lexer::accept_open(Place& brace) {
  skip_to_statement();
  if (at_ >= text_.size() || text_[at_] != '{') return false;
  brace = place(at_, at_ + 1);
  ++at_;
  return true;
}

std::string_view Lexer::peek_word() {
  skip_to_statement();
  std::size_t end = at_;
  while (end < text_.size() && end - at_ < kMaxLineLength) {
    const Class c = class_of(text_[end]);
    if (c != Class::ordinary && c != Class::backslash && c != Class::dollar) break;
    ++end;
  }
  return text_.substr(at_, end - at_);
}

const Statement& Lexer::next(bool in_list) {
  in_list_ = in_list;
  statement_.words.clear();
  statement_.raw = {};
  statement_.broken = false;
  statement_.end = End::file;
  unclosed_quote_ = false;
  if (!owned_.empty()) owned_.clear();  // each line: the call alone would cost a hundredth of the reading
  skip_to_statement();
  const std::size_t start = at_;
  std::size_t end = at_;
  while (at_ < text_.size()) {
    const Class c = class_of(text_[at_]);
    if (c == Class::newline || c == Class::comment) {
      statement_.end = End::line;
      break;
    }
    if (c == Class::open || c == Class::close) {
      statement_.end = c == Class::open ? End::open : End::close;
      statement_.brace = place(at_, at_ + 1);
      ++at_;
      break;
    }
    if (c == Class::blank) {
      skip_blanks();
      continue;
    }
    if (c == Class::quote && !unclosed_quote_)
      read_quoted();
    else
      read_word();
    end = at_;
  }
  statement_.raw = text_.substr(start, end - start);
  return statement_;
}

/// A word that is not quoted, up to a blank, a brace, a quote, a comment or the end of the line.
void Lexer::read_word() {
  const std::size_t start = at_;
  bool has_escape = false;
  bool has_reference = false;
  for (;; ++at_) {
    at_ = first_other(text_, at_, Class::ordinary);
    if (at_ == text_.size()) break;
    const Class c = class_of(text_[at_]);
    if (c == Class::quote && unclosed_quote_) continue;
    if (c == Class::backslash) {
      if (at_ + 1 < text_.size() && class_of(text_[at_ + 1]) == Class::comment) {
        has_escape = true;
        ++at_;
      }
      continue;
    }
    if (c == Class::dollar) {
      has_reference = read_reference() || has_reference;
      continue;
    }
    if (c == Class::nul) {
      if (!statement_.broken)
        report(place(at_, at_ + 1), Severity::error, Status::bad, "a NUL octet: the line is dropped",
               "is this a text file?");
      statement_.broken = true;
      continue;
    }
    break;
  }
  const std::string_view written = text_.substr(start, at_ - start);
  finish(start, has_escape ? unescaped(written) : written, false, has_reference);
  if (at_ < text_.size() && class_of(text_[at_]) == Class::comment && statement_.words.size() > 1)
    report(place(at_, at_ + 1), Severity::warning, Status::ok,
           std::string("the comment starts inside this word: everything from '") + text_[at_] + "' on is ignored",
           std::string("if it belongs to the value, write the value in double quotes or \\") + text_[at_]);
}

/// At a `$`: takes `{NAME}` after it and leaves at_ on the last octet; braces of anything else stay braces.
bool Lexer::read_reference() {
  const std::size_t length = braced_reference(text_, at_);
  if (length == 0) return false;
  at_ += length - 1;
  return true;
}

void Lexer::read_quoted() {
  const std::size_t start = at_;
  const bool escapes = !in_list_ && !statement_.words.empty() && has_escapes_(statement_.words.front().text);
  for (++at_; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
    const Class c = class_of(text_[at_]);
    if (c == Class::quote) {
      ++at_;
      finish(start, text_.substr(start + 1, at_ - start - 2), true, false);
      return;
    }
    if (c == Class::backslash && escapes && at_ + 1 < text_.size() && text_[at_ + 1] != '\n')
      ++at_;
    else if (c == Class::nul && !std::exchange(statement_.broken, true))
      report(place(at_, at_ + 1), Severity::error, Status::bad, "a NUL octet: the line is dropped",
             "is this a text file?");
  }
  if (!statement_.broken)
    report(place(start, at_), Severity::error, Status::bad, "this double quote is not closed: the line is dropped",
           "a quoted word ends on its own line");
  statement_.broken = true;
  unclosed_quote_ = true;
  at_ = start + 1;  // the braces of the line still count
}

/// Takes the word from `start` to at_.  A line that is too long keeps its first words, so that its keyword is known.
void Lexer::finish(std::size_t start, std::string_view text, bool quoted, bool has_reference) {
  if (at_ - line_start_ > kMaxLineLength) {
    if (!statement_.broken && std::exchange(long_line_, line_) != line_)
      report(place(start, start + 1), Severity::error, Status::bad,
             "the line is longer than " + std::to_string(kMaxLineLength) + " octets: it is dropped",
             "keepalived's limit; a block may be spread over several lines");
    statement_.broken = true;
    if (!statement_.words.empty()) return;
  }
  statement_.words.push_back({text, place(start, at_), quoted, has_reference});
}

std::string_view Lexer::unescaped(std::string_view written) {
  std::string& text = owned_.emplace_back();
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i] == '\\' && i + 1 < written.size() && class_of(written[i + 1]) == Class::comment) ++i;
    text += written[i];
  }
  return text;
}

}  // namespace baton::config
