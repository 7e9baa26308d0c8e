#include "net/link_table.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <linux/rtnetlink.h>

#include <doctest/doctest.h>

#include "unit/addresses.hpp"

namespace {

using namespace baton;
using namespace baton::net;

LinkMessage link(unsigned index, const char* name, bool up = true) {
  return {.removed = false,
          .index = IfIndex{index},
          .name = name,
          .up = up,
          .mac = vrrp::MacAddress{2, 0, 0, 0, 0, static_cast<std::uint8_t>(index)},
          .mtu = 1500};
}

LinkMessage link_gone(unsigned index) {
  LinkMessage message;
  message.removed = true;
  message.index = IfIndex{index};
  return message;
}

AddressMessage assigned(const char* text, std::uint8_t prefix = 24, unsigned index = 2) {
  AddressMessage message;
  message.link = IfIndex{index};
  message.address = address(text);
  message.prefix_length = prefix;
  return message;
}

AddressMessage gone(AddressMessage message) {
  message.removed = true;
  return message;
}

AddressMessage secondary(AddressMessage message) {
  message.secondary = true;
  return message;
}

AddressMessage scoped(AddressMessage message, std::uint8_t scope) {
  message.scope = scope;
  return message;
}

AddressMessage ours(AddressMessage message) {
  message.protocol = 66;
  return message;
}

/// A table with eth0 (index 2), and every report as a line of text.
struct Fixture {
  Fixture() {
    table.apply(link(2, "eth0"));
    table.set_observer(
        {.on_change = [this](const Link& seen) { reports.push_back(text(seen)); },
         .on_address_added = [this](IfIndex index, const IpAddress& ip,
                                    std::uint8_t prefix) { reports.push_back("+" + text(index, ip, prefix)); },
         .on_address_removed = [this](IfIndex index, const IpAddress& ip,
                                      std::uint8_t prefix) { reports.push_back("-" + text(index, ip, prefix)); }});
  }
  static std::string text(const Link& seen) {
    return seen.name + '#' + std::to_string(number(seen.index)) +
           (!seen.exists ? " gone"
            : seen.up    ? " up"
                         : " down") +
           (seen.primary_ipv4 ? ' ' + seen.primary_ipv4->to_string() : "");
  }
  static std::string text(IfIndex index, const IpAddress& ip, std::uint8_t prefix) {
    return std::to_string(number(index)) + ' ' + ip.to_string() + '/' + std::to_string(prefix);
  }
  /// What was reported since the last time.
  std::vector<std::string> news() { return std::exchange(reports, {}); }
  std::optional<IpAddress> primary() const { return table.find("eth0")->primary_ipv4; }

  LinkTable table{66};
  std::vector<std::string> reports;
};
using Lines = std::vector<std::string>;

TEST_CASE_FIXTURE(Fixture, "link table: a link is found by name and by index, with what was said of it") {
  REQUIRE(table.find("eth0") != nullptr);
  CHECK(table.find("eth0") == table.find(IfIndex{2}));
  const Link expected{.index = IfIndex{2},
                      .name = "eth0",
                      .exists = true,
                      .up = true,
                      .mac = {2, 0, 0, 0, 0, 2},
                      .mtu = 1500,
                      .primary_ipv4 = std::nullopt};
  CHECK(*table.find("eth0") == expected);
  CHECK(table.find("eth1") == nullptr);
  CHECK(table.find(IfIndex{3}) == nullptr);
}

TEST_CASE_FIXTURE(Fixture, "link table: changes are reported once, repetitions not") {
  table.apply(link(2, "eth0"));
  CHECK(news().empty());
  table.apply(link(2, "eth0", false));
  table.apply(link(2, "eth0", false));
  CHECK(news() == Lines{"eth0#2 down"});
  auto mtu = link(2, "eth0", false);
  mtu.mtu = 9000;
  table.apply(mtu);
  mtu.mac = vrrp::MacAddress{2, 9, 9, 9, 9, 9};
  table.apply(mtu);
  CHECK(news().size() == 2);
  CHECK(table.find("eth0")->mtu == 9000);
}

TEST_CASE_FIXTURE(Fixture, "link table: what a link stands upon and its kind stay until something else is said") {
  auto upper = link(7, "vrrp.51");
  upper.parent = IfIndex{2};
  upper.kind = "macvlan";
  table.apply(upper);
  table.apply(link(7, "vrrp.51", false));
  CHECK(table.find("vrrp.51")->parent == IfIndex{2});
  CHECK(table.find("vrrp.51")->kind == "macvlan");
  CHECK(table.find("eth0")->kind.empty());
}

TEST_CASE_FIXTURE(Fixture, "link table: a message that leaves attributes out changes only what it says") {
  LinkMessage flags;
  flags.index = IfIndex{2};
  flags.up = false;
  table.apply(flags);
  CHECK(news() == Lines{"eth0#2 down"});
  CHECK(table.find("eth0")->mtu == 1500);
  flags.index = IfIndex{9};  // and of a link without a name nothing is known
  table.apply(flags);
  CHECK(news().empty());
  CHECK(table.find(IfIndex{9}) == nullptr);
}

TEST_CASE_FIXTURE(Fixture, "link table: gone and back under another index") {
  table.apply(assigned("10.0.0.1"));
  news();
  table.apply(link_gone(2));
  CHECK(news() == Lines{"-2 10.0.0.1/24", "eth0#2 gone 10.0.0.1"});
  CHECK(table.find("eth0") == nullptr);
  table.apply(link_gone(2));
  CHECK(news().empty());
  table.apply(link(3, "eth0", false));
  CHECK(news() == Lines{"eth0#3 down"});
  CHECK(table.find("eth0")->index == IfIndex{3});
}

TEST_CASE_FIXTURE(Fixture, "link table: a rename is the old name gone and the new one there") {
  table.apply(assigned("10.0.0.1"));
  news();
  table.apply(link(2, "wan0"));
  CHECK(news() == Lines{"eth0#2 gone 10.0.0.1", "wan0#2 up 10.0.0.1"});
  CHECK(table.find("eth0") == nullptr);
  CHECK(table.find("wan0")->index == IfIndex{2});
}

TEST_CASE_FIXTURE(Fixture, "link table: names exchanged while nobody told us") {
  table.apply(link(3, "eth1"));
  news();
  table.begin_dump();
  table.apply(link(2, "eth1"));
  table.apply(link(3, "eth0"));
  table.end_dump();
  CHECK(news() == Lines{"eth0#2 gone", "eth1#3 gone", "eth1#2 up", "eth0#3 up"});
  CHECK(table.find("eth0")->index == IfIndex{3});
  CHECK(table.find("eth1")->index == IfIndex{2});
}

TEST_CASE_FIXTURE(Fixture, "link table: made anew under the same name while nobody told us") {
  table.apply(assigned("10.0.0.1"));
  news();
  table.begin_dump();
  table.apply(link(5, "eth0"));
  table.apply(assigned("10.0.0.1", 24, 5));
  table.end_dump();
  const auto seen = news();
  CHECK(std::ranges::count(seen, "eth0#2 gone 10.0.0.1") == 1);
  CHECK(std::ranges::count(seen, "-2 10.0.0.1/24") == 1);
  CHECK(table.find("eth0")->index == IfIndex{5});
  CHECK(table.find(IfIndex{2}) == nullptr);
  CHECK(primary() == address("10.0.0.1"));
}

TEST_CASE_FIXTURE(Fixture, "link table: an address is reported when it comes and goes, not when it is renewed") {
  table.apply(assigned("10.0.0.1"));
  CHECK(news() == Lines{"+2 10.0.0.1/24", "eth0#2 up 10.0.0.1"});
  table.apply(assigned("10.0.0.1"));
  CHECK(news().empty());
  table.apply(assigned("10.0.0.1", 32));  // another prefix is another address
  CHECK(news() == Lines{"+2 10.0.0.1/32"});
  table.apply(gone(assigned("10.0.0.1", 32)));
  CHECK(news() == Lines{"-2 10.0.0.1/32"});
  table.apply(gone(assigned("10.0.0.1", 32)));
  table.apply(assigned("10.0.0.1", 24, 77));  // of a link that is not known
  CHECK(news().empty());
  table.apply(gone(assigned("10.0.0.1")));
  CHECK(news() == Lines{"-2 10.0.0.1/24", "eth0#2 up"});
}

TEST_CASE_FIXTURE(Fixture, "link table: the primary address is the first, and stays while it is there") {
  table.apply(assigned("10.0.0.1"));
  table.apply(assigned("10.1.0.1", 16));
  table.apply(secondary(assigned("10.0.0.2")));
  table.apply(scoped(assigned("10.9.0.1"), RT_SCOPE_LINK));
  CHECK(primary() == address("10.0.0.1"));
  table.apply(gone(assigned("10.0.0.1")));
  CHECK(primary() == address("10.9.0.1"));  // the kernel lists narrower scopes first; keepalived takes it as well
  table.apply(gone(assigned("10.9.0.1")));
  CHECK(primary() == address("10.1.0.1"));
  table.apply(gone(assigned("10.1.0.1", 16)));
  CHECK(primary() == address("10.0.0.2"));
  table.apply(gone(assigned("10.0.0.2")));
  CHECK(primary() == std::nullopt);
}

TEST_CASE_FIXTURE(Fixture, "link table: a secondary address that became a primary one counts from then on") {
  table.apply(assigned("10.0.0.1"));
  table.apply(secondary(assigned("10.0.0.2")));
  table.apply(assigned("10.1.0.1"));
  table.apply(gone(assigned("10.0.0.1")));
  CHECK(primary() == address("10.1.0.1"));
  table.apply(assigned("10.0.0.2"));  // promoted: behind the other now
  table.apply(gone(assigned("10.1.0.1")));
  CHECK(primary() == address("10.0.0.2"));
}

TEST_CASE_FIXTURE(Fixture, "link table: virtual addresses are never primary") {
  table.set_virtual_addresses({address("10.0.0.100")});
  table.apply(assigned("10.0.0.100"));
  CHECK(primary() == std::nullopt);  // nor when there is no other: keepalived goes to FAULT
  table.apply(secondary(assigned("10.0.0.1")));
  CHECK(primary() == address("10.0.0.1"));
  news();
  table.set_virtual_addresses({address("10.0.0.1")});
  CHECK(primary() == address("10.0.0.100"));
  CHECK(news() == Lines{"eth0#2 up 10.0.0.100"});
  table.set_virtual_addresses({address("10.0.0.1")});
  CHECK(news().empty());
}

TEST_CASE_FIXTURE(Fixture, "link table: an address with our protocol number is never primary") {
  table.apply(ours(assigned("10.0.0.100")));
  CHECK(primary() == std::nullopt);
  table.apply(assigned("10.0.0.100"));  // somebody has replaced it by one of his own
  CHECK(primary() == address("10.0.0.100"));
  table.apply(ours(assigned("10.0.0.100")));  // and we again
  CHECK(primary() == std::nullopt);
  LinkTable without(0);
  without.apply(link(2, "eth0"));
  without.apply(assigned("10.0.0.1"));
  CHECK(without.find("eth0")->primary_ipv4 == address("10.0.0.1"));
}

TEST_CASE_FIXTURE(Fixture, "link table: what a dump does not name is gone") {
  table.apply(link(3, "eth1"));
  table.apply(assigned("10.0.0.1"));
  table.apply(assigned("10.0.0.2", 32));
  table.apply(assigned("10.3.0.1", 24, 3));
  news();
  table.begin_dump();
  table.apply(link(2, "eth0"));
  table.apply(assigned("10.0.0.2", 32));
  CHECK(news().empty());
  table.end_dump();
  auto seen = news();
  std::ranges::sort(seen);
  CHECK(seen == Lines{"-2 10.0.0.1/24", "-3 10.3.0.1/24", "eth0#2 up 10.0.0.2", "eth1#3 gone 10.3.0.1"});
}

TEST_CASE_FIXTURE(Fixture, "link table: ten thousand addresses come and go without a search through them") {
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    auto message = assigned("10.0.0.1", 32);
    message.address = IpAddress::v4(0x0a000000 + i);
    table.apply(message);
  }
  CHECK(primary() == address("10.0.0.0"));
  for (std::uint32_t i = 0; i < 9'999; ++i) {
    auto message = gone(assigned("10.0.0.1", 32));
    message.address = IpAddress::v4(0x0a000000 + i);
    table.apply(message);
  }
  CHECK(primary() == address("10.0.39.15"));
}

TEST_CASE_FIXTURE(
    Fixture, "V3-05: the primary IPv6 address is a link-local one of the link's own, and each family's is its own") {
  const auto primary6 = [&] { return table.find("eth0")->primary(Family::ipv6); };
  table.apply(assigned("2001:db8::1", 64));
  CHECK_FALSE(primary6());
  table.apply(ours(assigned("fe80::100", 128)));
  CHECK_FALSE(primary6());
  auto duplicate = assigned("fe80::7", 64);
  duplicate.is_duplicate = true;
  table.apply(duplicate);
  CHECK_FALSE(primary6());
  table.apply(assigned("10.0.0.1"));
  CHECK_FALSE(primary6());
  table.apply(assigned("fe80::1", 64));
  CHECK(primary6() == address("fe80::1"));
  CHECK(table.find("eth0")->primary(Family::ipv4) == address("10.0.0.1"));
  table.apply(assigned("fe80::2", 64));
  CHECK(primary6() == address("fe80::1"));
  table.set_virtual_addresses({address("fe80::1")});
  CHECK(primary6() == address("fe80::2"));
  table.apply(gone(assigned("fe80::2", 64)));
  CHECK_FALSE(primary6());
  CHECK(table.find("eth0")->primary(Family::ipv4) == address("10.0.0.1"));
}

TEST_CASE("link table: which addresses this host has, on whatever link, with whatever prefix") {
  Fixture f;
  f.table.apply(link(3, "eth1"));
  CHECK_FALSE(f.table.has(address("10.0.0.1")));
  f.table.apply(assigned("10.0.0.1", 24));
  f.table.apply(assigned("10.0.0.1", 24));  // a renewal
  f.table.apply(assigned("10.0.0.1", 32, 3));
  CHECK(f.table.has(address("10.0.0.1")));
  f.table.apply(gone(assigned("10.0.0.1", 24)));
  CHECK(f.table.has(address("10.0.0.1")));
  f.table.apply(link_gone(3));
  CHECK_FALSE(f.table.has(address("10.0.0.1")));
}

TEST_CASE("link table: addresses that a dump does not name any more are gone") {
  Fixture f;
  f.table.apply(assigned("10.0.0.1"));
  f.table.begin_dump();
  f.table.apply(link(2, "eth0"));
  f.table.end_dump();
  CHECK_FALSE(f.table.has(address("10.0.0.1")));
}

TEST_CASE("link table: the table of a VRF stays when a message does not name it") {
  Fixture f;
  auto vrf = link(4, "red");
  vrf.vrf_table = 77;
  f.table.apply(vrf);
  f.table.apply(link(4, "red", false));
  CHECK(f.table.find("red")->vrf_table == 77);
  CHECK(f.table.find("eth0")->vrf_table == 0);
}

}  // namespace
