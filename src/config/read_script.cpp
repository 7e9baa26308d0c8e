// A command of a configuration, wherever one may stand: its words, its user and group, what it is for.
#include <algorithm>
#include <array>

#include "config/script_line.hpp"
#include "config/setters.hpp"

namespace baton::config {
namespace {

ScriptUse use_of(const Line& line) {
  if (line.block == Block::vrrp_script) return ScriptUse::track;
  if (line.block == Block::misc_check) return ScriptUse::check;
  if (line.block != Block::global_defs) return ScriptUse::notify;
  return line.keyword->name.ends_with("fifo_script") ? ScriptUse::pipe : ScriptUse::process;
}

/// What a shell would act on, and a program just gets.
bool is_shell_syntax(std::string_view word) {
  constexpr std::array<std::string_view, 13> kOperators = {"|", "||", "&", "&&", ";",    "<", "<<",
                                                           ">", ">>", "!", "[[", "2>&1", "&>"};
  if (std::ranges::find(kOperators, word) != kOperators.end()) return true;
  const bool redirects = (word.starts_with(">") && !word.starts_with(">=")) || word.starts_with("2>") ||
                         word.starts_with("1>") || word.starts_with("&>") || word.starts_with("</");
  const bool substitutes = word.find("$(") != std::string_view::npos || word.find('`') != std::string_view::npos;
  return redirects || substitutes || (word.size() > 1 && word.ends_with(';'));
}

/// Where the word stands in the line as written; the whole command when it cannot be found there.
Place place_in(const Line& line, std::string_view word) {
  Place place = line.first().place;
  const Place& start = line.words[0].place;
  constexpr std::string_view kBlanks = " \t";
  for (std::size_t at = line.raw.find(word, start.length); at != std::string_view::npos;
       at = line.raw.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = kBlanks.find(line.raw[at - 1]) != std::string_view::npos || line.raw[at - 1] == '"';
    const bool ends =
        end >= line.raw.size() || kBlanks.find(line.raw[end]) != std::string_view::npos || line.raw[end] == '"';
    if (!begins || !ends) continue;
    place.position.column = start.position.column + static_cast<std::uint32_t>(at);
    place.length = static_cast<std::uint32_t>(word.size());
    break;
  }
  return place;
}

/// Tells when a command holds what only a shell would understand.
void advise_shell_syntax(Builder& builder, const Line& line, const Script& script) {
  const auto found = std::ranges::find_if(script.arguments, is_shell_syntax);
  if (found == script.arguments.end()) return;
  builder.advise(
      place_in(line, *found),
      concat("no shell here: ", quoted(*found), " is passed to ", quoted(script.arguments.front()), " as an argument"),
      "write sh -c '...' around the command, or put it into a script");
}

}  // namespace

std::optional<ScriptIndex> read_script(Builder& builder, const Line& line) {
  const Word& keyword = line.words[0];
  ScriptLine script = parse_script_line(line.raw.substr(keyword.place.length));
  const Place place = line.first().place;
  if (!script.fault.empty()) {
    builder.error(place, concat(line.keyword->name, ": ", script.fault), "no script is run");
    return std::nullopt;
  }
  if (!script.surplus.empty())
    builder.advise(place, concat(line.keyword->name, ": ", quoted(script.surplus), " and what follows are ignored"),
                   "the two words after the command are its user and group; to pass arguments write the whole command "
                   "in double quotes");
  builder.config.scripts.push_back({std::move(script.arguments), std::move(script.user), std::move(script.group),
                                    place.position, use_of(line), false});
  advise_shell_syntax(builder, line, builder.config.scripts.back());
  return static_cast<ScriptIndex>(builder.config.scripts.size() - 1);
}

}  // namespace baton::config
