#include "config/parser.hpp"

#include <algorithm>
#include <utility>

#include "core/ip_address.hpp"

namespace baton::config {
namespace {

/// Whether something of the line is not known, which has been reported.
bool has_reference(const Statement& statement) {
  return std::ranges::any_of(statement.words, &Word::has_reference);
}

}  // namespace

Parser::Parser(std::string_view text, std::uint32_t file, Builder& builder, Diagnostics& out)
    : builder_(builder), lexer_(text, file, takes_script, out) {
  frames_.emplace_back();
}

void Parser::run() {
  for (;;) {
    const Statement& statement = lexer_.next(is_list(top().block));
    if (statement.words.empty() && statement.end == End::file) break;
    open_taken_ = false;
    handle(statement);
    last_line_ = statement.words.empty() ? statement.brace.position.line : statement.words.front().place.position.line;
  }
  finish();
}

void Parser::handle(const Statement& statement) {
  if (top().is_skipped && skip(statement)) return;
  if (!statement.words.empty()) {
    act(statement);
  } else if (statement.end == End::open) {
    builder_.error(statement.brace, "a block without a keyword: it is skipped");
    push(statement, nullptr, Block::none, true);
  }
  if (statement.end == End::close) close(statement.brace);
}

/// Inside a block that is skipped only braces count, and a keyword that ends every block: false, it is not skipped.
bool Parser::skip(const Statement& statement) {
  if (!statement.words.empty() && is_root_only_block(statement.words.front().text) && block_follows(statement)) {
    return_to(0, statement.words.front());
    return false;
  }
  if (statement.end == End::open || open_taken_) ++top().nested;
  if (statement.end == End::close) close(statement.brace);
  return true;
}

void Parser::act(const Statement& statement) {
  if (has_reference(statement)) {
    block_follows(statement);
  } else if (is_list(top().block)) {
    add_entry(statement);
    return;
  } else {
    const Keyword* keyword = find_keyword(top().block, statement.words.front().text);
    if (keyword != nullptr && !statement.broken && !keyword->is_placeholder()) {
      act_on(statement, *keyword);
      return;
    }
    if (!statement.broken) {
      unknown(statement);
      return;
    }
    if (keyword != nullptr && keyword->argument.has_block()) block_follows(statement);
  }
  if (statement.end == End::open || open_taken_) push(statement, nullptr, Block::none, true);
}

/// A line of a list.  The keyword of an outer block shows that the list's `}` is missing.
void Parser::add_entry(const Statement& statement) {
  const Word& first = statement.words.front();
  const std::size_t outer = frames_.size() - 2;
  const bool is_option = statement.words.size() > 2 && find_keyword(top().block, first.text) != nullptr;
  const bool is_value =
      is_option || first.quoted || first.text.find('@') != std::string_view::npos || IpAddress::parse(first.text);
  if (!is_value && find_keyword(frames_[outer].block, first.text) != nullptr) {
    return_to(outer, first);
    act(statement);
    return;
  }
  if (!is_value && is_root_only_block(first.text)) {
    return_to(0, first);
    act(statement);
    return;
  }
  if (!statement.broken) top().opener->action.entry(builder_, line_of(statement, *top().opener));
  if (statement.end != End::open) return;
  builder_.error(statement.brace, concat("an entry of ", top().opener->name, " has no block: it is skipped"));
  push(statement, nullptr, Block::none, true);
}

void Parser::act_on(const Statement& statement, const Keyword& keyword) {
  const bool is_complete = has_words(statement, keyword);
  if (is_complete && !keyword.is_active() && !is_in_inactive_block())
    builder_.not_active(keyword, statement.words.front().place);
  if (!is_complete || !keyword.is_read()) {
    const bool has_block = keyword.argument.has_block() ? block_follows(statement) : statement.end == End::open;
    if (has_block) push(statement, &keyword, keyword.action.opens, true);
    return;
  }
  const bool is_left_out = is_repeated(statement, keyword) && keyword.action.repeat == Repeat::first;
  if (!keyword.action.instead.empty())
    builder_.report(Severity::warning, keyword.action.is_quiet ? Status::ok : Status::bad,
                    statement.words.front().place, concat("'", keyword.name, "' is an old spelling"),
                    concat("write '", keyword.action.instead, "'"));
  if (keyword.argument.has_block())
    open_block(statement, keyword);
  else if (!is_left_out)
    set_value(statement, keyword);
  if (keyword.argument.has_block() || statement.end != End::open) return;
  builder_.error(statement.brace, concat("'", keyword.name, "' has no block: it is skipped"));
  push(statement, nullptr, Block::none, true);
}

/// What a block holds that Baton does not act on is told with the block.
bool Parser::is_in_inactive_block() const {
  return std::ranges::any_of(frames_,
                             [](const Frame& frame) { return frame.opener != nullptr && !frame.opener->is_active(); });
}

bool Parser::has_words(const Statement& statement, const Keyword& keyword) {
  if (statement.words.size() > keyword.argument.fewest()) return true;
  const Word& word = statement.words.front();
  const std::string grammar = keyword.argument.grammar();
  builder_.report(Severity::error, keyword.argument.is_lenient ? Status::bad : Status::missing_argument, word.place,
                  concat("'", keyword.name, "' lacks its value: the ",
                         keyword.argument.has_block() ? "block is skipped" : "line is ignored"),
                  concat(keyword.name, " ", grammar));
  return false;
}

/// Reports a keyword that stands in this block for the second time.
bool Parser::is_repeated(const Statement& statement, const Keyword& keyword) {
  if (keyword.argument.may_repeat) return false;
  const Place& place = statement.words.front().place;
  const auto begin = seen_.begin() + static_cast<std::ptrdiff_t>(top().seen_from);
  const auto before = std::find_if(begin, seen_.end(), [&](const Seen& seen) { return seen.keyword == &keyword; });
  if (before == seen_.end()) {
    seen_.push_back({&keyword, place});
    return false;
  }
  const Repeat repeat = keyword.action.repeat;
  const std::string_view counts = repeat == Repeat::first  ? "the first one counts"
                                  : repeat == Repeat::last ? "this one counts"
                                                           : "MASTER counts";
  builder_.report(Severity::warning, repeat == Repeat::first ? Status::bad : Status::ok, place,
                  concat("'", keyword.name, "' is written twice: ", counts),
                  concat("the other one is in ", builder_.at(before->place)));
  if (repeat != Repeat::first) before->place = place;
  return true;
}

void Parser::set_value(const Statement& statement, const Keyword& keyword) {
  const std::size_t most = keyword.argument.most();
  keyword.action.set(builder_, line_of(statement, keyword));
  if (statement.words.size() - 1 <= most) return;
  const Word& surplus = statement.words[most + 1];
  builder_.advise(
      surplus.place,
      concat(quoted(surplus.text), " is ignored: '", keyword.name, "' takes ", most == 0 ? "no value" : "one value"),
      keyword.argument.kind == Argument::Kind::none && surplus.text == "off" ? "to switch it off leave the line out"
                                                                             : "");
}

void Parser::open_block(const Statement& statement, const Keyword& keyword) {
  const std::vector<Word>& words = statement.words;
  const bool is_open = block_follows(statement);
  if (!is_open) {
    const std::string_view next = lexer_.peek_word();
    const bool goes_on = !next.empty() && find_keyword(top().block, next) == nullptr && !is_root_only_block(next) &&
                         (is_list(keyword.action.opens) || find_keyword(keyword.action.opens, next) != nullptr);
    const std::string_view written = statement.raw.substr(words.front().place.length);
    const std::string example = is_list(keyword.action.opens) && words.size() > 1
                                    ? concat(keyword.name, " {", written, " }")
                                    : concat(keyword.name, " ", keyword.argument.grammar());
    builder_.error(words.back().place, concat("'", keyword.name, "' needs a block: a '{' is missing"),
                   goes_on ? "the lines that follow are taken for it" : "write " + example);
    if (!goes_on) return;
  } else if (words.size() - 1 > keyword.argument.most()) {
    const Status status = is_list(keyword.action.opens) ? Status::bad : Status::ok;
    builder_.report(Severity::warning, status, words[1].place,
                    concat("what stands between '", keyword.name, "' and its '{' is ignored"));
  }
  const bool is_accepted = keyword.action.set == nullptr || keyword.action.set(builder_, line_of(statement, keyword));
  push(statement, &keyword, keyword.action.opens, !is_accepted);
}

void Parser::push(const Statement& statement, const Keyword* opener, Block block, bool is_skipped) {
  const Place place = statement.words.empty() ? statement.brace : statement.words.front().place;
  const bool is_first = place.position.line != last_line_;
  if (frames_.size() == 1 && !is_skipped) early_end_ = {};
  frames_.push_back({block, opener, place, is_first ? place.position.column : 0, seen_.size(), 0, is_skipped, {}, {}});
}

void Parser::pop() {
  const Frame& frame = top();
  seen_.resize(frame.seen_from);
  const Close end = frame.is_skipped || frame.opener == nullptr ? nullptr : frame.opener->action.close;
  frames_.pop_back();
  if (end != nullptr) end(builder_);
}

void Parser::close(const Place& brace) {
  if (top().nested > 0) {
    --top().nested;
    return;
  }
  if (frames_.size() > 1) {
    suspect_indentation(brace);
    pop();
    return;
  }
  if (missing_closed_ > 0) {
    --missing_closed_;
    return;
  }
  report_surplus(brace);
}

/// A `}` below another block's beginning than the one that it ends: should a `}` be missing, it is probably the
/// latter's.
void Parser::suspect_indentation(const Place& brace) {
  const Frame& frame = top();
  const std::uint32_t column = brace.position.column;
  if (brace.position.line == last_line_ || frame.indent == 0 || frame.indent == column) return;
  if (frames_.size() == 2 && column > frame.indent) early_end_ = {brace, frame.place, frame.indent};
  const auto is_below = [&](const Frame& outer) { return outer.indent == column; };
  if (std::none_of(frames_.begin(), frames_.end() - 1, is_below)) return;
  Frame& outer = frames_[frames_.size() - 2];
  outer.suspect = frame.place;
  outer.suspect_end = brace;
}

void Parser::finish() {
  while (frames_.size() > 1) {
    report_unclosed(top(), "the end of the file");
    pop();
  }
}

}  // namespace baton::config
