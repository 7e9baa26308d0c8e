#include "ctl/format_command.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "ctl/command_line.hpp"
#include "ctl/file.hpp"

namespace baton::ctl {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUntidy = "a {\n  b\n}\n";
constexpr const char* kTidy = "a {\n    b\n}\n";

class Folder {
 public:
  Folder() {
    std::string name = fs::temp_directory_path() / "batonctl-test-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return path_ / name; }
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return path(name);
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path_ / name).rdbuf();
    return text.str();
  }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
  }

 private:
  fs::path path_;
};

struct Outcome {
  int status;
  std::string output;
  std::string errors;
};

Outcome run_on(const FormatRequest& request, const std::string& input = "") {
  const Folder streams;
  const int in = ::open(streams.write("in", input).c_str(), O_RDONLY | O_CLOEXEC);
  const int out = ::open(streams.path("out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const int err = ::open(streams.path("err").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const int status = run_format(request, {in, out, err});
  for (const int file : {in, out, err})
    ::close(file);
  return {status, streams.read("out"), streams.read("err")};
}

TEST_CASE("standard input goes to standard output") {
  const Outcome done = run_on({}, kUntidy);
  CHECK(done.status == 0);
  CHECK(done.output == kTidy);
  CHECK(done.errors.empty());
  CHECK(run_on({.files = {"-"}}, kUntidy).output == kTidy);
}

TEST_CASE("--check names what would change, and changes nothing") {
  const Folder folder;
  const std::string untidy = folder.write("untidy", kUntidy);
  const std::string tidy = folder.write("tidy", kTidy);
  const Outcome done = run_on({.files = {tidy, untidy}, .is_check = true});
  CHECK(done.status == kWouldChange);
  CHECK(done.output == untidy + "\n");
  CHECK(folder.read("untidy") == kUntidy);
  CHECK(run_on({.files = {tidy}, .is_check = true}).status == 0);
}

TEST_CASE("--in-place replaces a file and keeps its mode; nothing else is left behind") {
  const Folder folder;
  const std::string path = folder.write("file", kUntidy);
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  CHECK(run_on({.files = {path}, .is_in_place = true}).status == 0);
  CHECK(folder.read("file") == kTidy);
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777U) == 0640);
  CHECK(folder.files() == 1);
}

TEST_CASE("the owner is kept") {
  if (::geteuid() != 0) {
    MESSAGE("NOT CHECKED: only root can give files away");
    return;
  }
  const Folder folder;
  const std::string path = folder.write("file", kUntidy);
  REQUIRE(::chown(path.c_str(), 65534, 65533) == 0);
  CHECK(run_on({.files = {path}, .is_in_place = true}).status == 0);
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK(status.st_uid == 65534);
  CHECK(status.st_gid == 65533);
}

TEST_CASE("a file that is laid out already is not touched") {
  const Folder folder;
  const std::string path = folder.write("file", kTidy);
  struct stat before {};
  struct stat after {};
  REQUIRE(::stat(path.c_str(), &before) == 0);
  CHECK(run_on({.files = {path}, .is_in_place = true}).status == 0);
  REQUIRE(::stat(path.c_str(), &after) == 0);
  CHECK(before.st_ino == after.st_ino);
}

TEST_CASE("a symbolic link is not followed, and a second name is not left behind") {
  const Folder folder;
  const std::string path = folder.write("file", kUntidy);
  fs::create_symlink(path, folder.path("link"));
  const Outcome link = run_on({.files = {folder.path("link")}, .is_in_place = true});
  CHECK(link.status == kTrouble);
  CHECK(link.errors.find("symbolic link") != std::string::npos);
  CHECK(fs::is_symlink(folder.path("link")));
  CHECK(folder.read("file") == kUntidy);
  fs::create_hard_link(path, folder.path("other"));
  CHECK(run_on({.files = {path}, .is_in_place = true}).errors.find("hard links") != std::string::npos);
  CHECK(folder.read("other") == kUntidy);
}

TEST_CASE("a file with mistakes in its braces is told and left alone, the others are laid out") {
  const Folder folder;
  const std::string bad = folder.write("bad", "a {\n");
  const std::string good = folder.write("good", kUntidy);
  const Outcome done = run_on({.files = {bad, good}, .is_in_place = true});
  CHECK(done.status == kTrouble);
  CHECK(done.errors.find(bad + ":1:3: error: this block is not closed") != std::string::npos);
  CHECK(folder.read("bad") == "a {\n");
  CHECK(folder.read("good") == kTidy);
}

TEST_CASE("what cannot be read or replaced is told") {
  const Folder folder;
  CHECK(run_on({.files = {folder.path("nosuch")}}).errors.find("cannot be opened: No such file") != std::string::npos);
  CHECK(run_on({.files = {folder.path("")}}).errors.find("is not a regular file") != std::string::npos);
  CHECK(run_on({.files = {"-"}, .is_in_place = true}, kUntidy).status == kTrouble);
}

TEST_CASE("a file that has changed meanwhile is left as it is") {
  const Folder folder;
  const std::string path = folder.write("file", "new\n");
  const auto replaced = replace_file(path, "old\n", "other\n");
  REQUIRE(!replaced);
  CHECK(replaced.error().message.find("has changed meanwhile") != std::string::npos);
  CHECK(folder.read("file") == "new\n");
  CHECK(folder.files() == 1);
}

TEST_CASE("a bad command line is trouble, help is not") {
  const auto run_with = [](std::initializer_list<const char*> words) {
    std::vector<std::string> texts(words.begin(), words.end());
    std::vector<char*> arguments;
    for (auto& text : texts)
      arguments.push_back(text.data());
    arguments.push_back(nullptr);
    return run(static_cast<int>(texts.size()), arguments.data());
  };
  CHECK(run_with({"batonctl"}) == kTrouble);
  CHECK(run_with({"batonctl", "nosuch"}) == kTrouble);
  CHECK(run_with({"batonctl", "format", "--check", "--in-place", "x"}) == kTrouble);
  CHECK(run_with({"batonctl", "--version"}) == 0);
  CHECK(run_with({"batonctl", "format", "--help"}) == 0);
  CHECK(run_with({"batonctl", "genhash", "-h"}) == 0);
  CHECK(run_with({"batonctl", "genhash"}) == 1);
  CHECK(run_with({"/usr/bin/genhash", "-s", "nosuch"}) == 1);
}

}  // namespace
}  // namespace baton::ctl
