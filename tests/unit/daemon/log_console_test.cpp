#include "daemon/log_console.hpp"

#include <array>

#include <fcntl.h>
#include <unistd.h>

#include <climits>
#include <doctest/doctest.h>

using namespace baton::daemon::log;

namespace {

/// A pipe with the console at its end: a packet is what was written at once.
class Pipe {
 public:
  Pipe() { REQUIRE(::pipe2(ends_.data(), O_DIRECT | O_NONBLOCK) == 0); }
  ~Pipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  [[nodiscard]] int end() const { return ends_[1]; }
  /// What was written at once; empty when there is nothing.
  std::string read() {
    std::string packet(2 * PIPE_BUF, '\0');
    const auto size = ::read(ends_[0], packet.data(), packet.size());
    packet.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return packet;
  }

 private:
  std::array<int, 2> ends_{};
};

Line line(std::string text, Level level = Level::info) {
  return {level, std::chrono::system_clock::now(), std::move(text)};
}

}  // namespace

TEST_CASE("console: a line with its time, who says it, and how bad it is") {
  Pipe pipe;
  LogConsole console(pipe.end(), "batond_vrrp");
  console.write(line("hello", Level::warning), false);
  const std::string written = pipe.read();
  CHECK(written.size() == std::string("2026-11-27 07:39:33.167 ").size() +
                              std::string("batond_vrrp[] warning: hello\n").size() + std::to_string(::getpid()).size());
  CHECK(written.find(" batond_vrrp[" + std::to_string(::getpid()) + "] warning: hello\n") == 23);
  CHECK(written.substr(4, 1) == "-");
  CHECK(written.substr(19, 1) == ".");
}

TEST_CASE("console: lines that follow at once are written together, and whole lines only") {
  Pipe pipe;
  LogConsole console(pipe.end(), "batond");
  constexpr int kLines = 200;
  for (int i = 0; i < kLines; ++i)
    console.write(line(std::to_string(i) + " " + std::string(60, 'x')), i + 1 < kLines);
  int lines = 0;
  int packets = 0;
  for (auto packet = pipe.read(); !packet.empty(); packet = pipe.read()) {
    CHECK(packet.size() <= PIPE_BUF);
    CHECK(packet.back() == '\n');
    for (const char c : packet)
      lines += c == '\n' ? 1 : 0;
    ++packets;
  }
  CHECK(lines == kLines);
  CHECK(packets <= 8);
}

TEST_CASE("console: nobody reads any more: lines are lost, nothing else") {
  LogConsole console(-1, "batond");
  console.write(line("lost"), false);
  console.write(line("lost"), false);
}
