// source_map.hpp - from a place in the expanded text back to where the reader wrote it, and what made it of that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/position.hpp"

namespace baton::config {

/// From column `at` on (counted from 1) a line of the expanded text holds what is written from column `written` on:
/// octet for octet when `length` is 0, else in the place of a reference of that many octets.
struct Segment {
  std::uint32_t at = 1;
  std::uint32_t written = 1;
  std::uint32_t length = 0;
  std::uint32_t definition = 0;  // what stood for the reference: of SourceMap::definition(); 0: nothing to tell
};

/// A line of a file.
struct WrittenAt {
  std::uint32_t file = 0;
  std::uint32_t line = 0;
  friend bool operator==(const WrittenAt&, const WrittenAt&) = default;
};

/// What a reader is shown of a place.
struct Origin {
  std::string_view file;
  std::string_view text;  // the whole line; empty when there is none
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 1;
};

class SourceMap {
 public:
  /// Shown where there is no line: what was asked for on the command line.
  void set_title(std::string title) { title_ = std::move(title); }
  std::uint32_t add_file(std::string name, std::shared_ptr<const std::string> text);

  // While the text is expanded; lines in order.
  /// From line `expanded` on, the lines of `from.file` from `from.line` on; those of one call with segments are one.
  void add_lines(std::uint32_t expanded, WrittenAt from, std::uint32_t context, const std::vector<Segment>& segments);
  /// Contexts are numbered from 1; 0 is the main file as it is written.
  std::uint32_t add_include(std::uint32_t outer, WrittenAt at);
  std::uint32_t add_use(std::uint32_t outer, WrittenAt at, std::string_view name);
  std::uint32_t add_repetition(std::uint32_t outer, std::string_view values);
  std::uint32_t definition(std::string_view name, WrittenAt at);

  [[nodiscard]] Origin origin(Position position, std::uint32_t length) const;
  /// "in expansion of $NAME (defined in FILE:LINE)", "in ~SEQ, where i is 3", "included from FILE:LINE": the innermost
  /// first.
  [[nodiscard]] std::vector<std::string> notes(Position position, std::uint32_t length) const;
  /// Equal for places that are made of the same written word; 0 for one that cannot be made twice.
  [[nodiscard]] std::uint64_t repeated_place(Position position) const;
  [[nodiscard]] std::vector<std::string_view> files() const;
  /// "line 7", "line 7 of other.conf" when there are several files.
  [[nodiscard]] std::string where(Position position) const;

 private:
  struct File {
    std::string name;
    std::shared_ptr<const std::string> text;
    mutable std::vector<std::size_t> starts;  // of every kStride-th line; made when the first one is asked for
  };
  struct Run {
    std::uint32_t expanded = 1;
    WrittenAt from;
    std::uint32_t context = 0;
    std::uint32_t segments = 0;  // the first in segments_
    std::uint32_t count = 0;     // not 0: a run of one line
  };
  enum class Kind : std::uint8_t { include, use, repetition };
  struct Context {
    std::uint32_t outer = 0;
    Kind kind = Kind::include;
    WrittenAt at;
    std::uint32_t text = 0;  // in words_
    std::uint32_t length = 0;
  };
  struct Definition {
    std::string name;
    WrittenAt at;
  };
  struct Written {
    WrittenAt at;
    std::uint32_t column = 0;
    std::uint32_t end = 0;  // of the word
  };
  static constexpr std::size_t kStride = 256;

  std::uint32_t add_context(Kind kind, std::uint32_t outer, WrittenAt at, std::string_view text);
  [[nodiscard]] const Run* run_of(std::uint32_t line) const;
  [[nodiscard]] const Segment* segment_of(const Run& run, std::uint32_t column) const;
  [[nodiscard]] Written written(const Run& run, Position position, std::uint32_t length) const;
  [[nodiscard]] std::string_view line_of(WrittenAt at) const;
  [[nodiscard]] std::string place(WrittenAt at) const;
  [[nodiscard]] std::string note(const Context& context) const;

  std::string title_ = "configuration";
  std::vector<File> files_;
  std::vector<Run> runs_;  // by expanded line
  std::vector<Segment> segments_;
  std::vector<Context> contexts_;
  std::string words_;
  std::vector<Definition> definitions_;
  std::unordered_map<std::uint64_t, std::uint32_t> definition_at_;
};

}  // namespace baton::config
