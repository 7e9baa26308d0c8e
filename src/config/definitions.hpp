// definitions.hpp - $NAME=text: what names stand for, and lines with their values in the place of the names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/files.hpp"
#include "config/written_line.hpp"

namespace baton::config {

struct Definition {
  struct Line {
    std::string text;
    WrittenAt at;
    std::uint32_t column = 1;
  };
  std::string name;
  std::vector<Line> lines;  // at least one
  WrittenAt at;
  bool is_counter = false;  // of a ~SEQ or ~LST, which tells its value by itself
};
using DefinitionPointer = std::shared_ptr<const Definition>;  // one that is being expanded may be replaced meanwhile

/// By name; the built-in ones belong to a place: the folder of the file that is being read.
class Definitions {
 public:
  Definitions(const Files& files, const LoadSettings& settings) : files_(&files), settings_(&settings) {}

  /// False: there are too many.
  bool set(Definition definition);
  [[nodiscard]] DefinitionPointer find(const std::string& name) const;
  /// The nearest name to one that is not defined; empty: none is near.
  [[nodiscard]] std::string nearest_to(const std::string& name) const;

  enum class Outcome : std::uint8_t { found, unknown, wrong };
  /// _PWD, _INSTANCE, _RANDOM, _ENV, _HASH, _BANG; `arguments` is what follows the name in the braces.
  Outcome built_in(std::string_view name, std::string_view arguments, std::string& value) const;
  void set_folder(std::string folder) { folder_ = std::move(folder); }
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  Outcome random(std::string_view arguments, std::string& value) const;

  const Files* files_;
  const LoadSettings* settings_;
  std::string folder_;
  std::unordered_map<std::string, DefinitionPointer> by_name_;
};

enum class Fault : std::uint8_t {
  undefined,
  not_a_name,
  recursive,
  several_lines,
  too_long,
  too_many,
  bad_arguments,
  no_braces
};

/// What is wrong with a reference, which then stays in the line, unless nothing of the line can be used.
struct Trouble {
  Fault fault = Fault::undefined;
  std::size_t at = 0;
  std::size_t length = 1;
  std::string name;
};

struct Expansion {
  WrittenLine line;
  std::vector<Trouble> troubles;
  /// Definitions of several lines whose first one is in `line`: what follows it, the innermost last.
  std::vector<DefinitionPointer> rest;
  std::size_t replacements = 0;
  bool is_spoilt = false;  // by one of the troubles: nothing of the line can be used
};

/// Replaces the references of a line, from left to right, the values' own at the time of use.  A comment is left alone,
/// and in double quotes a name that is not defined: it may be meant for a shell.
Expansion expand(WrittenLine line, const Definitions& definitions, SourceMap& map, std::size_t most_replacements);

/// The name, when a line is a reference and nothing else; empty: it is not.
std::string only_reference(std::string_view text);

}  // namespace baton::config
