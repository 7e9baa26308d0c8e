// preprocessing.hpp - what the tests of the preprocessor share: files that exist only in the test, and what is made of
// them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "config/preprocessor.hpp"

namespace baton::config {

/// Names to texts; a text of these words alone is a file that cannot be read.
using Texts = std::map<std::string, std::string>;
inline constexpr const char* kIsFolder = "(folder)";
inline constexpr const char* kIsExecutable = "(executable)";

/// `*` matches any octets, within one folder; nothing else is a wildcard here.
inline bool matches(const std::string& pattern, const std::string& name) {
  const std::size_t star = pattern.find('*');
  if (star == std::string::npos) return pattern == name;
  const std::string tail = pattern.substr(star + 1);
  return name.size() + 1 >= pattern.size() && name.starts_with(pattern.substr(0, star)) && name.ends_with(tail) &&
         name.find('/', star) == std::string::npos;
}

inline Files files_of(const Texts& texts) {
  Files files;
  files.read = [texts](const std::string& name) -> FileText {
    const auto found = texts.find(name);
    if (found == texts.end()) return {{}, FileFault::missing, "cannot be opened"};
    if (found->second == kIsFolder) return {{}, FileFault::directory, "is a directory"};
    if (found->second == kIsExecutable) return {{}, FileFault::executable, "is executable"};
    return {found->second, FileFault::none, {}};
  };
  files.match = [texts](const std::string& pattern) {
    std::vector<std::string> names;
    for (const auto& [name, text] : texts)
      if (matches(pattern, name)) names.push_back(name);
    return names;
  };
  files.canonical = [texts](const std::string& name) -> std::optional<std::string> {
    for (const auto& [known, text] : texts)
      if (known == name || known.starts_with(name.ends_with('/') ? name : name + "/"))
        return name.starts_with('/') ? name : "/etc/" + name;
    return std::nullopt;
  };
  files.environment = [](const std::string& name) {
    return name == "SITE" ? std::optional<std::string>("paris") : std::nullopt;
  };
  files.random = [] { return 12; };
  return files;
}

struct Preprocessed {
  std::string text;
  Diagnostics diagnostics;
};

/// The expanded text of "main", without its empty lines, and what was said on the way.
inline Preprocessed preprocessed(const Texts& texts, const LoadSettings& settings) {
  const auto map = std::make_shared<SourceMap>();
  Preprocessed done{"", Diagnostics(map)};
  const Files files = files_of(texts);
  const std::string text = Preprocessor(files, settings, *map, done.diagnostics).run({"main"});
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    if (end > start) done.text += text.substr(start, end + 1 - start);
    start = end + 1;
  }
  return done;
}

inline LoadSettings node1() {
  LoadSettings settings;
  settings.config_id = "node1";
  return settings;
}

inline Preprocessed preprocessed(const Texts& texts) {
  return preprocessed(texts, node1());
}

/// Of a main file alone, which has nothing to be reported.
inline std::string expansion(const std::string& main) {
  const Preprocessed done = preprocessed({{"main", main}});
  return done.text + done.diagnostics.render_all();
}

/// "file:line:column text" of each diagnostic, one a line.
inline std::string places(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    const Origin origin = diagnostics.origin(diagnostic);
    text += std::string(origin.file) + ":" + std::to_string(origin.line) + ":" + std::to_string(origin.column) + " " +
            diagnostic.text + "\n";
  }
  return text;
}

}  // namespace baton::config
