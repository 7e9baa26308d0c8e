#include "daemon/preferred_lifetimes.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

PlannedAddress address(const char* text, std::optional<std::chrono::seconds> preferred, const char* device = "eth0") {
  PlannedAddress planned;
  planned.address = *IpAddress::parse(text);
  planned.device = device;
  planned.preferred = preferred;
  return planned;
}

constexpr Instant kStart{1000s};

}  // namespace

TEST_CASE("an address without an end has none at any time, and a deprecated one has nothing from the start") {
  PreferredLifetimes lifetimes;
  for (const auto now : {kStart, kStart + 100h}) {
    CHECK(lifetimes.left(address("fd00::1", std::nullopt), now) == std::nullopt);
    CHECK(lifetimes.left(address("fd00::2", 0s), now) == 0s);
  }
}

TEST_CASE("the time runs from the first question, in whole seconds rounded up, and stops at 0") {
  PreferredLifetimes lifetimes;
  const auto one = address("fd00::1", 30s);
  CHECK(lifetimes.left(one, kStart) == 30s);
  CHECK(lifetimes.left(one, kStart + 1ms) == 30s);
  CHECK(lifetimes.left(one, kStart + 1s) == 29s);
  CHECK(lifetimes.left(one, kStart + 29999ms) == 1s);
  CHECK(lifetimes.left(one, kStart + 30s) == 0s);
  CHECK(lifetimes.left(one, kStart + 100h) == 0s);
}

TEST_CASE("the longest lifetime that can be written is counted, too") {
  PreferredLifetimes lifetimes;
  const auto one = address("fd00::1", 4294967294s);
  CHECK(lifetimes.left(one, kStart) == 4294967294s);
  CHECK(lifetimes.left(one, kStart + 4s) == 4294967290s);
}

TEST_CASE("each address on each interface has a time of its own") {
  PreferredLifetimes lifetimes;
  CHECK(lifetimes.left(address("fd00::1", 30s), kStart) == 30s);
  CHECK(lifetimes.left(address("fd00::1", 30s, "eth1"), kStart + 10s) == 30s);
  CHECK(lifetimes.left(address("fd00::2", 30s), kStart + 20s) == 30s);
  CHECK(lifetimes.left(address("fd00::1", 30s), kStart + 20s) == 10s);
}

TEST_CASE("what was given up and is acquired again begins anew, the others go on") {
  PreferredLifetimes lifetimes;
  const auto one = address("fd00::1", 30s);
  const auto other = address("fd00::2", 30s);
  for (const auto& each : {one, other})
    CHECK(lifetimes.left(each, kStart) == 30s);
  lifetimes.forget(one);
  CHECK(lifetimes.left(one, kStart + 5s) == 30s);
  CHECK(lifetimes.left(other, kStart + 5s) == 25s);
  lifetimes.forget_all();
  CHECK(lifetimes.left(one, kStart + 6s) == 30s);
  CHECK(lifetimes.left(other, kStart + 6s) == 30s);
}

TEST_CASE("another lifetime of the configuration counts from when the address was acquired") {
  PreferredLifetimes lifetimes;
  CHECK(lifetimes.left(address("fd00::1", 30s), kStart) == 30s);
  CHECK(lifetimes.left(address("fd00::1", 60s), kStart + 10s) == 50s);
}
