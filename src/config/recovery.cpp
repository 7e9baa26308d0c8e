// What is done when a word does not fit where it stands: unknown and misplaced keywords, missing braces, directives.
#include <algorithm>
#include <cctype>
#include <utility>

#include "config/parser.hpp"
#include "config/suggest.hpp"

namespace baton::config {
namespace {

constexpr std::uint8_t kHalfRead = 6;  // keepalived's status for an include that fails

bool has_name(std::string_view word) {
  return word.size() > 1 && (std::isalnum(static_cast<unsigned char>(word[1])) != 0 || word[1] == '_');
}

}  // namespace

/// Takes the `{` that may stand on the next line.
bool Parser::block_follows(const Statement& statement) {
  if (statement.end == End::open || open_taken_) return true;
  if (statement.end != End::line) return false;
  Place brace;
  open_taken_ = lexer_.accept_open(brace);
  return open_taken_;
}

/// A keyword that this block does not have.  One that opens a block and fits an outer block shows that a `}` is
/// missing.
void Parser::unknown(const Statement& statement) {
  const Word& word = statement.words.front();
  if (block_follows(statement)) {
    for (std::size_t depth = frames_.size() - 1; depth-- > 0;) {
      const Keyword* keyword = find_keyword(frames_[depth].block, word.text);
      if (keyword == nullptr || !keyword->argument.has_block()) continue;
      return_to(depth, word);
      act_on(statement, *keyword);
      return;
    }
  }
  report_unknown(statement);
  if (statement.end == End::open || open_taken_) push(statement, nullptr, Block::none, true);
}

void Parser::report_unknown(const Statement& statement) {
  const Word& word = statement.words.front();
  if (!builder_.would_report(Severity::error, word.place)) {  // only counted
    builder_.error(word.place, "unknown keyword");
    return;
  }
  const Block block = top().block;
  if (blocks_of(word.text).empty())
    builder_.error(word.place, concat("unknown keyword ", quoted(word.text)), suggestion(block, statement.words));
  else
    builder_.error(
        word.place,
        concat(quoted(word.text), " does not belong ", block == Block::root ? "at " : "in ", described(block)),
        proper_place(block, word.text));
}

/// Closes the blocks inside frames_[depth], as if their `}` had been written before `word`.
void Parser::return_to(std::size_t depth, const Word& word) {
  while (frames_.size() > depth + 1) {
    report_unclosed(top(), quoted(word.text), word.place.position.line);
    pop();
    ++missing_closed_;
  }
}

void Parser::report_unclosed(const Frame& frame, std::string_view before, std::uint32_t line) {
  const std::string where = line == 0 ? std::string(before) : concat(before, " in line ", line);
  if (frame.suspect.position.line == 0) {
    builder_.error(frame.place, concat("this block is not closed before ", where, ": a '}' is missing"));
    return;
  }
  builder_.error(frame.suspect, concat("this block seems not to be closed: a '}' is missing before ", where),
                 concat("the '}' in line ", frame.suspect_end, " was taken for its end, and stands below line ",
                        frame.place.position.line));
}

/// A `}` without a block, or one further up that ended a block which this one stands below.
void Parser::report_surplus(const Place& brace) {
  const EarlyEnd early = std::exchange(early_end_, {});
  if (early.brace.position.line == 0 || early.indent != brace.position.column)
    builder_.error(brace, "one '}' too many: no block is open here", "what follows is read as the top level");
  else
    builder_.error(early.brace,
                   concat("one '}' too many: this one ends the block of line ", early.opened,
                          ", whose end seems to be in line ", brace.position.line),
                   "what stands between them is read as the top level");
}

Parser::Directive Parser::directive_of(const Statement& statement) {
  const Word& first = statement.words.front();
  if (!first.quoted) {
    if (first.text.starts_with("include") && find_keyword(Block::preprocessor, first.text) != nullptr)
      return Directive::include;
    if (first.text.starts_with('$') && has_name(first.text)) return Directive::definition;
    if (first.text.starts_with("@") && first.text.size() > 1) return Directive::condition;
    if (first.text.starts_with("~SEQ") || first.text.starts_with("~LST")) return Directive::sequence;
  }
  const auto has_reference = [](const Word& word) { return word.has_reference; };
  return std::ranges::any_of(statement.words, has_reference) ? Directive::reference : Directive::none;
}

/// Baton does not run on half a configuration: each of these refuses the start.  An include is reported by itself, of
/// the others the first of a kind.
void Parser::report_directive(const Statement& statement, Directive directive) {
  const Word& first = statement.words.front();
  Directives& seen = directives_.at(static_cast<std::size_t>(directive));
  const auto word = std::ranges::find_if(
      statement.words, [&](const Word& w) { return directive != Directive::reference || w.has_reference; });
  if (seen.count++ == 0) seen.place = word->place;
  if (directive != Directive::include) return;
  const std::string_view name = statement.words.size() > 1 ? statement.words[1].text : "";
  builder_.refuse(
      kHalfRead, Status::insecure, first.place,
      concat("'", first.text, "' is keepalived's; Baton does not support it yet: ", quoted(name), " is not read"),
      "Baton does not start on a part of a configuration: put the text of the file here");
}

void Parser::report_directives() {
  constexpr std::array<std::string_view, 6> kWhat = {"",
                                                     "",
                                                     "definitions ($NAME=text)",
                                                     "references (${NAME})",
                                                     "lines for one configuration id (@id)",
                                                     "repeated lines (~SEQ, ~LST)"};
  for (std::size_t i = 0; i < directives_.size(); ++i) {
    const Directives& seen = directives_.at(i);
    if (seen.count == 0 || kWhat.at(i).empty()) continue;
    std::string hint = "Baton does not start on a part of a configuration: write the text out";
    if (seen.count > 1) hint += concat("; there are ", seen.count, " such lines, this is the first");
    builder_.refuse(kHalfRead, Status::insecure, seen.place,
                    concat(kWhat.at(i), " are keepalived's; Baton does not support them yet: the line is not read"),
                    std::move(hint));
  }
}

}  // namespace baton::config
