// A session that is up allocates nothing, neither for what it hears nor for what it sends.
#include <cstdlib>
#include <memory>
#include <new>
#include <string>

#include <doctest/doctest.h>

#include "bfd/session.hpp"

namespace {
std::size_t allocations = 0;
}

// NOLINTBEGIN(cppcoreguidelines-no-malloc): the point is to count what goes to the heap
// Not inlined, so that g++ sees no free() of what came from new.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
// NOLINTEND(cppcoreguidelines-no-malloc)

using namespace baton;
using namespace baton::bfd;
using namespace std::chrono_literals;

TEST_CASE("the counter counts") {
  const auto before = allocations;
  const auto text = std::make_unique<std::string>(100, 'x');
  CHECK(text->size() == 100);
  CHECK(allocations == before + 2);
}

TEST_CASE("regression: each packet heard and each one sent took a piece of the heap") {
  const SessionParams params{50ms, 50ms, 1s, 3, false};
  Instant now{1s};
  Session one(params, 11, 1, now), other(params, 22, 2, now);
  std::size_t before = 0, heard = 0;
  const auto say = [&](Session& from, Session& to) {
    for (const auto& packet : from.tick(now).packets) {
      const auto octets = encode(packet);
      for (const auto& answer : to.receive(*decode(octets), now).packets) {
        const auto answered = encode(answer);
        for (const auto& last : from.receive(*decode(answered), now).packets)
          to.receive(last, now);
      }
      ++heard;
    }
  };
  for (int i = 0; i < 20'000; ++i) {
    now += 1ms;
    if (i == 5'000) {
      REQUIRE(one.state() == State::up);
      REQUIRE(other.state() == State::up);
      before = allocations;
      heard = 0;
    }
    say(one, other);
    say(other, one);
  }
  const auto during = allocations - before;
  CHECK(heard > 600);
  CHECK(during == 0);
  CHECK(one.state() == State::up);
}

TEST_CASE("at most two packets at once: the answer to a Poll, then what is due") {
  Packets packets;
  CHECK(packets.empty());
  Packet first, second;
  first.final = true;
  second.multiplier = 7;
  packets.push_back(first);
  packets.push_back(second);
  CHECK(packets.size() == 2);
  CHECK(packets[0] == first);
  CHECK(packets[1] == second);
  CHECK(packets.end() - packets.begin() == 2);
}
