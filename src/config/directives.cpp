// What each directive does: include, conditions, definitions, repetitions, and lines with references.
#include <algorithm>
#include <utility>

#include "config/builder.hpp"
#include "config/preprocessor.hpp"

namespace baton::config {
namespace {

std::string_view directive_word(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && !is_blank(text[end]) && !is_comment(text[end]))
    ++end;
  return text.substr(0, end);
}

/// The octets of "NAME=" after the `$`; 0 when it is no definition.
std::size_t definition_head(std::string_view text) {
  if (text.size() < 3 || text[0] != '$' || !starts_name(text[1])) return 0;
  std::size_t end = 1;
  while (end < text.size() && is_in_name(text[end]))
    ++end;
  return end < text.size() && text[end] == '=' ? end : 0;
}

bool has_errors(const Expansion& expansion) {
  return std::ranges::any_of(expansion.troubles, [](const Trouble& t) { return t.fault != Fault::no_braces; });
}

}  // namespace

Preprocessor::Directive Preprocessor::directive_of(std::string_view text) {
  text.remove_prefix(skip_blanks(text));
  if (text.empty()) return Directive::none;
  switch (text.front()) {
    case '@': return Directive::condition;
    case '$': return definition_head(text) > 0 ? Directive::definition : Directive::none;
    case '~': return text.starts_with("~SEQ") || text.starts_with("~LST") ? Directive::sequence : Directive::none;
    case 'i': return include_policy(directive_word(text)) ? Directive::include : Directive::none;
    default: return Directive::none;
  }
}

/// Where the next directive stands after a brace: what follows a brace is a line of its own.  The size when none does.
std::size_t Preprocessor::next_directive(std::string_view text) {
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') is_quoted = !is_quoted;
    if (is_quoted) continue;
    if (c == '\\' && i + 1 < text.size() && is_comment(text[i + 1]))
      ++i;
    else if (is_comment(c))
      break;
    else if (c == '$')
      i += std::max<std::size_t>(braced_reference(text, i), 1) - 1;
    else if ((c == '{' || c == '}') && directive_of(text.substr(i + 1)) != Directive::none)
      return skip_blanks(text, i + 1);
  }
  return text.size();
}

Expansion Preprocessor::expanded(WrittenLine line) {
  const Limits& limits = settings_.limits;
  const std::size_t left = limits.replacements - std::min(replacements_, limits.replacements);
  Expansion expansion = expand(std::move(line), definitions_, map_, std::min(limits.replacements_in_line, left));
  replacements_ += expansion.replacements;
  if (replacements_ > limits.replacements)
    stop({{0, lines_, 1}, 1}, concat("more than ", limits.replacements, " references are replaced"));
  return expansion;
}

void Preprocessor::put(Expansion expansion) {
  write(expansion.line);
  expansion.line.expanded = lines_;
  for (const Trouble& trouble : expansion.troubles)
    report(trouble, place_in(expansion.line, trouble.at, trouble.length));
  push_rest(expansion);
}

void Preprocessor::push_rest(Expansion& expansion) {
  for (const DefinitionPointer& definition : expansion.rest)
    use(definition, 1, expansion.line);
}

/// The lines of a definition from `first` on come next.
void Preprocessor::use(const DefinitionPointer& definition, std::size_t first, WrittenLine& line) {
  const auto is_same = [&](const Source& source) {
    const auto* other = std::get_if<Use>(&source);
    return other != nullptr && other->definition->name == definition->name;
  };
  if (std::ranges::any_of(sources_, is_same))
    report({Fault::recursive, 0, 1, definition->name}, place_in(line, skip_blanks(line.text), 1));
  else
    push(Use{definition, first, map_.add_use(line.context, line.from, definition->name)});
}

/// A line that is a reference to several lines and nothing else: each is then shown where it is written.
bool Preprocessor::use_whole(WrittenLine& line) {
  const std::string name = only_reference(line.text);
  const DefinitionPointer definition = name.empty() ? nullptr : definitions_.find(name);
  if (definition == nullptr || definition->lines.size() < 2) return false;
  const std::size_t begin = skip_blanks(line.text);
  place_in(line, begin, 1);
  use(definition, 0, line);
  return true;
}

void Preprocessor::report(const Trouble& trouble, const Place& place) {
  if (trouble.fault == Fault::no_braces) {
    add(Severity::warning, Status::ok, place, concat("'$", trouble.name, "' is not replaced, as no blank follows it"),
        concat("write ${", trouble.name, "}"));
    return;
  }
  if (!out_.would_keep(Severity::error, place.position)) {  // only counted
    add(Severity::error, Status::bad, place, "a reference that cannot be replaced", "");
    return;
  }
  const std::string name = quoted(trouble.name);
  std::string text;
  std::string hint;
  switch (trouble.fault) {
    case Fault::undefined: {
      const std::string near = definitions_.nearest_to(trouble.name);
      text = name + " is not defined: the line is ignored";
      hint = near.empty() ? concat("$", trouble.name, "=VALUE on a line above defines it")
                          : concat("did you mean '", near, "'?");
      break;
    }
    case Fault::not_a_name:
      text = name + " is no reference: the line is ignored";
      hint = "it is ${NAME}, the name of letters, digits and _; a shell's ${NAME:-default} is not known here";
      break;
    case Fault::recursive: text = name + " stands for itself: the line is ignored"; break;
    case Fault::several_lines:
      text = name + " stands for several lines: the line is ignored";
      hint = "nothing can follow it on the line";
      break;
    case Fault::too_long:
      text =
          concat("with the value of ", name, " the line gets longer than ", kMaxExpandedLine, " octets: it is ignored");
      break;
    case Fault::too_many:
      text = concat("more than ", settings_.limits.replacements_in_line, " references in one line: it is ignored");
      break;
    case Fault::bad_arguments:
      text = name + " does not take these arguments: the line is ignored";
      hint = "${_RANDOM [MIN [MAX]]}, ${_ENV VARIABLE}";
      break;
    case Fault::no_braces: return;
  }
  add(Severity::error, Status::bad, place, std::move(text), std::move(hint));
}

void Preprocessor::include(WrittenLine written) {
  Expansion expansion = expanded(std::move(written));
  WrittenLine& line = expansion.line;
  const std::size_t word = skip_blanks(line.text);
  const std::string_view keyword = directive_word(std::string_view(line.text).substr(word));
  const std::size_t begin = skip_blanks(line.text, word + keyword.size());
  const std::string_view code = std::string_view(line.text).substr(0, code_end(line.text, false));
  const std::string name(trimmed(code.substr(std::min(begin, code.size()))));
  const Place place = name.empty() ? place_in(line, word, keyword.size()) : place_in(line, begin, name.size());
  for (const Trouble& trouble : expansion.troubles)
    report(trouble, place_in(line, trouble.at, trouble.length));
  if (has_errors(expansion)) return;
  if (name.empty()) {
    add(Severity::error, Status::bad, place, concat("'", keyword, "' lacks the name of a file"), "include <glob>");
    return;
  }
  Inclusion inclusion;
  const OpenFile* file = innermost_file();
  inclusion.policy = file == nullptr ? IncludePolicy{} : file->policy;
  inclusion.checks = combined(inclusion.policy, *include_policy(keyword));
  Found found = find_files(name, file == nullptr ? "" : file->folder, inclusion.checks, files_);
  if (!found.is_complete) {
    const std::string hint = name.starts_with('"') ? "the quotes are taken for a part of the name: leave them out" : "";
    if (found.is_error)
      refuse(place, found.what, hint.empty() ? "Baton does not start on a part of a configuration" : hint);
    else
      add(Severity::warning, Status::ok, place, found.what,
          hint.empty() ? "nothing is read in its place; with includea this is an error" : hint);
  }
  inclusion.names = std::move(found.names);
  inclusion.at = line.from;
  inclusion.outer = line.context;
  inclusion.place = place.position;
  inclusion.length = place.length;
  push(std::move(inclusion));
}

/// Whether the line is for this configuration id; it then loses the condition.
bool Preprocessor::holds(WrittenLine& line) {
  const std::string_view text = line.text;
  std::size_t at = skip_blanks(text) + 1;
  const bool is_negative = at < text.size() && text[at] == '^';
  if (is_negative) ++at;
  std::size_t end = at;
  while (end < text.size() && !is_blank(text[end]))
    ++end;
  const bool is_wanted = (text.substr(at, end - at) == settings_.config_id) != is_negative;
  const std::size_t rest = skip_blanks(text, end);
  if (!is_wanted || rest == text.size()) {
    const bool is_definition = directive_of(text.substr(rest)) == Directive::definition;
    place_in(line, 0, 1);
    if (is_definition && is_continued(text)) read_continuation(line, nullptr);
    return false;
  }
  line = tail_of(line, rest);
  return true;
}

void Preprocessor::define(WrittenLine line) {
  const std::size_t start = skip_blanks(line.text);
  const std::size_t equals = start + definition_head(std::string_view(line.text).substr(start));
  Definition definition;
  definition.name = line.text.substr(start + 1, equals - start - 1);
  definition.at = line.from;
  const Place place = place_in(line, start, equals - start);
  const bool goes_on = is_continued(line.text);
  std::string_view value = std::string_view(line.text).substr(equals + 1);
  if (goes_on) value = value.substr(0, std::min(value.rfind('\\'), value.size()));
  value = value.substr(0, code_end(value, false));
  const std::size_t begin = skip_blanks(line.text, equals + 1);
  value = trimmed(value);
  if (!goes_on || !value.empty())
    definition.lines.push_back({std::string(value), line.from, written_column(line, begin)});
  if (goes_on) read_continuation(line, &definition);
  if (definition.lines.empty()) definition.lines.push_back({{}, line.from, 1});
  if (!definitions_.set(std::move(definition))) stop_for_definitions(place);
}

/// The lines that follow one with a `\` at its end.  In the value of a definition a `\` has been taken already.
void Preprocessor::read_continuation(const WrittenLine& line, Definition* definition) {
  auto* file = std::get_if<OpenFile>(&sources_.back());
  if (file == nullptr || file->file != line.from.file || file->line != line.from.line) return;
  bool goes_on = true;
  while (goes_on && file->at < file->text->size() && !is_stopped_) {
    std::string_view text = next_line(*file);
    write({"", {file->file, file->line}, file->context, {}, 0});
    goes_on = is_continued(text);
    if (definition == nullptr) continue;
    if (goes_on) text = text.substr(0, text.rfind('\\'));
    text = text.substr(0, code_end(text, false));
    const std::string_view value = trimmed(text);
    if (value.empty()) continue;
    definition->lines.push_back(
        {std::string(value), {file->file, file->line}, static_cast<std::uint32_t>(skip_blanks(text) + 1)});
  }
}

void Preprocessor::repeat(WrittenLine line) {
  const std::size_t start = skip_blanks(line.text);
  const std::string_view text = std::string_view(line.text).substr(start);
  const std::size_t end_of_word = text.find_first_of(" \t(");
  const Place place = place_in(line, start, std::min(end_of_word, text.size()));
  const auto header = sequence_header(text);
  if (!header) {
    add(Severity::error, Status::bad, place, "this repetition is not complete: the line is ignored",
        "~SEQ(NAME, FIRST, [STEP,] LAST) TEXT or ~LST(NAME, VALUE, ...) TEXT");
    return;
  }
  const auto arguments = text.substr(header->arguments, header->end - 1 - header->arguments);
  Expansion expansion = expanded({std::string(arguments), line.from, line.context, {}, 0});
  for (const Trouble& trouble : expansion.troubles)
    report(trouble, place_in(line, start + header->arguments, arguments.size()));
  if (has_errors(expansion)) return;
  auto sequence = Sequence::parse(header->word, expansion.line.text);
  if (!sequence) {
    add(Severity::error, Status::bad, place, concat("~", header->word, ": ", sequence.error().message),
        "the line is ignored");
    return;
  }
  if (sequence->count() > settings_.limits.made_lines) {
    refuse(place,
           concat("this repetition makes ", sequence->count(), " lines; the limit is ", settings_.limits.made_lines),
           "the line is ignored");
    return;
  }
  const std::size_t body = skip_blanks(line.text, start + header->end);
  if (body == line.text.size() || is_comment(line.text[body])) return;
  push(Repetition{std::move(*sequence), 0, tail_of(line, body)});
}

}  // namespace baton::config
