// fuzz_preprocess.cpp - any bytes as several files that include one another: bounded, every place within a file, and
// the expanded text means the same to whoever is handed it.
#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "config/dump.hpp"
#include "config/load.hpp"
#include "config/preprocessor.hpp"
#include "core/assert.hpp"

using namespace baton;
using namespace baton::config;

namespace {

using Texts = std::map<std::string, std::string>;

/// Files are parted by lines "=== NAME"; the first one is "main".
Texts split(std::string_view text) {
  constexpr std::string_view kMark = "\n=== ";
  Texts texts;
  std::string name = "main";
  for (;;) {
    const std::size_t end = std::min(text.find(kMark), text.size());
    texts[name] = text.substr(0, end);
    if (end == text.size()) return texts;
    text.remove_prefix(end + kMark.size());
    const std::size_t line = std::min(text.find('\n'), text.size());
    name = text.substr(0, line);
    text.remove_prefix(std::min(line + 1, text.size()));
  }
}

Files files_of(const Texts& texts) {
  Files files;
  files.read = [&texts](const std::string& name) -> FileText {
    const auto found = texts.find(name);
    if (found == texts.end()) return {{}, FileFault::missing, "is missing"};
    if (found->second.starts_with("EXECUTABLE")) return {{}, FileFault::executable, "is executable"};
    return {found->second, FileFault::none, {}};
  };
  files.match = [&texts](const std::string& pattern) {
    std::vector<std::string> names;
    for (const auto& [name, text] : texts)
      if (name.front() == pattern.front()) names.push_back(name);
    return names;
  };
  files.canonical = [&texts](const std::string& name) {
    return texts.contains(name) ? std::optional("/" + name) : std::nullopt;
  };
  files.environment = [](const std::string& name) { return name.size() > 3 ? std::optional(name) : std::nullopt; };
  files.random = [] { return 5; };
  return files;
}

LoadSettings settings() {
  LoadSettings settings;
  settings.config_id = "id";
  settings.limits = {.text = 1U << 20U,
                     .made_lines = 2000,
                     .replacements = 5000,
                     .replacements_in_line = 100,
                     .files = 50,
                     .depth = 10,
                     .definitions = 500,
                     .nesting = 50};
  return settings;
}

void check_places(const Diagnostics& diagnostics, const Texts& texts) {
  constexpr std::size_t kRendered = 10;  // showing takes longer than finding
  std::size_t rendered = 0;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    const Origin origin = diagnostics.origin(diagnostic);
    const auto file = texts.find(std::string(origin.file));
    ASSERT(file != texts.end());
    const auto lines = static_cast<std::uint32_t>(std::ranges::count(file->second, '\n')) + 1;
    ASSERT(origin.line <= lines && origin.length > 0);
    ASSERT(origin.line == 0 || file->second.find(origin.text) != std::string::npos);
    if (rendered++ >= kRendered) continue;
    const std::string shown = diagnostics.render(diagnostic) + diagnostics.render_line(diagnostic);
    ASSERT(std::ranges::all_of(shown, [](char c) { return static_cast<unsigned char>(c) >= ' ' || c == '\n'; }));
  }
  ASSERT(diagnostics.all().size() <= Diagnostics::kMaxShown);
  ASSERT(std::ranges::is_sorted(diagnostics.all(), {}, &Diagnostic::position));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Texts texts = split({reinterpret_cast<const char*>(data), size});
  if (texts.contains("")) return 0;  // no file is called that
  const LoadSettings limits = settings();
  const Loaded loaded = load(files_of(texts), limits, "main");
  check_places(loaded.parsed.diagnostics, texts);
  ASSERT(loaded.text->size() <= limits.limits.text + size + 2 * kMaxExpandedLine);
  ASSERT(dump(parse(*loaded.text, "expanded").config) == dump(loaded.parsed.config));
  const std::string& main = texts.at("main");
  if (!has_directives(main) && !main.starts_with("EXECUTABLE")) ASSERT(*loaded.text == main);
  return 0;
}
