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

std::vector<std::size_t> starts_of_lines(std::string_view text) {
  std::vector<std::size_t> starts = {0};
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    starts.push_back(at + 1);
  return starts;
}

}  // namespace

std::uint32_t Diagnostics::add_file(std::string name, std::string_view text) {
  files_.push_back({std::move(name), std::string(text), {}});
  return static_cast<std::uint32_t>(files_.size() - 1);
}

void Diagnostics::add(Diagnostic diagnostic) {
  seen_.at(static_cast<std::size_t>(diagnostic.status)) = true;
  has_errors_ = has_errors_ || diagnostic.severity == Severity::error;
  refusal_ = std::max<int>(refusal_, diagnostic.refusal);
  if (!would_keep(diagnostic.severity, diagnostic.position)) {
    ++suppressed_;
    return;
  }
  if (diagnostic.position.file < files_.size() && diagnostic.position.line > 0) {
    File& file = files_[diagnostic.position.file];
    if (file.line_starts.empty()) file.line_starts = starts_of_lines(file.text);
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
  if (diagnostics_.size() < kMaxShown) return true;
  return severity > worst_severity_ || (severity == worst_severity_ && position < worst_position_);
}

int Diagnostics::exit_status() const {
  for (const Status status : {Status::missing_argument, Status::insecure, Status::bad, Status::fatal})
    if (seen_.at(static_cast<std::size_t>(status))) return static_cast<int>(status);
  return 0;
}

std::string_view Diagnostics::line_of(Position position) const {
  if (position.file >= files_.size() || position.line == 0) return {};
  const File& file = files_[position.file];
  if (position.line > file.line_starts.size()) return {};
  const std::size_t start = file.line_starts[position.line - 1];
  const std::string_view rest = std::string_view(file.text).substr(start);
  return rest.substr(0, rest.find('\n'));
}

std::string Diagnostics::heading(const Diagnostic& diagnostic) const {
  const Position& place = diagnostic.position;
  std::string text = place.file < files_.size() ? printable(files_[place.file].name) : "configuration";
  if (place.line > 0) text += ":" + std::to_string(place.line) + ":" + std::to_string(std::max(place.column, 1U));
  text += ": ";
  text += name_of(diagnostic.severity);
  return text + ": " + printable(diagnostic.text);
}

std::string Diagnostics::render_line(const Diagnostic& diagnostic) const {
  std::string text = heading(diagnostic);
  if (!diagnostic.hint.empty()) text += " (" + printable(diagnostic.hint) + ")";
  return text;
}

std::string Diagnostics::render(const Diagnostic& diagnostic) const {
  std::string text = heading(diagnostic) + "\n";
  const std::string_view line = line_of(diagnostic.position);
  if (!line.empty()) {
    const Excerpt shown = excerpt(line, diagnostic.position.column, diagnostic.length);
    const std::string number = std::to_string(diagnostic.position.line);
    text += "  " + number + " | " + shown.line + "\n";
    text += "  " + std::string(number.size(), ' ') + " | " + shown.underline + "\n";
  }
  if (!diagnostic.hint.empty()) text += "    = " + printable(diagnostic.hint) + "\n";
  return text;
}

std::string Diagnostics::render_all() const {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics_)
    text += render(diagnostic);
  if (suppressed_ > 0) text += "and " + std::to_string(suppressed_) + " more that are not shown\n";
  return text;
}

}  // namespace baton::config
