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
  plan.addresses.push_back({IpAddress::v4({10, 0, 0, last_octet}), 32, "eth0", 0, {}, std::nullopt, 0, std::nullopt});
  plan.path.group = vrrp::multicast_group(Family::ipv4);
  return {InstanceKey{"eth0", Vrid{51}}, std::move(plan)};
}

}  // namespace

TEST_CASE("the identification counts from 1, whatever the priority") {
  auto one = instance(100);
  CHECK(one.packets(100)[0][5] == 1);
  CHECK(one.packets(100)[0][5] == 2);
  CHECK(one.packets(0)[0][5] == 3);
  for (int i = 0; i < 253; ++i)
    one.packets(100);
  CHECK(one.packets(100)[0][4] == 1);
  CHECK(one.packets(100)[0][5] == 2);
}

TEST_CASE("what is sent is what the other director expects") {
  auto one = instance(100);
  const auto packet = one.packets(100)[0];
  const auto received = vrrp::decode_packet(packet);
  REQUIRE(received);
  CHECK(received->source == IpAddress::v4({10, 0, 0, 1}));
  CHECK(received->destination == IpAddress::v4({224, 0, 0, 18}));
  CHECK_FALSE(vrrp::refusal(*received, one.expectation()));
  CHECK(received->advertisement.addresses == one.advertised());
}

TEST_CASE("a new plan changes what is sent and expected") {
  auto one = instance(100);
  one.packets(100);
  auto plan = instance(101).plan();
  plan.path.password = vrrp::simple_password("1111");
  one.replan(plan);
  const auto received = vrrp::decode_packet(one.packets(100)[0]);
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

TEST_CASE("unicast: one packet for each peer, all with one identification; the old checksum is learnt from a peer") {
  auto plan = instance(100).plan();
  plan.params.version = vrrp::Version::v3;
  plan.path.group.reset();
  plan.path.peers = {{IpAddress::v4({10, 0, 0, 2}), 0, 255}, {IpAddress::v4({10, 0, 0, 3}), 0, 255}};
  plan.path.time_to_live = 9;
  VrrpInstance one(InstanceKey{"eth0", Vrid{51}, Family::ipv4, true}, plan);
  const auto packets = one.packets(100);
  REQUIRE(packets.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto received = vrrp::decode_packet(packets[i]);
    REQUIRE(received);
    CHECK(received->destination == plan.path.peers[i].address);
    CHECK(received->time_to_live == 9);
    CHECK(received->checksum_form == vrrp::ChecksumForm::with_pseudo_header);
    CHECK(packets[i][5] == 1);
  }
  vrrp::Received old;
  old.source = plan.path.peers[0].address;
  old.checksum_form = vrrp::ChecksumForm::as_if_multicast;
  old.advertisement.addresses = one.advertised();
  CHECK_FALSE(one.accept(old, Instant{}));
  CHECK(vrrp::decode_packet(one.packets(100)[1])->checksum_form == vrrp::ChecksumForm::as_if_multicast);
  plan.path.learns_checksum = false;
  one.replan(plan);
  CHECK(vrrp::decode_packet(one.packets(100)[1])->checksum_form == vrrp::ChecksumForm::with_pseudo_header);
  CHECK_FALSE(one.expectation().takes_old_checksum);
}

TEST_CASE("AH: the number goes on from the highest heard or sent, so that a backup that takes over is believed") {
  auto plan = instance(100).plan();
  plan.path.ah_key = vrrp::simple_password("secret");
  VrrpInstance one(InstanceKey{"eth0", Vrid{51}}, plan);
  const auto sequence = [&] { return vrrp::decode_packet(one.packets(100)[0])->authentication->sequence; };
  CHECK(sequence() == 1);
  CHECK(sequence() == 2);
  auto received = *vrrp::decode_packet(one.packets(100)[0]);
  received.authentication->sequence = 70;
  one.accept(received, Instant{});
  CHECK(one.expectation().last_sequence == 70);
  CHECK(sequence() == 71);
}

TEST_CASE("skip_check_adv_addr: the list is compared for the first advertisement of each master only") {
  auto plan = instance(100).plan();
  plan.checks_first_list_only = true;
  VrrpInstance one(InstanceKey{"eth0", Vrid{51}}, plan);
  vrrp::Received other;
  other.source = IpAddress::v4({10, 0, 0, 2});
  other.advertisement.addresses = {IpAddress::v4({10, 0, 0, 7})};
  CHECK(one.accept(other, Instant{}));
  CHECK_FALSE(one.accept(other, Instant{} + 1h));
  CHECK(one.refusals().of(vrrp::Refusal::address_list) == 1);
  other.source = IpAddress::v4({10, 0, 0, 3});
  CHECK(one.accept(other, Instant{} + 2h));
}

TEST_CASE("refusals are counted, also those that are kept quiet") {
  auto one = instance(100);
  for (int i = 0; i < 10; ++i)
    one.refused(vrrp::Refusal::checksum, Instant{});
  CHECK(one.refusals().of(vrrp::Refusal::checksum) == 10);
  CHECK(one.refusals().of(vrrp::Refusal::vrid) == 0);
}
