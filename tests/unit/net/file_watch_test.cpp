#include "net/file_watch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::net;
using namespace std::chrono_literals;

namespace {

struct Bench {
  std::string folder;
  boost::asio::io_context io;
  std::vector<std::string> changed;
  FileWatch watch{io, [this](const std::string& path) { changed.push_back(path); }};

  Bench() {
    std::string pattern = "/tmp/baton-test-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder = pattern;
  }
  ~Bench() { std::filesystem::remove_all(folder); }

  [[nodiscard]] std::string file(const std::string& name) const { return folder + "/" + name; }
  void write(const std::string& name, const std::string& text) const { std::ofstream(file(name)) << text; }
  bool told_of(const std::string& name, Duration limit) {
    changed.clear();
    const auto end = Clock::now() + limit;
    while (Clock::now() < end) {
      io.run_one_for(20ms);
      for (const auto& path : changed)
        if (path == file(name)) return true;
    }
    return false;
  }
};

}  // namespace

TEST_CASE("file watch: written, moved into place, removed; others are nobody's business") {
  Bench bench;
  REQUIRE(bench.watch.follow({bench.file("a")}));
  bench.write("b", "1");
  CHECK_FALSE(bench.told_of("b", 100ms));
  bench.write("a", "1");
  CHECK(bench.told_of("a", 5s));
  bench.write("new", "2");
  std::filesystem::rename(bench.file("new"), bench.file("a"));
  CHECK(bench.told_of("a", 5s));
  std::filesystem::remove(bench.file("a"));
  CHECK(bench.told_of("a", 5s));
  REQUIRE(bench.watch.follow({bench.file("b")}));
  bench.write("a", "1");
  CHECK_FALSE(bench.told_of("a", 100ms));
  bench.write("b", "1");
  CHECK(bench.told_of("b", 5s));
}

TEST_CASE("file watch: a folder that comes later is found") {
  Bench bench;
  REQUIRE(bench.watch.follow({bench.file("later/a")}));
  std::filesystem::create_directory(bench.file("later"));
  bench.write("later/a", "1");
  CHECK(bench.told_of("later/a", 15s));
}

TEST_CASE("the beginning of a file") {
  const Bench bench;
  bench.write("a", "0123456789");
  CHECK(read_beginning(bench.file("a"), 4).value() == "0123");
  CHECK(read_beginning(bench.file("a"), 100).value() == "0123456789");
  CHECK_FALSE(read_beginning(bench.file("missing"), 4));
  CHECK_FALSE(read_beginning(bench.folder, 4));
}
