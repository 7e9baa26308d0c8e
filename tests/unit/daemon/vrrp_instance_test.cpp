#include "daemon/vrrp_instance.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

VrrpInstance instance(std::uint8_t last_octet) {
  PlannedInstance plan;
  plan.name = "VI_1";
  plan.params.priority = 100;
  plan.params.primary_address = IpAddress::v4({10, 0, 0, 1});
  plan.addresses.push_back({IpAddress::v4({10, 0, 0, last_octet}), 32, "eth0", 0, {}, std::nullopt});
  return {InstanceKey{"eth0", Vrid{51}}, std::move(plan)};
}

}  // namespace

TEST_CASE("the identification counts from 1, whatever the priority") {
  auto one = instance(100);
  CHECK(one.packet(100)[5] == 1);
  CHECK(one.packet(100)[5] == 2);
  CHECK(one.packet(0)[5] == 3);
  for (int i = 0; i < 253; ++i)
    one.packet(100);
  CHECK(one.packet(100)[4] == 1);
  CHECK(one.packet(100)[5] == 2);
}

TEST_CASE("what is sent is what the other director expects") {
  auto one = instance(100);
  const auto packet = one.packet(100);
  const auto received = vrrp::decode_ipv4_packet(packet);
  REQUIRE(received);
  CHECK(received->source == IpAddress::v4({10, 0, 0, 1}));
  CHECK(received->destination == IpAddress::v4({224, 0, 0, 18}));
  CHECK_FALSE(vrrp::refusal(*received, one.expectation()));
  CHECK(received->advertisement.addresses == one.advertised());
}

TEST_CASE("a new plan changes what is sent and expected") {
  auto one = instance(100);
  one.packet(100);
  auto plan = instance(101).plan();
  plan.password = vrrp::simple_password("1111");
  one.replan(plan);
  const auto received = vrrp::decode_ipv4_packet(one.packet(100));
  REQUIRE(received);
  CHECK(received->advertisement.addresses == std::vector<IpAddress>{IpAddress::v4({10, 0, 0, 101})});
  CHECK(received->advertisement.password == vrrp::simple_password("1111"));
  CHECK_FALSE(vrrp::refusal(*received, one.expectation()));
}

TEST_CASE("each reason of refusal has its own limit of lines") {
  auto one = instance(100);
  const Instant now{};
  CHECK(one.refused(vrrp::Refusal::checksum, now) == 0);
  CHECK_FALSE(one.refused(vrrp::Refusal::checksum, now + 1s));
  CHECK(one.refused(vrrp::Refusal::authentication, now + 1s) == 0);
}
