#include "net/alarms.hpp"

#include <functional>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <doctest/doctest.h>

using namespace baton;
using namespace baton::net;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

class Bell final : public Alarm {
 public:
  explicit Bell(std::function<void()> rung) : rung_(std::move(rung)) {}

 private:
  void ring() override { rung_(); }
  std::function<void()> rung_;
};

}  // namespace

TEST_CASE("alarms ring in order, not before their time") {
  asio::io_context io(1);
  Alarms alarms(io.get_executor(), Alarms::Stall::counts);
  std::vector<Instant> rung;
  std::vector<std::unique_ptr<Bell>> bells;
  std::mt19937 random(7);
  const Instant start = alarms.now();
  for (int i = 0; i < 1000; ++i) {
    const Instant at = start + 10ms + random() % 50 * 1ms;
    bells.push_back(std::make_unique<Bell>([&, at] {
      CHECK(Clock::now() >= at);
      rung.push_back(at);
    }));
    alarms.set(*bells.back(), at);
  }
  io.run();
  CHECK(rung.size() == 1000);
  CHECK(std::ranges::is_sorted(rung));
}

TEST_CASE("neighbours within a millisecond are served in one turn of the loop") {
  asio::io_context io(1);
  Alarms alarms(io.get_executor(), Alarms::Stall::counts);
  int rung = 0;
  std::vector<std::unique_ptr<Bell>> bells;
  const auto whole = std::chrono::ceil<std::chrono::milliseconds>(alarms.now().time_since_epoch()) + 20ms;
  for (int i = 1; i <= 200; ++i) {
    bells.push_back(std::make_unique<Bell>([&] { ++rung; }));
    alarms.set(*bells.back(), Instant(whole) + i * 5us);
  }
  while (rung == 0)
    io.run_one();
  CHECK(rung == 200);
}

TEST_CASE("an alarm can be moved, unset, and set again by its own ringing") {
  asio::io_context io(1);
  Alarms alarms(io.get_executor(), Alarms::Stall::counts);
  std::string order;
  Bell never([&] { order += 'n'; });
  Bell later([&] { order += 'l'; });
  int left = 3;
  Bell again([&] {
    order += 'a';
    if (--left > 0) {
      alarms.set(again, alarms.now() + 5ms);
    } else {
      alarms.set(later, alarms.now() + 5ms);
    }
  });
  const Instant start = alarms.now();
  alarms.set(never, start + 5ms);
  alarms.set(later, start + 1ms);
  alarms.set(again, start + 2ms);
  alarms.set(later, start + 1h);
  CHECK(never.is_set());
  never.unset();
  never.unset();
  CHECK_FALSE(never.is_set());
  CHECK(later.at() == start + 1h);
  io.run();
  CHECK(order == "aaal");
  CHECK_FALSE(later.is_set());
}

TEST_CASE("an earlier alarm is not held up by the one that was first before") {
  asio::io_context io(1);
  Alarms alarms(io.get_executor(), Alarms::Stall::counts);
  Bell late([] {});
  bool rung = false;
  Bell early([&] {
    rung = true;
    late.unset();
    io.stop();
  });
  alarms.set(late, alarms.now() + 1h);
  alarms.set(early, alarms.now() + 10ms);
  io.run_for(5s);
  CHECK(rung);
}

TEST_CASE("ringing may destroy the others, and all alarms with them") {
  asio::io_context io(1);
  auto alarms = std::make_unique<Alarms>(io.get_executor(), Alarms::Stall::counts);
  int rung = 0;
  std::unique_ptr<Bell> second;
  Bell third([&] { ++rung; });
  Bell first([&] {
    ++rung;
    second.reset();
    alarms.reset();
  });
  second = std::make_unique<Bell>([&] { ++rung; });
  const Instant at = alarms->now() + 5ms;
  alarms->set(first, at);
  alarms->set(*second, at);
  alarms->set(third, at);
  io.run_for(200ms);
  CHECK(rung == 1);
  CHECK_FALSE(third.is_set());
}

TEST_CASE("alarms and their bells may go in any order, before the loop") {
  asio::io_context io(1);
  bool rung = false;
  auto bell = std::make_unique<Bell>([&] { rung = true; });
  {
    Alarms alarms(io.get_executor(), Alarms::Stall::counts);
    alarms.set(*bell, alarms.now() + 1ms);
  }
  CHECK_FALSE(bell->is_set());
  Alarms others(io.get_executor(), Alarms::Stall::counts);
  others.set(*bell, others.now() + 1ms);
  bell.reset();
  io.run_for(50ms);
  CHECK_FALSE(rung);
}

TEST_CASE("many that are due at once leave room for other events") {
  asio::io_context io(1);
  Alarms alarms(io.get_executor(), Alarms::Stall::counts);
  int rung = 0;
  int rung_before_the_event = 0;
  std::vector<std::unique_ptr<Bell>> bells;
  const Instant at = alarms.now();
  for (int i = 0; i < 2000; ++i) {
    bells.push_back(std::make_unique<Bell>([&] {
      if (++rung == 1) asio::post(io, [&] { rung_before_the_event = rung; });
    }));
    alarms.set(*bells.back(), at);
  }
  io.run();
  CHECK(rung == 2000);
  CHECK(rung_before_the_event > 0);
  CHECK(rung_before_the_event < 1000);
}

TEST_CASE("a stall is forgiven where answers may have come meanwhile, and counts elsewhere") {
  for (const auto stall : {Alarms::Stall::forgiven, Alarms::Stall::counts}) {
    asio::io_context io(1);
    Alarms alarms(io.get_executor(), stall);
    Instant rung;
    Bell bell([&] { rung = Clock::now(); });
    Bell second([] {});
    const Instant start = alarms.now();
    alarms.set(bell, start + 100ms);
    alarms.set(second, start + 300ms);
    asio::post(io, [] { std::this_thread::sleep_for(600ms); });
    bool drained = false;
    asio::post(io, [&] { drained = true; });
    io.run();
    CHECK(drained);
    const bool forgiven = stall == Alarms::Stall::forgiven;
    CHECK(rung >= start + (forgiven ? 700ms : 600ms));
    const Instant after = alarms.now();
    const Duration behind = Clock::now() - after;
    CHECK(behind >= (forgiven ? 490ms : 0ms));
    if (!forgiven) CHECK(after >= start + 600ms);  // the clock itself
  }
}
