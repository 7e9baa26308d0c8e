// fuzz_config_load.cpp - any bytes as the files of a configuration: they are expanded within the limits, every
// diagnostic has a place that exists, and the expanded text alone says the same.
//
// A line "%%NAME" ends a file and begins the next one; the first is main.conf.
#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fnmatch.h>

#include "config/dump.hpp"
#include "config/load.hpp"
#include "core/assert.hpp"

using namespace baton;
using namespace baton::config;

namespace {

constexpr std::size_t kMostText = 200'000;

using Folder = std::map<std::string, std::string>;

Folder split(std::string_view text) {
  Folder files;
  std::string name = "/etc/main.conf";
  std::string* file = &files[name];
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    if (line.starts_with("%%") && line.size() < 40) {
      file = &files["/etc/" + std::string(line.substr(2, line.find_last_not_of("\r\n") - 1))];
      continue;
    }
    file->append(line);
  }
  return files;
}

Files files_of(const Folder& folder) {
  Files files;
  files.read = [&folder](const std::string& path) {
    const auto found = folder.find(path);
    FileText file;
    if (found == folder.end()) {
      file.fault = FileFault::missing;
      file.reason = "cannot be opened: No such file or directory";
    } else {
      file.text = found->second;
    }
    return file;
  };
  files.match = [&folder](const std::string& pattern) {
    std::vector<std::string> names;
    for (const auto& [name, text] : folder)
      if (::fnmatch(pattern.c_str(), name.c_str(), FNM_PATHNAME) == 0) names.push_back(name);
    return names;
  };
  files.canonical = [](const std::string& path) { return std::optional(path); };
  files.environment = [](const std::string& name) {
    return name.size() < 5 ? std::optional(name + "=") : std::nullopt;
  };
  files.random = [number = std::uint64_t{0}]() mutable { return ++number * 0x9E3779B97F4A7C15U; };
  return files;
}

LoadSettings small_limits() {
  LoadSettings settings;
  settings.config_id = "a";
  settings.limits.text = kMostText;
  settings.limits.made_lines = 2'000;
  settings.limits.replacements = 5'000;
  settings.limits.replacements_in_line = 100;
  settings.limits.files = 100;
  settings.limits.depth = 8;
  settings.limits.definitions = 500;
  return settings;
}

void check_diagnostics(const Diagnostics& diagnostics) {
  ASSERT(diagnostics.all().size() <= Diagnostics::kMaxShown);
  std::size_t rendered = 0;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    ASSERT(!diagnostic.text.empty() && diagnostic.length > 0);
    if (rendered++ >= 10) break;  // showing takes longer than finding
    const std::string shown = diagnostics.render(diagnostic) + diagnostics.render_line(diagnostic);
    ASSERT(shown.size() < 20'000);
    ASSERT(std::ranges::all_of(shown, [](char c) { return static_cast<unsigned char>(c) >= ' ' || c == '\n'; }));
  }
  const std::set<int> statuses = {0, 2, 4, 5, 6};
  ASSERT(statuses.contains(diagnostics.exit_status()) && statuses.contains(diagnostics.refusal()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMostText) return 0;
  const Folder folder = split({reinterpret_cast<const char*>(data), size});
  const Loaded loaded = load(files_of(folder), small_limits(), "/etc/main.conf");
  ASSERT(loaded.text != nullptr && loaded.text->size() <= kMostText + 5'000);
  check_diagnostics(loaded.parsed.diagnostics);
  const Parsed again = parse(*loaded.text, "expanded");
  ASSERT(again.config == loaded.parsed.config);
  return 0;
}
