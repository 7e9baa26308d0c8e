#include "daemon/server_health.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;

namespace {

MemberKey member(std::uint8_t octet) {
  return {{Family::ipv4, ipvs::Protocol::tcp, IpAddress::v4({192, 0, 2, 1}), 80, 0},
          {IpAddress::v4({10, 0, 0, octet}), 80}};
}

}  // namespace

TEST_CASE("one failed check of two takes the server down, and only both up bring it back") {
  ServerHealth health;
  health.set_checks(member(1), {true, true});
  CHECK(health.is_up(member(1)));
  CHECK(health.record(member(1), 0, false) == false);
  CHECK_FALSE(health.record(member(1), 1, false));
  CHECK_FALSE(health.record(member(1), 0, true));
  CHECK_FALSE(health.is_up(member(1)));
  CHECK(health.record(member(1), 1, true) == true);
}

TEST_CASE("a verdict that changes nothing is no change") {
  ServerHealth health;
  health.set_checks(member(1), {true});
  CHECK_FALSE(health.record(member(1), 0, true));
  CHECK(health.record(member(1), 0, false) == false);
  CHECK_FALSE(health.record(member(1), 0, false));
}

TEST_CASE("servers do not touch each other") {
  ServerHealth health;
  health.set_checks(member(1), {true});
  health.set_checks(member(2), {true});
  CHECK(health.record(member(1), 0, false) == false);
  CHECK(health.is_up(member(2)));
  CHECK(health.check(member(1), 0) == false);
  CHECK(health.check(member(2), 0) == true);
}

TEST_CASE("results of what is gone are ignored; a server without checks is up") {
  ServerHealth health;
  health.set_checks(member(1), {false});
  CHECK_FALSE(health.record(member(1), 1, true));
  CHECK_FALSE(health.record(member(2), 0, false));
  CHECK(health.is_up(member(2)));
  health.remove(member(1));
  CHECK(health.is_up(member(1)));
  CHECK_FALSE(health.check(member(1), 0));
}
