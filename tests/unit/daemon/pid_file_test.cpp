#include "daemon/pid_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "unit/daemon/temporary.hpp"

using namespace baton;
using namespace baton::daemon;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

struct Umask {
  explicit Umask(mode_t mask) : before(::umask(mask)) {}
  ~Umask() { ::umask(before); }
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;
  mode_t before;
};

}  // namespace

TEST_CASE("a pid file holds the number, has mode 0644 whatever the umask, and goes with its owner") {
  const TemporaryFolder folder;
  for (const mode_t mask : {0U, 0177U, 0777U}) {
    const Umask umask(mask);
    auto file = PidFile::create(folder.file("pid"));
    REQUIRE(file);
    CHECK(file->write(1234));
    CHECK(folder.read("pid") == "1234\n");
    CHECK(mode_of(folder.file("pid")) == 0644);
    CHECK(file->write(77777));
    CHECK(folder.read("pid") == "77777\n");
    CHECK(file->write(1));
    CHECK(folder.read("pid") == "1\n");
    auto moved = std::move(*file);
    CHECK(folder.has("pid"));
    file = failure("gone");
    CHECK(folder.has("pid"));
    { const auto last = std::move(moved); }
    CHECK_FALSE(folder.has("pid"));
  }
}

TEST_CASE("a second daemon is refused and told by whom; a file left behind is taken over") {
  const TemporaryFolder folder;
  {
    auto first = PidFile::create(folder.file("pid"));
    REQUIRE(first);
    CHECK(first->write(4711));
    const auto second = PidFile::create(folder.file("pid"));
    REQUIRE_FALSE(second);
    CHECK(second.error().message == "batond runs already: process 4711 holds the pid file " + folder.file("pid"));
    CHECK(folder.has("pid"));
  }
  folder.write("pid", "4711\n");  // its daemon was killed
  auto file = PidFile::create(folder.file("pid"));
  REQUIRE(file);
  CHECK(file->write(12));
  CHECK(folder.read("pid") == "12\n");
}

TEST_CASE("nothing but a regular file is written, and no link is followed") {
  const TemporaryFolder folder;
  folder.write("secret", "precious");
  REQUIRE(::symlink(folder.file("secret").c_str(), folder.file("link").c_str()) == 0);
  const auto link = PidFile::create(folder.file("link"));
  REQUIRE_FALSE(link);
  CHECK(link.error().message.find(folder.file("link")) != std::string::npos);
  CHECK(folder.read("secret") == "precious");

  REQUIRE(::mkfifo(folder.file("fifo").c_str(), 0600) == 0);
  CHECK_FALSE(PidFile::create(folder.file("fifo")));
  CHECK_FALSE(PidFile::create(folder.file("")));
  CHECK_FALSE(PidFile::create(folder.file("missing/pid")));
}

TEST_CASE("a file that somebody else put in its place is left alone") {
  const TemporaryFolder folder;
  auto file = PidFile::create(folder.file("pid"));
  REQUIRE(file);
  REQUIRE(::unlink(folder.file("pid").c_str()) == 0);
  folder.write("pid", "other");
  file = failure("gone");
  CHECK(folder.read("pid") == "other");
}

TEST_CASE("the runtime directory") {
  const TemporaryFolder folder;
  const Umask umask(0177);
  CHECK(make_runtime_directory(folder.file("run")));
  CHECK(mode_of(folder.file("run")) == 0755);
  CHECK(make_runtime_directory(folder.file("run")));
  CHECK_FALSE(make_runtime_directory(folder.file("missing/run")));
}
