#include "vrrp/announcement_queue.hpp"

#include <array>
#include <string>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::vrrp;
using namespace std::chrono_literals;

namespace {

const int kOne = 1, kOther = 2;  // whose addresses serve as owners

AnnouncementBurst burst(const void* owner, std::vector<std::uint8_t> last_octets, unsigned repeat) {
  AnnouncementBurst made;
  made.owner = owner;
  made.link = IfIndex{7};
  for (const auto octet : last_octets)
    made.addresses.push_back(IpAddress::v4({10, 0, 0, octet}));
  made.repeat = repeat;
  return made;
}

struct Bench {
  /// What goes at `now`, all of it taken: the last octets of the addresses, "" when nothing goes.
  std::string go(Duration when, std::size_t most = 64) {
    std::string text;
    std::array<AnnouncementQueue::Frame, 64> frames;
    const Instant now = Instant{} + when;
    while (const auto count = queue.ready(std::span(frames).first(most), now)) {
      for (std::size_t i = 0; i < count; ++i)
        text += (text.empty() ? "" : " ") + std::to_string(frames[i].frame.octets()[31]);
      queue.taken(count, now);
    }
    return text;
  }
  [[nodiscard]] Duration deadline() const { return queue.deadline()->time_since_epoch(); }

  AnnouncementQueue queue;
};

}  // namespace

TEST_CASE("all addresses of all bursts, then all again, whatever fits in one call") {
  for (const std::size_t most : {1U, 2U, 3U, 5U, 7U, 64U}) {
    CAPTURE(most);
    Bench bench;
    bench.queue.add(burst(&kOne, {1, 2, 3}, 3), Instant{});
    bench.queue.add(burst(&kOther, {9}, 2), Instant{});
    bench.queue.add(burst(&kOther, {7, 8}, 1), Instant{});
    CHECK(bench.go(0s, most) == "1 2 3 9 7 8 1 2 3 9 1 2 3");
    CHECK_FALSE(bench.queue.deadline());
  }
}

TEST_CASE("a burst that comes while others are repeated goes before their repeats") {
  Bench bench;
  bench.queue.add(burst(&kOne, {1, 2, 3}, 3), Instant{});
  bench.queue.add(burst(&kOther, {9}, 2), Instant{});
  std::array<AnnouncementQueue::Frame, 6> six;
  CHECK(bench.queue.has_news(Instant{}));
  CHECK(bench.queue.ready(six, Instant{}) == 6);
  bench.queue.taken(6, Instant{});  // 1 2 3 9 1 2
  CHECK_FALSE(bench.queue.has_news(Instant{}));
  bench.queue.add(burst(&kOther, {20}, 2), Instant{});
  bench.queue.add(burst(&kOther, {21}, 1), Instant{});
  CHECK(bench.queue.has_news(Instant{}));
  CHECK(bench.go(0s) == "20 21 3 9 20 1 2 3");
}

TEST_CASE("a distance that a reload has given a lane holds from then on") {
  Bench bench;
  auto slow = burst(&kOther, {8, 9}, 1);
  slow.distance = 100ms;
  bench.queue.add(burst(&kOne, {1, 2}, 1), Instant{});
  bench.queue.add(slow, Instant{});
  CHECK(bench.go(0s) == "1 2 8");
  CHECK(bench.go(100ms) == "9");
}

TEST_CASE("garp_interval: one frame of a lane at a time, and lanes do not wait for one another") {
  Bench bench;
  auto slow = burst(&kOne, {1, 2}, 2);
  slow.lane = 1;
  slow.distance = 100ms;
  auto slower = burst(&kOther, {9}, 2);
  slower.lane = 2;
  slower.distance = 300ms;
  bench.queue.add(slow, Instant{});
  bench.queue.add(slower, Instant{});
  bench.queue.add(burst(&kOther, {50, 51}, 1), Instant{});
  CHECK(bench.go(0s) == "50 51 1 9");
  CHECK(bench.go(50ms).empty());
  CHECK(bench.deadline() == 100ms);
  CHECK(bench.go(100ms) == "2");
  CHECK(bench.go(200ms) == "1");
  CHECK(bench.go(300ms) == "2 9");
  CHECK_FALSE(bench.queue.deadline());
  bench.queue.add(slow, Instant{} + 350ms);  // the distance holds between bursts, too
  CHECK(bench.go(350ms).empty());
  CHECK(bench.deadline() == 400ms);
}

TEST_CASE("what is cancelled is not sent, not even the rest of a burst") {
  Bench bench;
  bench.queue.add(burst(&kOne, {1, 2, 3}, 5), Instant{});
  bench.queue.add(burst(&kOther, {9}, 1), Instant{});
  std::array<AnnouncementQueue::Frame, 2> two;
  CHECK(bench.queue.ready(two, Instant{}) == 2);
  bench.queue.taken(2, Instant{});
  bench.queue.cancel(&kOne);
  CHECK(bench.go(0s) == "9");
}

TEST_CASE("a burst that cannot be sent is dropped alone, and what is lost is told") {
  Bench bench;
  bench.queue.add(burst(&kOne, {1, 2, 3}, 5), Instant{});
  bench.queue.add(burst(&kOther, {9}, 1), Instant{});
  std::array<AnnouncementQueue::Frame, 4> four;
  CHECK(bench.queue.ready(four, Instant{}) == 4);
  bench.queue.taken(4, Instant{});
  bench.queue.add(burst(&kOther, {10}, 1), Instant{});
  CHECK(bench.queue.ready(std::span(four).first(1), Instant{}) == 1);
  bench.queue.taken(1, Instant{});
  CHECK(bench.queue.ready(four, Instant{}) == 4);
  const auto loss = bench.queue.drop();
  CHECK(loss.unsent == 12);
  CHECK(loss.total == 15);
  CHECK(loss.link == IfIndex{7});
  CHECK_FALSE(bench.queue.deadline());
}

TEST_CASE("with very many addresses the repeats are fewer, never the addresses") {
  AnnouncementQueue queue;
  AnnouncementBurst many;
  many.addresses.assign(9000, IpAddress::v4({10, 0, 0, 1}));
  many.repeat = 5;
  queue.add(many, Instant{});
  std::array<AnnouncementQueue::Frame, 64> frames;
  std::size_t total = 0;
  while (const auto count = queue.ready(frames, Instant{})) {
    queue.taken(count, Instant{});
    total += count;
  }
  CHECK(total == 9000);
}
