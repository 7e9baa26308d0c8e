// diagnostics.hpp - what is wrong in a configuration: where, what, and the cure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/position.hpp"

namespace baton::config {

enum class Severity : std::uint8_t { note, warning, error };

/// keepalived's classes of trouble, which decide the exit status of `-t` (compat 5.4); the highest one seen counts.
enum class Status : std::uint8_t {
  ok = 0,
  not_supported_yet = 1,  // keepalived's keyword that Baton does not act on: never changes an exit status
  missing_argument = 2,   // keepalived would end at once with status 2
  fatal = 4,
  bad = 5,       // any error, warning or "using default"
  insecure = 6,  // script security, missing file
};

struct Diagnostic {
  Position position;
  Severity severity = Severity::error;
  Status status = Status::bad;
  std::string text;          // "unknown keyword 'interfase'"
  std::string hint;          // "did you mean 'interface'?", "belongs inside TCP_CHECK { }"; empty: none
  std::uint32_t length = 1;  // octets of the word, for the underline
};

class Diagnostics {
 public:
  /// Registers a file; its index goes into Position::file.  The lines are kept for the caret display.
  std::uint32_t add_file(std::string name, std::string_view text);

  void add(Diagnostic diagnostic);

  /// In order of place; at most kMaxShown are kept, the rest counted.
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return diagnostics_; }
  [[nodiscard]] std::size_t suppressed() const { return suppressed_; }

  /// keepalived's exit status of a configuration test: 0, 2, 4, 5 or 6.
  [[nodiscard]] int exit_status() const;
  [[nodiscard]] bool has_errors() const;

  /// `file:line:column: error: text`, the line, a caret line, the hint; one diagnostic.
  [[nodiscard]] std::string render(const Diagnostic& diagnostic) const;
  /// One line without the caret: for logs.
  [[nodiscard]] std::string render_line(const Diagnostic& diagnostic) const;
  /// All of them and the count of what was left out.
  [[nodiscard]] std::string render_all() const;

  static constexpr std::size_t kMaxShown = 100;

 private:
  struct File {
    std::string name;
    std::vector<std::string> lines;
  };
  std::vector<File> files_;
  std::vector<Diagnostic> diagnostics_;
  std::size_t suppressed_ = 0;
};

}  // namespace baton::config
