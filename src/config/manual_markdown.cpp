// The reference and the table of states, in Markdown.
#include <algorithm>
#include <array>

#include "config/builder.hpp"
#include "config/keywords.hpp"
#include "config/manual.hpp"

namespace baton::config {
namespace {

constexpr std::string_view kMade =
    "<!-- Made from the keyword table of src/config by golden_docs; UPDATE_GOLDEN=1 writes it anew. -->\n\n";

/// Text in a cell of a table: what Markdown would take for markup is escaped.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '>' || c == '*' || c == '~' || c == '[' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

/// The same as code, where only the bar needs an escape.
std::string code(std::string_view text) {
  if (text.empty()) return "";
  std::string out = "`";
  for (const char c : text)
    out += c == '|' ? "\\|" : std::string(1, c);
  return out + "`";
}

/// The name that GitHub gives the anchor of a heading.
std::string anchor(std::string_view heading) {
  std::string out;
  for (const char c : heading) {
    if (c == ' ') out += '-';
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-') out += c;
  }
  return out;
}

/// "accepted, not active yet: the addresses are not set".
std::string state_text(State state, const Keyword& keyword) {
  const std::string_view why = state == State::active ? std::string_view{} : keyword.action.without;
  return cell(concat(name_of(state), why.empty() ? "" : ": ", why));
}

std::string rows_of(const Section& section) {
  std::string out = "| Keyword | Value | Default | Meaning | State |\n|---|---|---|---|---|\n";
  for (const Keyword& keyword : section.rows) {
    const Action& action = keyword.action;
    std::string meaning = cell(keyword.help);
    if (keyword.argument.may_repeat && !section.in.contains(Block::preprocessor)) meaning += "; may be repeated";
    if (!action.instead.empty()) meaning += "; old spelling of " + code(action.instead);
    if (!action.since.empty()) meaning += "; since keepalived " + cell(action.since);
    if (action.is_own) meaning += "; Baton's own, not keepalived's";
    out += concat("| ", code(keyword.name), " | ", code(keyword.argument.grammar()), " | ", cell(keyword.default_value),
                  " | ", meaning, " | ", state_text(state_of(section, keyword), keyword), " |\n");
  }
  return out + "\n";
}

std::string example_text(Block block) {
  const Example* example = example_of(block);
  if (example == nullptr) return "";
  const std::string where = example->in == Block::root ? "" : concat("Inside ", code(name_of(example->in)), ":\n\n");
  return concat(where, "```conf\n", example->text, "```\n\n");
}

/// The keywords that are described elsewhere, with links.
std::string shared_text(Block block) {
  std::string out;
  for (const Section& section : sections()) {
    const std::string heading = heading_of(section);
    if (!section.in.contains(block) || heading == title_of(block)) continue;
    std::string names;
    for (const Keyword& keyword : section.rows)
      names += (names.empty() ? "" : ", ") + code(keyword.name);
    out += concat("- ", names, ": [in several blocks](#", anchor(heading), ")\n");
  }
  return out.empty() ? out : "Also:\n\n" + out + "\n";
}

std::string states_of(Block block) {
  std::string out;
  for (const Keyword* keyword : keywords_in(block)) {
    const State state = state_of(block, *keyword);
    std::string_view why = state == State::active ? std::string_view{} : keyword->action.without;
    out += concat("| ", code(keyword->name), " | ", name_of(state), " | ", cell(why), " | ",
                  keyword->action.is_own ? "Baton's own" : cell(keyword->action.since), " |\n");
  }
  return out;
}

std::string counts() {
  constexpr std::array kStates = {State::active, State::pending, State::inert};
  std::array<std::size_t, kStates.size()> count{};
  for (const Block block : manual_order())
    for (const Keyword* keyword : keywords_in(block))
      ++count.at(static_cast<std::size_t>(state_of(block, *keyword)));
  std::string out = "| State | Keywords |\n|---|---|\n";
  for (const State state : kStates)
    out += concat("| ", name_of(state), " | ", count.at(static_cast<std::size_t>(state)), " |\n");
  return out + "\n";
}

}  // namespace

std::string manual_reference(std::string_view head) {
  std::string out = std::string(kMade) + std::string(head) + "\n";
  for (const Part& part : manual_parts()) {
    out += concat("## ", part.heading, "\n\n", example_text(part.block));
    for (const Section* section : part.sections)
      out += rows_of(*section);
    if (part.block != Block::none) out += shared_text(part.block);
  }
  out.pop_back();
  return out;
}

std::string manual_compatibility(std::string_view source) {
  const std::size_t at = source.find(kTableMarker);
  if (at == std::string_view::npos) return std::string(kMade) + std::string(source);
  std::string table = counts();
  for (const Block block : manual_order())
    if (!keywords_in(block).empty())
      table +=
          concat("### ", title_of(block), "\n\n| Keyword | State | Why, and what that means | Since keepalived |\n",
                 "|---|---|---|---|\n", states_of(block), "\n");
  return std::string(kMade) + std::string(source.substr(0, at)) + table +
         std::string(source.substr(at + kTableMarker.size()));
}

}  // namespace baton::config
