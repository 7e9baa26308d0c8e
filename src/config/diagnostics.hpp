// diagnostics.hpp - what is wrong in a configuration: where, what, and the cure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "config/position.hpp"
#include "config/source_map.hpp"

namespace baton::config {

/// error: something that was written has no effect, or not the effect it says.  warning: it has, but read this.
enum class Severity : std::uint8_t { note, warning, error };

/// keepalived's classes of trouble, which decide the exit status of `-t` (compat 5.4).  The severity is Baton's
/// opinion, the status keepalived 2.2.7's verdict on the same mistake: a warning of `ok` says what keepalived passes
/// over in silence.
enum class Status : std::uint8_t {
  ok = 0,
  not_active = 1,        // keepalived's keyword that Baton does not act on: never changes an exit status
  missing_argument = 2,  // keepalived would end at once with status 2
  fatal = 4,
  bad = 5,       // any error, warning or "using default"
  insecure = 6,  // script security, missing file
};

/// A refusal: keepalived's VRRP process ends with it.
inline constexpr std::uint8_t kCannotRun = 2;

struct Diagnostic {
  Position position;
  Severity severity = Severity::error;
  Status status = Status::bad;
  std::string text;          // "unknown keyword 'interfase'"
  std::string hint;          // "did you mean 'interface'?", "belongs inside TCP_CHECK { }"; empty: none
  std::uint32_t length = 1;  // octets of the word, for the underline
  std::uint8_t refusal = 0;  // the exit status with which a daemon declines to start on this; 0: it runs
  std::size_t repeats = 0;   // more of it at lines that were made of the same written one
};

/// How diagnostics are shown: a parameter, as only the daemon knows whether a terminal reads them.
enum class Style : std::uint8_t { plain, colour };

class Diagnostics {
 public:
  Diagnostics() = default;
  /// Places are in the expanded text; `map`, which may still grow, says where they were written.
  explicit Diagnostics(std::shared_ptr<const SourceMap> map) : map_(std::move(map)) {}

  /// The text is one file as it is written.  It is kept for the caret display.
  std::uint32_t add_file(std::string name, std::string_view text);

  /// Keeps it in its place; an equal one at the same place is dropped, one of the same severity at a line that was made
  /// of the same written word is counted there.  When kMaxShown are there, the least severe and among these the last in
  /// the text gives way, and is counted.
  void add(Diagnostic diagnostic);

  /// Whether add() would keep one of this severity and place now: a costly hint need not be made for one that it would
  /// not.
  [[nodiscard]] bool would_keep(Severity severity, Position position) const;

  /// In order of place; at most kMaxShown are kept, the rest counted.
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return diagnostics_; }
  [[nodiscard]] std::size_t suppressed() const { return suppressed_; }

  /// keepalived's exit status of a configuration test: 0, 2, 4, 5 or 6.  A missing argument ends keepalived on the
  /// spot, so it beats all; of the others the highest counts.
  [[nodiscard]] int exit_status() const;
  [[nodiscard]] bool has_errors() const { return has_errors_; }

  /// Not 0: a daemon must not start on this configuration, and exits with that (2 as keepalived's VRRP process for an
  /// instance that cannot run, 6 for half a file).
  [[nodiscard]] int refusal() const { return refusal_; }

  /// Where it was written, and what made it of that.
  [[nodiscard]] Origin origin(const Diagnostic& diagnostic) const;
  [[nodiscard]] std::vector<std::string> notes(const Diagnostic& diagnostic) const;
  /// All that were read, in order.
  [[nodiscard]] std::vector<std::string_view> files() const { return map_->files(); }
  /// "line 7", "line 7 of other.conf": for the text of a diagnostic about another place.
  [[nodiscard]] std::string where(Position position) const;

  /// `file:line:column: error: text`, the line, a caret line, the hint, what made the line; one diagnostic.
  [[nodiscard]] std::string render(const Diagnostic& diagnostic, Style style = Style::plain) const;
  /// One line without the caret and without the line of the file (which may hold a password): for logs.
  [[nodiscard]] std::string render_line(const Diagnostic& diagnostic) const;
  /// All of them and the count of what was left out.
  [[nodiscard]] std::string render_all(Style style = Style::plain) const;

  static constexpr std::size_t kMaxShown = 100;

 private:
  static constexpr std::size_t kMaxRepeated = 100'000;  // places; a file with more of them says nothing new

  [[nodiscard]] std::uint64_t repeated_key(Severity severity, Position position) const;
  [[nodiscard]] bool is_repeat(Severity severity, Position position) const;
  bool count_repeat(const Diagnostic& diagnostic);
  void evict();
  [[nodiscard]] std::string heading(const Diagnostic& diagnostic, Style style) const;

  std::shared_ptr<const SourceMap> map_ = std::make_shared<SourceMap>();
  std::vector<Diagnostic> diagnostics_;                   // by position
  std::unordered_map<std::uint64_t, Position> first_at_;  // by written place and severity
  std::size_t suppressed_ = 0;
  Severity worst_severity_ = Severity::error;  // of the one that would give way, when kMaxShown are there
  Position worst_position_;
  std::array<bool, 7> seen_{};  // by Status
  bool has_errors_ = false;
  int refusal_ = 0;
};

}  // namespace baton::config
