#include "config/source_map.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace baton::config {
namespace {

constexpr std::size_t kMaxNotes = 8;  // a reader needs no more; includes may be nested deeper

std::uint64_t key(WrittenAt at) {
  return std::uint64_t{at.file} << 32U | at.line;
}

}  // namespace

std::uint32_t SourceMap::add_file(std::string name, std::shared_ptr<const std::string> text) {
  files_.push_back({std::move(name), std::move(text), {}});
  return static_cast<std::uint32_t>(files_.size() - 1);
}

void SourceMap::add_lines(std::uint32_t expanded, WrittenAt from, std::uint32_t context,
                          const std::vector<Segment>& segments) {
  if (segments.empty() && !runs_.empty()) {
    const Run& last = runs_.back();
    if (last.count == 0 && last.context == context && last.from.file == from.file &&
        from.line - last.from.line == expanded - last.expanded)
      return;
  }
  runs_.push_back({expanded, from, context, static_cast<std::uint32_t>(segments_.size()),
                   static_cast<std::uint32_t>(segments.size())});
  segments_.insert(segments_.end(), segments.begin(), segments.end());
}

std::uint32_t SourceMap::add_context(Kind kind, std::uint32_t outer, WrittenAt at, std::string_view text) {
  contexts_.push_back(
      {outer, kind, at, static_cast<std::uint32_t>(words_.size()), static_cast<std::uint32_t>(text.size())});
  words_ += text;
  return static_cast<std::uint32_t>(contexts_.size());
}

std::uint32_t SourceMap::add_include(std::uint32_t outer, WrittenAt at) {
  return add_context(Kind::include, outer, at, "");
}

std::uint32_t SourceMap::add_use(std::uint32_t outer, WrittenAt at, std::string_view name) {
  return add_context(Kind::use, outer, at, name);
}

std::uint32_t SourceMap::add_repetition(std::uint32_t outer, std::string_view values) {
  return add_context(Kind::repetition, outer, {}, values);
}

std::uint32_t SourceMap::definition(std::string_view name, WrittenAt at) {
  const auto [known, is_new] = definition_at_.try_emplace(key(at), 0);
  if (is_new) {
    definitions_.push_back({std::string(name), at});
    known->second = static_cast<std::uint32_t>(definitions_.size());
  }
  return known->second;
}

const SourceMap::Run* SourceMap::run_of(std::uint32_t line) const {
  const auto after = std::ranges::upper_bound(runs_, line, {}, &Run::expanded);
  return after == runs_.begin() ? nullptr : &*std::prev(after);
}

const Segment* SourceMap::segment_of(const Run& run, std::uint32_t column) const {
  const auto begin = segments_.begin() + run.segments;
  const auto end = begin + run.count;
  const auto after =
      std::upper_bound(begin, end, column, [](std::uint32_t at, const Segment& segment) { return at < segment.at; });
  return after == begin ? nullptr : &*std::prev(after);
}

SourceMap::Written SourceMap::written(const Run& run, Position position, std::uint32_t length) const {
  const std::uint32_t last = position.column + std::max(length, 1U) - 1;
  if (run.count == 0)
    return {{run.from.file, run.from.line + (position.line - run.expanded)}, position.column, last + 1};
  Written found{run.from, position.column, last + 1};
  if (const Segment* segment = segment_of(run, position.column); segment != nullptr)
    found.column = segment->written + (segment->length > 0 ? 0 : position.column - segment->at);
  if (const Segment* segment = segment_of(run, last); segment != nullptr)
    found.end = segment->written + (segment->length > 0 ? segment->length : last + 1 - segment->at);
  return found;
}

std::string_view SourceMap::line_of(WrittenAt at) const {
  if (at.line == 0) return {};
  const File& file = files_[at.file];
  const std::string_view text = *file.text;
  std::vector<std::size_t>& starts = file.starts;
  if (starts.empty()) {
    starts.push_back(0);
    std::size_t line = 1;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1))
      if (line++ % kStride == 0) starts.push_back(end + 1);
  }
  const std::size_t stride = (at.line - 1) / kStride;
  if (stride >= starts.size()) return {};
  std::size_t start = starts[stride];
  for (std::size_t line = stride * kStride + 1; line < at.line; ++line) {
    const std::size_t end = text.find('\n', start);
    if (end == std::string_view::npos) return {};
    start = end + 1;
  }
  return text.substr(start, text.find('\n', start) - start);
}

Origin SourceMap::origin(Position position, std::uint32_t length) const {
  const Run* run = position.line == 0 ? nullptr : run_of(position.line);
  if (run == nullptr) return {title_, {}, position.line, position.column, length};
  const Written found = written(*run, position, length);
  const std::uint32_t shown = found.end > found.column ? found.end - found.column : 1;
  return {files_[found.at.file].name, line_of(found.at), found.at.line, found.column, shown};
}

std::string SourceMap::place(WrittenAt at) const {
  return files_[at.file].name + ":" + std::to_string(at.line);
}

std::string SourceMap::note(const Context& context) const {
  const std::string text = words_.substr(context.text, context.length);
  switch (context.kind) {
    case Kind::include: return "included from " + place(context.at);
    case Kind::use: return "in expansion of $" + text + " (used in " + place(context.at) + ")";
    case Kind::repetition: return "in " + text;
  }
  return text;
}

std::vector<std::string> SourceMap::notes(Position position, std::uint32_t length) const {
  std::vector<std::string> found;
  const Run* run = position.line == 0 ? nullptr : run_of(position.line);
  if (run == nullptr) return found;
  const std::uint32_t end = position.column + std::max(length, 1U);
  const Segment* first = run->count == 0 ? nullptr : segment_of(*run, position.column);
  for (const Segment* segment = first; segment != nullptr && segment < segments_.data() + run->segments + run->count &&
                                       segment->at < end && found.size() < kMaxNotes;
       ++segment) {
    if (segment->definition == 0) continue;
    const Definition& definition = definitions_[segment->definition - 1];
    std::string text = "in expansion of $" + definition.name + " (defined in " + place(definition.at) + ")";
    if (std::ranges::find(found, text) == found.end()) found.push_back(std::move(text));
  }
  for (std::uint32_t at = run->context; at != 0 && found.size() < kMaxNotes; at = contexts_[at - 1].outer)
    found.push_back(note(contexts_[at - 1]));
  return found;
}

std::uint64_t SourceMap::repeated_place(Position position) const {
  const Run* run = position.line == 0 ? nullptr : run_of(position.line);
  if (run == nullptr || run->context == 0) return 0;
  const Written found = written(*run, position, 1);
  constexpr std::uint64_t kMix = 0x9e3779b97f4a7c15U;
  const std::uint64_t mixed = (key(found.at) * kMix ^ found.column) * kMix;
  return (mixed ^ mixed >> 32U) | 1U;
}

std::vector<std::string_view> SourceMap::files() const {
  std::vector<std::string_view> names;
  for (const File& file : files_)
    names.push_back(file.name);
  return names;
}

std::string SourceMap::where(Position position) const {
  const Run* run = position.line == 0 ? nullptr : run_of(position.line);
  if (run == nullptr) return "line " + std::to_string(position.line);
  const WrittenAt at = written(*run, position, 1).at;
  std::string text = "line " + std::to_string(at.line);
  if (files_.size() > 1) text += " of " + files_[at.file].name;
  return text;
}

}  // namespace baton::config
