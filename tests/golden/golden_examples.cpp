// The example configurations are free of mistakes, are laid out as the formatter would, and cover every kind of
// cluster.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "config/format.hpp"
#include "config/parse.hpp"

namespace baton::config {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(BATON_SOURCE_DIR) / "etc" / "examples";

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

template <class Visit>
void each_example(Visit visit) {
  for (const auto& entry : fs::directory_iterator(kFolder))
    if (entry.path().extension() == ".conf") visit(entry.path().filename().string(), contents(entry.path()));
}

TEST_CASE("no example has a mistake, and each reads back as it was understood") {
  each_example([](const std::string& name, const std::string& text) {
    const Parsed parsed = parse(text, name);
    CHECK_MESSAGE(parsed.diagnostics.exit_status() == 0, parsed.diagnostics.render_all());
    for (const Diagnostic& diagnostic : parsed.diagnostics.all())
      CHECK_MESSAGE(diagnostic.severity == Severity::note, parsed.diagnostics.render(diagnostic));
    const std::string once = dump(parsed.config);
    CHECK_MESSAGE(dump(parse(once, name).config) == once, name);
    CHECK_MESSAGE(parsed.config.vrrp_instances.size() == 1, name);
    CHECK_MESSAGE(!parsed.config.virtual_servers.empty(), name);
  });
}

TEST_CASE("the examples are laid out") {
  each_example([](const std::string& name, const std::string& text) {
    const bool is_laid_out = format(text, name).text == text;
    CHECK_MESSAGE(is_laid_out, name << ": batonctl format --in-place lays it out");
  });
}

TEST_CASE("there is an example of every kind of cluster, and the README names it") {
  std::set<std::string> names;
  each_example([&](const std::string& name, const std::string&) { names.insert(name); });
  const std::string readme = contents(kFolder / "README.md");
  for (const char* name : {"nat", "dr", "tun", "pair"}) {
    CHECK_MESSAGE(names.erase(std::string(name) + "-master.conf") == 1, name);
    CHECK_MESSAGE(names.erase(std::string(name) + "-backup.conf") == 1, name);
    CHECK_MESSAGE(readme.find("`" + std::string(name) + "-*.conf`") != std::string::npos, name);
  }
  CHECK(names.size() >= 3);
  for (const std::string& name : names)
    CHECK_MESSAGE(readme.find("`" + name + "`") != std::string::npos, name);
}

TEST_CASE("the two files of a pair differ in three lines and their first") {
  for (const char* mode : {"nat", "dr", "tun", "pair"}) {
    std::istringstream master(contents(kFolder / (std::string(mode) + "-master.conf")));
    std::istringstream backup(contents(kFolder / (std::string(mode) + "-backup.conf")));
    std::string one;
    std::string other;
    int different = 0;
    while (std::getline(master, one) && std::getline(backup, other))
      different += one == other ? 0 : 1;
    CHECK_MESSAGE(different == 4, mode);
  }
}

}  // namespace
}  // namespace baton::config
