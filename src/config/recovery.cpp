// What is done when a word does not fit where it stands: unknown and misplaced keywords, missing braces.
#include <utility>

#include "config/parser.hpp"
#include "config/suggest.hpp"

namespace baton::config {

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
    report_unclosed(top(), concat(quoted(word.text), " in ", builder_.at(word.place)));
    pop();
    ++missing_closed_;
  }
}

void Parser::report_unclosed(const Frame& frame, std::string_view before) {
  if (frame.suspect.position.line == 0) {
    builder_.error(frame.place, concat("this block is not closed before ", before, ": a '}' is missing"));
    return;
  }
  builder_.error(frame.suspect, concat("this block seems not to be closed: a '}' is missing before ", before),
                 concat("the '}' in ", builder_.at(frame.suspect_end), " was taken for its end, and stands below ",
                        builder_.at(frame.place)));
}

/// A `}` without a block, or one further up that ended a block which this one stands below.
void Parser::report_surplus(const Place& brace) {
  const EarlyEnd early = std::exchange(early_end_, {});
  if (early.brace.position.line == 0 || early.indent != brace.position.column)
    builder_.error(brace, "one '}' too many: no block is open here", "what follows is read as the top level");
  else
    builder_.error(early.brace,
                   concat("one '}' too many: this one ends the block of ", builder_.at(early.opened),
                          ", whose end seems to be in ", builder_.at(brace)),
                   "what stands between them is read as the top level");
}

}  // namespace baton::config
