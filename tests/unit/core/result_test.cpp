#include "core/result.hpp"

#include <cerrno>
#include <memory>
#include <string>

#include <doctest/doctest.h>

using baton::Result;

namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return baton::failure(std::to_string(number) + " is odd");
  return number / 2;
}

Result<void> refuse(int code) {
  if (code != 0) return baton::system_failure("add 192.0.2.1/32 on eth0", code);
  return {};
}

}  // namespace

TEST_CASE("a result is a value or an error") {
  const auto good = half(8);
  REQUIRE(good.has_value());
  CHECK(*good == 4);
  const auto bad = half(7);
  REQUIRE_FALSE(bad.has_value());
  CHECK(bad.error().message == "7 is odd");
  CHECK(bad.error().system_code == 0);
}

TEST_CASE("steps are chained and the first error ends the chain") {
  CHECK(half(8).and_then(half).and_then(half) == 1);
  const auto stopped = half(6).and_then(half).and_then(half);
  REQUIRE_FALSE(stopped.has_value());
  CHECK(stopped.error().message == "3 is odd");
  CHECK(half(7).value_or(-1) == -1);
}

TEST_CASE("what the kernel refuses names the object and the cause, and keeps the number") {
  const auto refused = refuse(ENODEV);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message == "add 192.0.2.1/32 on eth0: No such device");
  CHECK(refused.error().system_code == ENODEV);
  CHECK(refuse(0).has_value());
}

TEST_CASE("a number that is no errno still gives a message") {
  const auto refused = refuse(99'999);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.starts_with("add 192.0.2.1/32 on eth0: "));
  CHECK(refused.error().message.find("99999") != std::string::npos);
}

TEST_CASE("a failure may carry a number of its own") {
  const Result<int> result = baton::failure("read eth0", EPERM);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().system_code == EPERM);
  CHECK(result.error().message == "read eth0");
}

TEST_CASE("values that can only be moved pass through") {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
  REQUIRE(result.has_value());
  const auto taken = std::move(result).value();
  CHECK(*taken == 5);
}
