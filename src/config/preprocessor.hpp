// preprocessor.hpp - include, definitions, conditions and repetitions: the files of a configuration to one text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "config/definitions.hpp"
#include "config/diagnostics.hpp"
#include "config/files.hpp"
#include "config/include.hpp"
#include "config/lexer.hpp"
#include "config/sequence.hpp"
#include "config/source_map.hpp"
#include "config/written_line.hpp"

namespace baton::config {

/// Whether a text has anything for the preprocessor to do.  It may say yes where there is nothing.
bool has_directives(std::string_view text);

/// Goes line by line through what is open: a file, a definition, a repetition; the innermost last.  Every line of a
/// file leaves one line of the expanded text, if only an empty one, so that each diagnostic has a place.
class Preprocessor {
 public:
  Preprocessor(const Files& files, const LoadSettings& settings, SourceMap& map, Diagnostics& out);

  /// Reads the files in order.
  std::string run(std::vector<std::string> names);

  /// The text of a file that has been read already and is in the map.
  void know(const std::string& name, std::uint32_t file, std::shared_ptr<const std::string> text);

 private:
  /// The files of one include, to be read one after the other.
  struct Inclusion {
    std::vector<std::string> names;
    std::size_t next = 0;
    IncludePolicy policy;     // in force where the include stands
    IncludePolicy checks;     // with those of its own
    WrittenAt at;             // line 0: the main files
    std::uint32_t outer = 0;  // the context it stands in
    Position place;
    std::uint32_t length = 1;
  };
  struct OpenFile {
    std::uint32_t file = 0;
    std::shared_ptr<const std::string> text;
    std::size_t at = 0;
    std::uint32_t line = 0;  // of the last one that was taken
    std::uint32_t context = 0;
    std::string canonical;
    std::string folder;
    IncludePolicy policy;
    bool is_in_globals = false;
    std::size_t global_depth = 0;  // in global_defs: the blocks that are open
  };
  struct Use {
    DefinitionPointer definition;
    std::size_t next = 1;
    std::uint32_t context = 0;
  };
  struct Repetition {
    Sequence sequence;
    std::uint64_t next = 0;
    WrittenLine body;
  };
  using Source = std::variant<Inclusion, OpenFile, Use, Repetition>;
  enum class Directive : std::uint8_t { none, include, condition, definition, sequence };

  void step(Inclusion& inclusion);
  void step(OpenFile& file);
  void step(Use& use);
  void step(Repetition& repetition);

  void open(const std::string& name, const Inclusion& inclusion);
  void report_unsuitable(const std::string& name, const FileText& file, const Inclusion& inclusion);
  bool is_open(const std::string& canonical) const;
  std::string_view next_line(OpenFile& file);
  void copy(const OpenFile& file);
  [[nodiscard]] static bool needs_work(std::string_view line);
  static void watch_global_defs(std::string_view line, OpenFile& file);

  void handle(WrittenLine line);
  [[nodiscard]] static Directive directive_of(std::string_view text);
  [[nodiscard]] static std::size_t next_directive(std::string_view text);
  bool use_whole(WrittenLine& line);
  void put(Expansion expansion);
  void push_rest(Expansion& expansion);
  void use(const DefinitionPointer& definition, std::size_t first, WrittenLine& line);
  void push(Source source);
  void include(WrittenLine written);
  [[nodiscard]] bool holds(WrittenLine& line);
  void define(WrittenLine line);
  void read_continuation(const WrittenLine& line, Definition* definition);
  void repeat(WrittenLine line);
  Expansion expanded(WrittenLine line);
  void report(const Trouble& trouble, const Place& place);

  void write(const WrittenLine& line);
  Place place_in(WrittenLine& line, std::size_t begin, std::size_t length);
  void add(Severity severity, Status status, const Place& place, std::string text, std::string hint);
  void refuse(const Place& place, std::string text, std::string hint);
  bool spend(std::size_t made_lines);
  void check_size();
  void stop(const Place& place, std::string what);
  void stop_for_definitions(const Place& place);
  OpenFile* innermost_file();

  const Files& files_;
  const LoadSettings& settings_;
  SourceMap& map_;
  Diagnostics& out_;
  Definitions definitions_;
  std::string text_;
  std::uint32_t lines_ = 0;  // of text_
  std::vector<Source> sources_;
  std::unordered_map<std::string, std::pair<std::uint32_t, std::shared_ptr<const std::string>>> known_;  // by name
  std::size_t read_ = 0;    // octets of all files
  std::size_t opened_ = 0;  // files
  std::size_t made_lines_ = 0;
  std::size_t replacements_ = 0;
  bool is_stopped_ = false;
};

}  // namespace baton::config
