// The entry of the manual for one keyword, for a terminal.
#include "config/builder.hpp"
#include "config/keywords.hpp"
#include "config/manual.hpp"

namespace baton::config {
namespace {

constexpr std::size_t kExplainColumns = 96;

/// `text` broken at blanks, each line after `indent`.
std::string wrapped(std::string_view text, std::string_view indent) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (column > 0 && column + 1 + end > kExplainColumns - indent.size()) {
      out += "\n";
      column = 0;
    }
    out += (column == 0 ? indent : std::string_view(" "));
    out += text.substr(0, end);
    column += end + (column == 0 ? 0 : 1);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + "\n";
}

std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += concat(indent, text.substr(0, end), "\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

void add_fact(std::string& out, std::string_view label, std::string_view text) {
  if (!text.empty()) out += concat("    ", label, ": ", text, "\n");
}

std::string entry(Block block, const Keyword& keyword) {
  const std::string grammar = keyword.argument.grammar();
  std::string out = concat(keyword.name, grammar.empty() ? "" : " ", grammar, "    (", title_of(block), ")\n");
  out += wrapped(std::string(keyword.help) + ".", "    ");
  add_fact(out, "Default", keyword.default_value);
  add_fact(out, "Range", range_of(keyword));
  if (!keyword.action.since.empty()) add_fact(out, "Since", concat("keepalived ", keyword.action.since));
  if (keyword.action.is_own) add_fact(out, "Origin", "Baton's own, not keepalived's");
  if (!keyword.action.instead.empty()) add_fact(out, "Old spelling of", keyword.action.instead);
  const State state = state_of(block, keyword);
  const std::string_view why = state == State::active ? std::string_view{} : keyword.action.without;
  add_fact(out, "State", concat(name_of(state), why.empty() ? "" : ": ", why));
  const Block opens = keyword.action.opens;
  if (opens == Block::none) return out;
  std::string inside;
  for (const Keyword* row : keywords_in(opens))
    inside += concat(inside.empty() ? "Inside: " : ", ", row->name);
  out += wrapped(inside, "    ");
  if (const Example* example = example_of(opens)) out += "    Example:\n" + indented(example->text, "        ");
  return out;
}

}  // namespace

std::optional<std::string> explain(std::string_view keyword) {
  std::string out;
  for (const Block block : manual_order())
    for (const Keyword* row : keywords_in(block))
      if (row->name == keyword) out += (out.empty() ? "" : "\n") + entry(block, *row);
  return out.empty() ? std::nullopt : std::optional(out);
}

}  // namespace baton::config
