#include "daemon/notify_pipe.hpp"

#include <array>

#include <fcntl.h>
#include <sys/stat.h>

#include "unit/daemon/temporary.hpp"

using namespace baton;
using namespace baton::daemon;

namespace {

std::string read_all(int fd) {
  std::array<char, 4096> text{};
  const auto length = ::read(fd, text.data(), text.size());
  return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : std::string();
}

bool is_there(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

}  // namespace

TEST_CASE("a pipe is made, told lines while somebody reads or not, and taken away") {
  const TemporaryFolder folder;
  const auto path = folder.file("pipe");
  {
    auto pipe = NotifyPipe::open(path, "", "");
    REQUIRE(pipe);
    CHECK(pipe->write("VS FWM 7 UP\n"));  // nobody reads yet
    const FileDescriptor reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK));
    REQUIRE(reader);
    CHECK(read_all(reader.number()) == "VS FWM 7 UP\n");
    CHECK(pipe->write("VS FWM 7 DOWN\n"));
    CHECK(read_all(reader.number()) == "VS FWM 7 DOWN\n");
  }
  CHECK_FALSE(is_there(path));
}

TEST_CASE("a pipe that was there stays; a full one loses whole lines") {
  const TemporaryFolder folder;
  const auto path = folder.file("pipe");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  {
    auto pipe = NotifyPipe::open(path, "", "");
    REQUIRE(pipe);
    const std::string line(1000, 'x');
    int written = 0;
    while (pipe->write(line) && written < 10000)
      ++written;
    CHECK(written >= 10);
    CHECK(written < 10000);
  }
  CHECK(is_there(path));
}

TEST_CASE("what is no pipe, a link to one, a folder that is not there and a user nobody knows are refused") {
  const TemporaryFolder folder;
  const auto file = folder.write("file", "text", 0600);
  const auto refused = NotifyPipe::open(file, "", "");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == file + " is there and is no pipe");
  CHECK(folder.read("file") == "text");
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  REQUIRE(::symlink(folder.file("pipe").c_str(), folder.file("link").c_str()) == 0);
  CHECK_FALSE(NotifyPipe::open(folder.file("link"), "", ""));
  CHECK_FALSE(NotifyPipe::open(folder.file("missing/pipe"), "", ""));
  CHECK_FALSE(NotifyPipe::open(folder.file("other"), "nosuchuser", ""));
  CHECK_FALSE(is_there(folder.file("other")));
}
