#include "config/preprocessor.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "config/builder.hpp"

namespace baton::config {
namespace {

constexpr std::uint8_t kHalfRead = 6;  // keepalived's status for an include that fails

/// Directives in one line, each after a brace or a condition or out of a definition: more are a loop.
constexpr unsigned kMaxDirectives = 16;

/// Whether nothing but blanks stands between this octet and the beginning of its line, or a brace.
bool begins_statement(std::string_view text, std::size_t at) {
  while (at > 0 && is_blank(text[at - 1]))
    --at;
  return at == 0 || text[at - 1] == '\n' || text[at - 1] == '{' || text[at - 1] == '}';
}

template <class Test>
bool any(std::string_view text, std::string_view what, Test test) {
  const char* const end = text.data() + text.size();
  for (const char* from = text.data(); from < end;) {
    const void* found = ::memmem(from, static_cast<std::size_t>(end - from), what.data(), what.size());
    if (found == nullptr) return false;
    const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    if (test(at)) return true;
    from = text.data() + at + 1;
  }
  return false;
}

std::string without_slash(const std::string& folder) {
  return folder.size() > 1 ? folder.substr(0, folder.size() - 1) : folder;
}

}  // namespace

bool has_directives(std::string_view text) {
  const auto is_first = [&](std::size_t at) { return begins_statement(text, at); };
  const auto is_reference = [&](std::size_t at) {
    return at + 1 < text.size() && (text[at + 1] == '{' || starts_name(text[at + 1]));
  };
  return any(text, "$", is_reference) || any(text, "@", is_first) || any(text, "~", is_first) ||
         any(text, "include", is_first);
}

Preprocessor::Preprocessor(const Files& files, const LoadSettings& settings, SourceMap& map, Diagnostics& out)
    : files_(files), settings_(settings), map_(map), out_(out), definitions_(files, settings) {}

std::string Preprocessor::run(std::vector<std::string> names) {
  Inclusion inclusion;
  inclusion.names = std::move(names);
  if (settings_.all_includes) inclusion.policy = kAllChecks;
  sources_.emplace_back(std::move(inclusion));
  while (!sources_.empty() && !is_stopped_)
    std::visit([this](auto& source) { step(source); }, sources_.back());
  return std::move(text_);
}

void Preprocessor::know(const std::string& name, std::uint32_t file, std::shared_ptr<const std::string> text) {
  known_.insert_or_assign(name, std::pair{file, std::move(text)});
}

void Preprocessor::push(Source source) {
  sources_.push_back(std::move(source));
  if (sources_.size() > settings_.limits.nesting)
    stop({{0, lines_, 1}, 1},
         concat("more than ", settings_.limits.nesting, " definitions, repetitions and files inside one another"));
}

void Preprocessor::step(Inclusion& inclusion) {
  if (inclusion.next == inclusion.names.size()) {
    sources_.pop_back();
    return;
  }
  const std::string name = inclusion.names[inclusion.next++];
  open(name, inclusion);
}

/// `inclusion` does not outlive the file that is opened.
void Preprocessor::open(const std::string& name, const Inclusion& inclusion) {
  const auto is_file = [](const Source& source) { return std::holds_alternative<OpenFile>(source); };
  const auto depth = static_cast<std::size_t>(std::ranges::count_if(sources_, is_file));
  const Place place{inclusion.place, inclusion.length};
  const std::string canonical = (files_.canonical ? files_.canonical(name) : std::nullopt).value_or(name);
  if (is_open(canonical)) {
    refuse(place, concat(quoted(name), " is being read already: it includes itself"), "take the include out");
    return;
  }
  if (depth >= settings_.limits.depth || ++opened_ > settings_.limits.files) {
    stop(place, depth >= settings_.limits.depth
                    ? concat("more than ", settings_.limits.depth, " files include one another")
                    : concat("more than ", settings_.limits.files, " files are included"));
    return;
  }
  auto known = known_.find(name);
  if (known == known_.end()) {
    FileText read = files_.read ? files_.read(name) : FileText{{}, FileFault::missing, "cannot be read"};
    if (read.fault != FileFault::none) {
      report_unsuitable(name, read, inclusion);
      return;
    }
    auto text = std::make_shared<const std::string>(std::move(read.text));
    know(name, map_.add_file(name, text), text);
    known = known_.find(name);
  }
  OpenFile file;
  file.file = known->second.first;
  file.text = known->second.second;
  file.canonical = canonical;
  file.folder = folder_of(name);
  file.policy = inclusion.policy;
  if (inclusion.at.line > 0) file.context = map_.add_include(inclusion.outer, inclusion.at);
  read_ += file.text->size();
  if (read_ > settings_.limits.text) {
    stop(place, concat("all files together are longer than ", settings_.limits.text >> 20U, " MiB"));
    return;
  }
  if (!has_directives(*file.text)) {
    copy(file);
    return;
  }
  definitions_.set_folder(without_slash(folder_of(canonical)));
  push(std::move(file));
}

void Preprocessor::report_unsuitable(const std::string& name, const FileText& file, const Inclusion& inclusion) {
  const Place place{inclusion.place, inclusion.length};
  const std::string text = concat("the file ", quoted(name), " ", file.reason, ": it is not read");
  if (inclusion.at.line > 0 && inclusion.checks.readable)
    refuse(place, text, "");
  else
    add(Severity::warning, inclusion.at.line == 0 ? Status::bad : Status::ok, place, text,
        "with includer this is an error");
}

bool Preprocessor::is_open(const std::string& canonical) const {
  return std::ranges::any_of(sources_, [&](const Source& source) {
    const auto* file = std::get_if<OpenFile>(&source);
    return file != nullptr && file->canonical == canonical;
  });
}

/// A file that has nothing for the preprocessor, as a whole.
void Preprocessor::copy(const OpenFile& file) {
  const std::string& text = *file.text;
  if (text.empty()) return;
  map_.add_lines(lines_ + 1, {file.file, 1}, file.context, {});
  text_ += text;
  if (text.back() != '\n') text_ += '\n';
  lines_ += static_cast<std::uint32_t>(std::ranges::count(text, '\n') + (text.back() != '\n' ? 1 : 0));
  check_size();
}

std::string_view Preprocessor::next_line(OpenFile& file) {
  const std::string_view rest = std::string_view(*file.text).substr(file.at);
  const std::string_view line = rest.substr(0, rest.find('\n'));
  file.at += line.size() + 1;
  ++file.line;
  return line;
}

void Preprocessor::step(OpenFile& file) {
  if (file.at >= file.text->size()) {
    sources_.pop_back();
    if (const OpenFile* outer = innermost_file(); outer != nullptr)
      definitions_.set_folder(without_slash(folder_of(outer->canonical)));
    return;
  }
  std::string_view line = next_line(file);
  const WrittenAt at{file.file, file.line};
  watch_global_defs(line, file);
  if (line.size() > kMaxExpandedLine && directive_of(line) == Directive::none)
    if (const std::size_t end = code_end(line, false); end <= kMaxExpandedLine) line = line.substr(0, end);
  if (needs_work(line)) {
    handle({std::string(line), at, file.context, {}, 0});
    return;
  }
  text_ += line;
  text_ += '\n';
  map_.add_lines(++lines_, at, file.context, {});
  check_size();
}

bool Preprocessor::needs_work(std::string_view line) {
  const Directive directive = directive_of(line);
  if (directive != Directive::none) return true;
  if (line.size() > kMaxExpandedLine) return false;  // the lexer's to report
  return line.find('$') != std::string_view::npos || next_directive(line) < line.size();
}

/// include_check counts in global_defs only, from its line on.
void Preprocessor::watch_global_defs(std::string_view line, OpenFile& file) {
  const std::string_view start = line.substr(skip_blanks(line));
  if (!file.is_in_globals) {
    if (!start.starts_with("global_defs")) return;
    file.is_in_globals = true;
    file.global_depth = 0;
  }
  const std::string_view code = start.substr(0, code_end(start, false));
  constexpr std::string_view kCheck = "include_check";
  if (code.starts_with(kCheck) && (code.size() == kCheck.size() || is_blank(code[kCheck.size()])))
    file.policy = include_check(file.policy, trimmed(code.substr(kCheck.size())));
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '$') i += braced_reference(code, i);
    if (i >= code.size()) break;
    if (code[i] == '{') ++file.global_depth;
    if (code[i] == '}' && (file.global_depth == 0 || --file.global_depth == 0)) file.is_in_globals = false;
  }
}

Preprocessor::OpenFile* Preprocessor::innermost_file() {
  for (auto source = sources_.rbegin(); source != sources_.rend(); ++source)
    if (auto* file = std::get_if<OpenFile>(&*source)) return file;
  return nullptr;
}

void Preprocessor::step(Use& use) {
  if (use.next == use.definition->lines.size()) {
    sources_.pop_back();
    return;
  }
  const Definition::Line& line = use.definition->lines[use.next++];
  if (!spend(1)) return;
  const DefinitionPointer held = use.definition;  // handle() may let go of `use`
  handle({line.text, line.at, use.context, {{1, line.column, 0, 0}}, 0});
}

void Preprocessor::step(Repetition& repetition) {
  const std::uint64_t index = repetition.next++;
  if (index == repetition.sequence.count()) {
    sources_.pop_back();
    return;
  }
  if (!spend(1)) return;
  const Sequence& sequence = repetition.sequence;
  for (std::size_t i = 0; i < sequence.names().size(); ++i)
    if (!definitions_.set({sequence.names()[i], {{sequence.value(index, i), {}, 1}}, {}, true})) {
      stop_for_definitions({{0, lines_, 1}, 1});
      return;
    }
  WrittenLine line = repetition.body;
  line.context = map_.add_repetition(line.context, sequence.description(index));
  handle(std::move(line));
}

/// One line, until nothing of it is left to do: it is written, or what it opens is on sources_.
void Preprocessor::handle(WrittenLine line) {
  bool may_have_condition = true;
  for (unsigned round = 0; round < kMaxDirectives; ++round) {
    switch (directive_of(line.text)) {
      case Directive::include: include(std::move(line)); return;
      case Directive::definition: define(std::move(line)); return;
      case Directive::sequence: repeat(std::move(line)); return;
      case Directive::condition:
        if (!may_have_condition) break;
        if (!holds(line)) return;
        may_have_condition = false;
        continue;
      case Directive::none: break;
    }
    const std::size_t next = next_directive(line.text);
    if (next < line.text.size()) {
      WrittenLine rest = tail_of(line, next);
      line.text.resize(next);
      put(expanded(std::move(line)));
      line = std::move(rest);
      may_have_condition = true;
      continue;
    }
    if (use_whole(line)) return;
    Expansion expansion = expanded(std::move(line));
    const bool is_directive = expansion.replacements > 0 && directive_of(expansion.line.text) != Directive::none;
    if (!is_directive || expansion.is_spoilt) {
      put(std::move(expansion));
      return;
    }
    push_rest(expansion);
    line = std::move(expansion.line);
    may_have_condition = true;
  }
  add(Severity::error, Status::bad, place_in(line, 0, 1),
      concat("more than ", kMaxDirectives, " directives in one line: the rest of it is not read"),
      "write them on lines of their own");
}

void Preprocessor::write(const WrittenLine& line) {
  text_ += line.text;
  text_ += '\n';
  map_.add_lines(++lines_, line.from, line.context, line.segments);
  check_size();
}

/// An empty line, to which what is said of this one refers.
Place Preprocessor::place_in(WrittenLine& line, std::size_t begin, std::size_t length) {
  if (line.expanded == 0) {
    write({"", line.from, line.context, line.segments, 0});
    line.expanded = lines_;
  }
  return {{0, line.expanded, static_cast<std::uint32_t>(begin + 1)},
          static_cast<std::uint32_t>(std::max<std::size_t>(length, 1))};
}

void Preprocessor::add(Severity severity, Status status, const Place& place, std::string text, std::string hint) {
  out_.add({place.position, severity, status, std::move(text), std::move(hint), place.length});
}

/// Baton does not run on half a configuration.
void Preprocessor::refuse(const Place& place, std::string text, std::string hint) {
  out_.add(
      {place.position, Severity::error, Status::insecure, std::move(text), std::move(hint), place.length, kHalfRead});
}

void Preprocessor::stop(const Place& place, std::string what) {
  if (std::exchange(is_stopped_, true)) return;
  refuse(place, std::move(what), "reading ends here; the limit keeps a slip of the pen from filling the memory");
}

void Preprocessor::stop_for_definitions(const Place& place) {
  stop(place, concat("more than ", settings_.limits.definitions, " names are defined"));
}

void Preprocessor::check_size() {
  if (text_.size() > settings_.limits.text)
    stop({{0, lines_, 1}, 1}, concat("the expanded text is longer than ", settings_.limits.text >> 20U, " MiB"));
}

bool Preprocessor::spend(std::size_t made_lines) {
  made_lines_ += made_lines;
  if (made_lines_ <= settings_.limits.made_lines) return true;
  stop({{0, lines_, 1}, 1},
       concat("definitions and repetitions make more than ", settings_.limits.made_lines, " lines"));
  return false;
}

}  // namespace baton::config
