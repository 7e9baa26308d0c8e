#include "config/diagnostics.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "config/excerpt.hpp"

namespace baton::config {
namespace {

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "error";
}

std::string_view colour_of(Severity severity) {
  switch (severity) {
    case Severity::note: return "\x1b[1;36m";
    case Severity::warning: return "\x1b[1;33m";
    case Severity::error: return "\x1b[1;31m";
  }
  return "";
}
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kCaret = "\x1b[1;32m";
constexpr std::string_view kReset = "\x1b[0m";

std::string coloured(std::string text, std::string_view colour, Style style) {
  if (style == Style::plain) return text;
  return std::string(colour) + text + std::string(kReset);
}

std::string repeats_text(std::size_t repeats) {
  return "the same in " + std::to_string(repeats) + (repeats == 1 ? " more line" : " more lines") + " made of this one";
}

}  // namespace

std::uint32_t Diagnostics::add_file(std::string name, std::string_view text) {
  auto map = std::make_shared<SourceMap>();
  map->set_title(name);
  map->add_lines(1, {map->add_file(std::move(name), std::make_shared<const std::string>(text)), 1}, 0, {});
  map_ = std::move(map);
  return 0;
}

void Diagnostics::add(Diagnostic diagnostic) {
  seen_.at(static_cast<std::size_t>(diagnostic.status)) = true;
  has_errors_ = has_errors_ || diagnostic.severity == Severity::error;
  refusal_ = std::max<int>(refusal_, diagnostic.refusal);
  if (count_repeat(diagnostic)) return;
  if (!would_keep(diagnostic.severity, diagnostic.position)) {
    ++suppressed_;
    return;
  }
  const auto at = std::upper_bound(diagnostics_.begin(), diagnostics_.end(), diagnostic.position,
                                   [](const Position& a, const Diagnostic& b) { return a < b.position; });
  for (auto before = std::make_reverse_iterator(at);
       before != diagnostics_.rend() && before->position == diagnostic.position; ++before)
    if (before->text == diagnostic.text) return;
  diagnostics_.insert(at, std::move(diagnostic));
  if (diagnostics_.size() >= kMaxShown) evict();
}

/// Brings the number down to kMaxShown and finds the next one to give way.
void Diagnostics::evict() {
  const auto least = [&] {
    auto worst = std::prev(diagnostics_.end());
    for (auto other = worst; other != diagnostics_.begin();) {
      --other;
      if (other->severity < worst->severity) worst = other;
    }
    return worst;
  };
  if (diagnostics_.size() > kMaxShown) {
    diagnostics_.erase(least());
    ++suppressed_;
  }
  const auto worst = least();
  worst_severity_ = worst->severity;
  worst_position_ = worst->position;
}

bool Diagnostics::would_keep(Severity severity, Position position) const {
  if (is_repeat(severity, position)) return false;
  if (diagnostics_.size() < kMaxShown) return true;
  return severity > worst_severity_ || (severity == worst_severity_ && position < worst_position_);
}

/// 0: nothing else can be at the same written place.
std::uint64_t Diagnostics::repeated_key(Severity severity, Position position) const {
  const std::uint64_t place = map_->repeated_place(position);
  return place == 0 ? 0 : place * 4 + static_cast<std::uint64_t>(severity);
}

bool Diagnostics::is_repeat(Severity severity, Position position) const {
  if (first_at_.empty()) return false;
  const auto first = first_at_.find(repeated_key(severity, position));
  return first != first_at_.end() && first->second.line != position.line;
}

/// Counts one at the first that was reported of the same written word; false: it is the first.
bool Diagnostics::count_repeat(const Diagnostic& diagnostic) {
  const std::uint64_t key = repeated_key(diagnostic.severity, diagnostic.position);
  if (key == 0) return false;
  if (!is_repeat(diagnostic.severity, diagnostic.position)) {
    if (first_at_.size() < kMaxRepeated) first_at_.try_emplace(key, diagnostic.position);
    return false;
  }
  const Position first = first_at_.at(key);
  auto at = std::ranges::lower_bound(diagnostics_, first, {}, &Diagnostic::position);
  while (at != diagnostics_.end() && at->position == first && at->severity != diagnostic.severity)
    ++at;
  if (at != diagnostics_.end() && at->position == first)
    ++at->repeats;
  else
    ++suppressed_;
  return true;
}

int Diagnostics::exit_status() const {
  for (const Status status : {Status::missing_argument, Status::insecure, Status::bad, Status::fatal})
    if (seen_.at(static_cast<std::size_t>(status))) return static_cast<int>(status);
  return 0;
}

Origin Diagnostics::origin(const Diagnostic& diagnostic) const {
  return map_->origin(diagnostic.position, diagnostic.length);
}

std::vector<std::string> Diagnostics::notes(const Diagnostic& diagnostic) const {
  std::vector<std::string> all = map_->notes(diagnostic.position, diagnostic.length);
  if (diagnostic.repeats > 0) all.push_back(repeats_text(diagnostic.repeats));
  return all;
}

std::string Diagnostics::where(Position position) const {
  return map_->where(position);
}

std::string Diagnostics::heading(const Diagnostic& diagnostic, Style style) const {
  const Origin place = origin(diagnostic);
  std::string at = printable(place.file);
  if (place.line > 0) at += ":" + std::to_string(place.line) + ":" + std::to_string(std::max(place.column, 1U));
  const std::string severity = std::string(name_of(diagnostic.severity)) + ":";
  return coloured(at + ":", kBold, style) + " " + coloured(severity, colour_of(diagnostic.severity), style) + " " +
         coloured(printable(diagnostic.text), kBold, style);
}

std::string Diagnostics::render_line(const Diagnostic& diagnostic) const {
  std::string text = heading(diagnostic, Style::plain);
  std::string more = printable(diagnostic.hint);
  for (const std::string& note : notes(diagnostic))
    more += (more.empty() ? "" : "; ") + printable(note);
  if (!more.empty()) text += " (" + more + ")";
  return text;
}

std::string Diagnostics::render(const Diagnostic& diagnostic, Style style) const {
  std::string text = heading(diagnostic, style) + "\n";
  const Origin place = origin(diagnostic);
  if (!place.text.empty()) {
    const Excerpt shown = excerpt(place.text, place.column, place.length);
    const std::string number = std::to_string(place.line);
    text += "  " + number + " | " + shown.line + "\n";
    text += "  " + std::string(number.size(), ' ') + " | " + coloured(shown.underline, kCaret, style) + "\n";
  }
  if (!diagnostic.hint.empty()) text += "    = " + printable(diagnostic.hint) + "\n";
  for (const std::string& note : notes(diagnostic))
    text += "    = " + printable(note) + "\n";
  return text;
}

std::string Diagnostics::render_all(Style style) const {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics_)
    text += render(diagnostic, style);
  if (suppressed_ > 0) text += "and " + std::to_string(suppressed_) + " more that are not shown\n";
  return text;
}

}  // namespace baton::config
