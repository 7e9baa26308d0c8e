// parser.hpp - statements to objects: follows the blocks, finds each keyword in the table and lets its row act.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/builder.hpp"
#include "config/keywords.hpp"
#include "config/lexer.hpp"

namespace baton::config {

/// One pass over one text.  Nothing is recursive: known blocks nest five deep at most, unknown ones are counted.
class Parser {
 public:
  Parser(std::string_view text, std::uint32_t file, Builder& builder, Diagnostics& out);

  void run();

 private:
  struct Frame {
    Block block = Block::root;
    const Keyword* opener = nullptr;
    Place place;                // of the word that opened it
    std::uint32_t indent = 0;   // its column, when it is the first of its line
    std::size_t seen_from = 0;  // in seen_
    std::size_t nested = 0;     // blocks inside one that is skipped
    bool is_skipped = false;
    Place suspect;      // a block inside that looks as if it was never closed; line 0: none
    Place suspect_end;  // the `}` that was taken for its end
  };
  struct Seen {
    const Keyword* keyword;
    Place place;
  };

  void handle(const Statement& statement);
  bool skip(const Statement& statement);
  void act(const Statement& statement);
  void add_entry(const Statement& statement);
  void act_on(const Statement& statement, const Keyword& keyword);
  void set_value(const Statement& statement, const Keyword& keyword);
  void open_block(const Statement& statement, const Keyword& keyword);
  void unknown(const Statement& statement);
  void report_unknown(const Statement& statement);
  [[nodiscard]] bool is_in_inactive_block() const;
  bool has_words(const Statement& statement, const Keyword& keyword);
  bool is_repeated(const Statement& statement, const Keyword& keyword);

  bool block_follows(const Statement& statement);
  void push(const Statement& statement, const Keyword* opener, Block block, bool is_skipped);
  void pop();
  void close(const Place& brace);
  void suspect_indentation(const Place& brace);
  void report_surplus(const Place& brace);
  void report_unclosed(const Frame& frame, std::string_view before);
  void return_to(std::size_t depth, const Word& word);
  void finish();

  [[nodiscard]] Frame& top() { return frames_.back(); }
  [[nodiscard]] Line line_of(const Statement& statement, const Keyword& keyword) {
    return {&keyword, top().block, statement.words, statement.raw};
  }

  Builder& builder_;
  Lexer lexer_;
  std::vector<Frame> frames_;
  std::vector<Seen> seen_;          // the keywords of all open blocks, innermost last
  bool open_taken_ = false;         // the `{` of this statement stood on a line of its own and has been taken
  std::size_t missing_closed_ = 0;  // blocks closed for want of a `}`, which may follow yet
  std::uint32_t last_line_ = 0;     // the line of the statement before
  struct EarlyEnd {
    Place brace;               // line 0: none
    Place opened;              // the block that it ended
    std::uint32_t indent = 0;  // and its column
  };
  EarlyEnd early_end_;  // a `}` that ended a block of the top level and stands further right than that
};

}  // namespace baton::config
