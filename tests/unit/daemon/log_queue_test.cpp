#include "daemon/log_queue.hpp"

#include <future>
#include <vector>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon::log;
using namespace std::chrono_literals;

namespace {

Line line(std::string text) {
  return {Level::info, std::chrono::system_clock::now(), std::move(text)};
}

/// A log whose reader can be stopped.
class Reader {
 public:
  LogQueue::Sink sink() {
    return [this](const Line& line, bool /*more*/) {
      std::unique_lock lock(mutex_);
      ++entered_;
      changed_.notify_all();
      changed_.wait(lock, [this] { return !stalled_; });
      lines_.push_back(line.text);
    };
  }
  void stall(bool stalled) {
    const std::lock_guard lock(mutex_);
    stalled_ = stalled;
    changed_.notify_all();
  }
  /// Until the sink was called that often.
  void wait_for_entry(int count) {
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, 10s, [&] { return entered_ >= count; }));
  }
  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  int entered_ = 0;
  bool stalled_ = false;
};

}  // namespace

TEST_CASE("lines come out in order, those written before the start too") {
  Reader reader;
  LogQueue queue(100);
  queue.write(line("before"));
  CHECK_FALSE(queue.flush(1ms));
  queue.start(reader.sink());
  for (int i = 0; i < 50; ++i)
    queue.write(line(std::to_string(i)));
  REQUIRE(queue.flush(10s));
  const auto lines = reader.lines();
  REQUIRE(lines.size() == 51);
  CHECK(lines[0] == "before");
  for (int i = 0; i < 50; ++i)
    CHECK(lines[static_cast<std::size_t>(i) + 1] == std::to_string(i));
  CHECK(queue.dropped() == 0);
}

TEST_CASE("a reader that stands still costs lines, never time, and is told how many") {
  Reader reader;
  LogQueue queue(10);
  queue.start(reader.sink());
  reader.stall(true);
  queue.write(line("first"));
  reader.wait_for_entry(1);  // the thread is stuck in the sink with this line
  const auto start = Clock::now();
  for (int i = 0; i < 1000; ++i)
    queue.write(line(std::to_string(i)));
  CHECK(Clock::now() - start < 5s);  // a blocked writer would still stand here
  CHECK(queue.dropped() == 990);
  CHECK_FALSE(queue.flush(10ms));

  reader.stall(false);
  REQUIRE(queue.flush(10s));
  const auto lines = reader.lines();
  REQUIRE(lines.size() == 12);
  CHECK(lines[0] == "first");
  CHECK(lines[1] == "990 lines were dropped here: the log was not being read");
  CHECK(lines[2] == "990");
  CHECK(lines[11] == "999");

  queue.write(line("after"));
  REQUIRE(queue.flush(10s));
  CHECK(reader.lines().back() == "after");
  CHECK(reader.lines().size() == 13);
}

TEST_CASE("a flush ends at its deadline") {
  Reader reader;
  LogQueue queue(10);
  queue.start(reader.sink());
  reader.stall(true);
  queue.write(line("stuck"));
  reader.wait_for_entry(1);
  const auto start = Clock::now();
  CHECK_FALSE(queue.flush(50ms));
  CHECK(Clock::now() - start >= 50ms);
  reader.stall(false);
  CHECK(queue.flush(10s));
}

TEST_CASE("an empty queue ends without a thread, and flushes at once") {
  LogQueue queue(1);
  CHECK(queue.flush(0ms));
}

TEST_CASE("control characters cannot forge a line") {
  CHECK(harmless("plain text, with ümläuts") == "plain text, with ümläuts");
  CHECK(harmless("one\ntwo\r\t\x1b[31m") == "one\\x0atwo\\x0d\\x09\\x1b[31m");
  CHECK(harmless(std::string_view("nul\0del\x7f", 8)) == "nul\\x00del\\x7f");
  CHECK(harmless("") == "");
  const auto cut = harmless(std::string(2 * kMaxLine, 'x'));
  CHECK(cut.size() == kMaxLine + 3);
  CHECK(cut.substr(kMaxLine) == "...");
}
