// Configurations with everything that is said of them, their exit status, and the Config that is left.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "config/load.hpp"

namespace baton::config {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(BATON_SOURCE_DIR) / "tests" / "golden" / "config";

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> inputs() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(kFolder))
    if (entry.path().extension() == ".conf") paths.push_back(entry.path());
  std::ranges::sort(paths);
  return paths;
}

/// A director with eth0 and eth1, scripts below /usr/local/bin, and the users of a plain system.
Environment machine() {
  Environment environment;
  environment.interface_exists = [](std::string_view name) { return name == "eth0" || name == "eth1" || name == "lo"; };
  environment.executable_exists = [](std::string_view name) { return name.starts_with("/usr/local/bin/"); };
  environment.user_exists = [](std::string_view name) { return name == "root" || name == "nobody"; };
  environment.group_exists = [](std::string_view name) { return name == "root" || name == "nogroup"; };
  return environment;
}

/// The files beside the configuration, and a machine that is the same every day.
Files files() {
  Files files;
  files.read = [](const std::string& name) -> FileText {
    if (fs::is_directory(kFolder / name)) return {{}, FileFault::directory, "is a directory"};
    if (!fs::exists(kFolder / name)) return {{}, FileFault::missing, "cannot be opened: No such file or directory"};
    return {contents(kFolder / name), FileFault::none, {}};
  };
  files.match = [](const std::string& pattern) {
    std::vector<std::string> names;
    const fs::path folder = fs::path(pattern).parent_path();
    for (const auto& entry : fs::directory_iterator(kFolder / folder))
      if (entry.path().extension() == fs::path(pattern).extension())
        names.push_back((folder / entry.path().filename()).string());
    std::ranges::sort(names);
    return names;
  };
  files.canonical = [](const std::string& name) -> std::optional<std::string> {
    return fs::exists(kFolder / name) ? std::optional("/etc/baton/" + name) : std::nullopt;
  };
  files.environment = [](const std::string& name) { return std::optional("value-of-" + name); };
  files.random = [] { return 7; };
  return files;
}

std::string outcome(const fs::path& path) {
  LoadSettings settings;
  settings.config_id = "node1";
  Parsed parsed = load(files(), settings, path.filename().string()).parsed;
  check_environment(machine(), parsed);
  const Diagnostics& out = parsed.diagnostics;
  return out.render_all() + "-- exit status " + std::to_string(out.exit_status()) + ", refusal " +
         std::to_string(out.refusal()) + "\n" + dump(parsed.config);
}

TEST_CASE("each configuration has the outcome that is written beside it") {
  const std::vector<fs::path> paths = inputs();
  REQUIRE(paths.size() >= 15);
  const bool is_update = std::getenv("UPDATE_GOLDEN") != nullptr;  // NOLINT(concurrency-mt-unsafe): one thread
  for (const fs::path& path : paths) {
    const fs::path expected = fs::path(path).replace_extension(".txt");
    const std::string found = outcome(path);
    if (is_update) std::ofstream(expected, std::ios::binary) << found;
    CHECK_MESSAGE(found == contents(expected), path.filename().string());
  }
}

TEST_CASE("no expectation stands alone") {
  for (const auto& entry : fs::directory_iterator(kFolder))
    if (entry.path().extension() == ".txt")
      CHECK_MESSAGE(fs::exists(fs::path(entry.path()).replace_extension(".conf")), entry.path().string());
}

TEST_CASE("what was left of each configuration, written out, has no mistakes and says itself") {
  for (const fs::path& path : inputs()) {
    const std::string once = dump(parse(contents(path), "f").config);
    const Parsed again = parse(once, "dump");
    CHECK_MESSAGE(!again.diagnostics.has_errors(), path.filename().string() << again.diagnostics.render_all());
    CHECK_MESSAGE(dump(again.config) == once, path.filename().string());
  }
}

}  // namespace
}  // namespace baton::config
