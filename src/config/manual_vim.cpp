// The keywords as vim wants them.
#include <algorithm>
#include <set>

#include "config/builder.hpp"
#include "config/keywords.hpp"
#include "config/manual.hpp"

namespace baton::config {
namespace {

/// Whether vim can match it as a keyword: letters, digits, _ and -, and not a number.
bool is_plain(std::string_view word) {
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return std::ranges::all_of(word, is_part) && std::ranges::any_of(word, is_letter);
}

/// `syntax keyword GROUP` lines of at most 120 columns.
std::string lines(std::string_view group, const std::set<std::string_view>& words) {
  constexpr std::size_t kColumns = 120;
  std::string out;
  std::string line;
  for (const std::string_view word : words) {
    if (!line.empty() && line.size() + 1 + word.size() > kColumns) out += std::exchange(line, "") + "\n";
    if (line.empty()) line = concat("syntax keyword ", group);
    line += concat(" ", word);
  }
  return out + line + (line.empty() ? "" : "\n");
}

constexpr std::string_view kBefore = R"vim(" Vim syntax file of Baton's (and keepalived's) configuration.
" Made from the keyword table by golden_docs; UPDATE_GOLDEN=1 writes it anew.
if exists("b:current_syntax")
  finish
endif
setlocal iskeyword=@,48-57,_,-
syntax case match

)vim";
constexpr std::string_view kAfter = R"vim(
syntax match batonNumber "\<-\?\d\+\(\.\d\+\)\?\>"
syntax match batonAddress "\<\d\{1,3}\(\.\d\{1,3}\)\{3}\(/\d\{1,2}\)\?\>"
syntax match batonAddress "\<\x\{1,4}\?\(:\x\{0,4}\)\{2,7}\(/\d\{1,3}\)\?\>"
syntax match batonPreProc "^\s*\(include[rmwba]\?\>\|\~\(SEQx\?\|LST\)(.*)\|\$\w\+=\|@^\?[^ \t]\+\)"
syntax match batonReference "\${[^}]*}\|\$\w\+\>"
syntax region batonString start=+"+ skip=+\\"+ end=+"+ oneline contains=batonReference
syntax match batonComment "\\\@<![#!].*$"
syntax region batonFold start="{" end="}" transparent fold

highlight default link batonBlock Structure
highlight default link batonKeyword Keyword
highlight default link batonValue Constant
highlight default link batonNumber Number
highlight default link batonAddress Identifier
highlight default link batonPreProc PreProc
highlight default link batonReference Identifier
highlight default link batonString String
highlight default link batonComment Comment

let b:current_syntax = "baton"
)vim";

}  // namespace

std::string vim_syntax() {
  std::set<std::string_view> blocks;
  std::set<std::string_view> keywords;
  std::set<std::string_view> values = {"on", "off", "true", "false", "yes", "no"};
  for (const Section& section : sections())
    for (const Keyword& keyword : section.rows) {
      if (section.in.contains(Block::preprocessor) || !is_plain(keyword.name)) continue;
      (keyword.argument.has_block() ? blocks : keywords).insert(keyword.name);
      if (keyword.argument.kind != Argument::Kind::word) continue;
      const std::vector<std::string_view> choices = keyword.argument.choices();
      for (const std::string_view choice : choices)
        if (choices.size() > 1 && is_plain(choice)) values.insert(choice);
    }
  for (const std::string_view block : blocks)
    keywords.erase(block);
  std::erase_if(values, [&](std::string_view word) { return blocks.contains(word) || keywords.contains(word); });
  return std::string(kBefore) + lines("batonBlock", blocks) + lines("batonKeyword", keywords) +
         lines("batonValue", values) + std::string(kAfter);
}

}  // namespace baton::config
