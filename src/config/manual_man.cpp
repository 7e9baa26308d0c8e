// baton.conf(5): Markdown of the simple kind (headings, paragraphs, lists, fences, code, bold) and the table, as roff.
#include <algorithm>

#include "config/builder.hpp"
#include "config/keywords.hpp"
#include "config/manual.hpp"

namespace baton::config {
namespace {

/// Text with everything escaped that roff would take for a request or an escape.
std::string plain(std::string_view text) {
  std::string out;
  if (text.starts_with('.') || text.starts_with('\'')) out = "\\&";
  for (const char c : text) {
    switch (c) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '~': out += "\\(ti"; break;
      case '^': out += "\\(ha"; break;
      case '`': out += "\\(ga"; break;
      case '\'': out += "\\(aq"; break;
      case '"': out += "\\(dq"; break;
      default: out += c;
    }
  }
  return out;
}

/// Without the few letters beyond ASCII that the table has, which an old man would print as rubbish.
std::string ascii(std::string_view text) {
  struct Pair {
    std::string_view from;
    std::string_view to;
  };
  constexpr auto kPairs = std::to_array<Pair>({{"≤", "<="}, {"≥", ">="}, {"→", "->"}, {"×", "*"}, {"±", "+/-"}});
  std::string out(text);
  for (const Pair& pair : kPairs)
    for (std::size_t at = 0; (at = out.find(pair.from, at)) != std::string::npos; at += pair.to.size())
      out.replace(at, pair.from.size(), pair.to);
  return out;
}

std::string escaped(std::string_view written) {
  return plain(ascii(written));
}

/// A line of Markdown: `code` and **bold** are bold, [text](target) is its text.
std::string inline_text(std::string_view line) {
  std::string out;
  std::string run;
  bool is_bold = false;
  const auto flush = [&] {
    if (!run.empty()) out += is_bold ? "\\fB" + escaped(run) + "\\fR" : escaped(run);
    run.clear();
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::size_t link = line[i] == '[' ? line.find("](", i) : std::string_view::npos;
    if (line[i] == '`' || line.substr(i, 2) == "**") {
      flush();
      is_bold = !is_bold;
      if (line[i] == '*') ++i;
    } else if (link != std::string_view::npos && line.find(')', link) != std::string_view::npos && !is_bold) {
      run += line.substr(i + 1, link - i - 1);
      i = line.find(')', link);
    } else {
      run += line[i];
    }
  }
  flush();
  return out.starts_with('.') ? "\\&" + out : out;
}

std::string verbatim(std::string_view lines) {
  std::string out = ".sp\n.RS 4\n.nf\n";
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    out += escaped(lines.substr(0, end)) + "\n";
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return out + ".fi\n.RE\n";
}

std::string upper(std::string_view words) {
  std::string out(words);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

std::string from_markdown(std::string_view source) {
  std::string out;
  std::string title = "DESCRIPTION";
  bool begins = false;  // a paragraph
  while (!source.empty()) {
    const std::size_t end = std::min(source.find('\n'), source.size());
    const std::string_view line = source.substr(0, end);
    source.remove_prefix(std::min(end + 1, source.size()));
    if (line.starts_with("# ")) continue;
    if (line.starts_with("```")) {
      const std::size_t fence = std::min(source.find("```"), source.size());
      out += verbatim(source.substr(0, fence));
      source.remove_prefix(std::min(source.find('\n', fence), source.size() - 1) + 1);
      begins = true;
    } else if (line.starts_with("## ")) {
      title = upper(escaped(line.substr(3)));
      out += ".SH " + title + "\n";
      begins = false;
    } else if (line.empty()) {
      begins = !out.ends_with("\n.SH " + title + "\n");
    } else if (line.starts_with("- ")) {
      out += ".IP \\(bu 2\n" + inline_text(line.substr(2)) + "\n";
      begins = false;
    } else {
      const std::size_t first = std::min(line.find_first_not_of(' '), line.size());
      out += (begins ? ".PP\n" : "") + inline_text(line.substr(first)) + "\n";
      begins = false;
    }
  }
  return out;
}

std::string entry(const Section& section, const Keyword& keyword) {
  const Action& action = keyword.action;
  const std::string grammar = keyword.argument.grammar();
  std::string out =
      concat(".TP\n\\fB", escaped(keyword.name), "\\fR", grammar.empty() ? "" : " ", escaped(grammar), "\n");
  out += escaped(concat(keyword.help, ".")) + "\n";
  if (!keyword.default_value.empty()) out += escaped(concat("Default: ", keyword.default_value, ".")) + "\n";
  if (!action.since.empty()) out += escaped(concat("Since keepalived ", action.since, ".")) + "\n";
  if (action.is_own) out += escaped("Baton's own, not keepalived's.") + "\n";
  if (!action.instead.empty()) out += escaped(concat("Old spelling of ", action.instead, ".")) + "\n";
  const State state = state_of(section, keyword);
  if (state == State::active) return out;
  return out + escaped(concat("(", name_of(state), action.without.empty() ? "" : ": ", action.without, ")")) + "\n";
}

}  // namespace

std::string manual_page(std::string_view head) {
  std::string out =
      ".\\\" Made from the keyword table of src/config by golden_docs; UPDATE_GOLDEN=1 writes it anew.\n"
      ".TH BATON.CONF 5 2026-11-26 Baton \"Baton Manual\"\n"
      ".SH NAME\nbaton.conf \\- configuration of batond, in keepalived\\(aqs format\n"
      ".SH DESCRIPTION\n";
  out += from_markdown(head) + ".SH KEYWORDS\n";
  for (const Part& part : manual_parts()) {
    out += ".SS " + escaped(part.heading) + "\n";
    if (const Example* example = example_of(part.block)) out += verbatim(example->text).substr(4);
    for (const Section* section : part.sections)
      for (const Keyword& keyword : section->rows)
        out += entry(*section, keyword);
  }
  return out + ".SH SEE ALSO\n.BR batond (8),\n.BR batonctl (8),\n.BR keepalived.conf (5)\n";
}

}  // namespace baton::config
