#include <doctest/doctest.h>

#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

struct Read {
  std::vector<VirtualAddress> entries;
  std::string told;
  int exit_status = 0;
};

Read entries(std::string_view lines) {
  const Parsed parsed = read(addresses(lines));
  REQUIRE(parsed.config.vrrp_instances.size() == 1);
  return {parsed.config.vrrp_instances[0].virtual_addresses, said(parsed), parsed.diagnostics.exit_status()};
}

/// The only entry of a line about which there is nothing to say.
VirtualAddress entry(std::string_view line) {
  const Read result = entries(line);
  CHECK_MESSAGE(result.told.empty(), result.told);
  REQUIRE(result.entries.size() == 1);
  return result.entries[0];
}

TEST_CASE("an address alone") {
  const VirtualAddress plain = entry("192.0.2.10");
  CHECK(plain.address.to_string() == "192.0.2.10");
  CHECK(plain.prefix_length == 32);
  CHECK(plain.device.empty());
  CHECK(plain.scope == Scope::global);
  CHECK(plain.label.empty());
  CHECK_FALSE(plain.broadcast.has_value());
  CHECK(plain.position == Position{0, 6, 1});
  CHECK(entry("\"192.0.2.10\"").address == plain.address);
}

TEST_CASE("an address with everything, in any order") {
  for (const char* line : {"192.0.2.10/24 dev eth1 scope link label eth1:1 brd 192.0.2.255",
                           "192.0.2.10/24 broadcast + label eth1:1 scope 253 dev eth1"}) {
    const VirtualAddress full = entry(line);
    CHECK(full.prefix_length == 24);
    CHECK(full.device == "eth1");
    CHECK(full.scope == Scope::link);
    CHECK(full.label == "eth1:1");
    REQUIRE(full.broadcast.has_value());
    CHECK(full.broadcast->to_string() == "192.0.2.255");
  }
}

TEST_CASE("prefix lengths, and what stands in for wrong ones") {
  CHECK(entry("192.0.2.10/0").prefix_length == 0);
  CHECK(entry("192.0.2.10/32").prefix_length == 32);
  for (const char* wrong : {"192.0.2.10/33", "192.0.2.10/-1", "192.0.2.10/x", "192.0.2.10/", "192.0.2.10/24.5"}) {
    const Read result = entries(wrong);
    REQUIRE(result.entries.size() == 1);
    CHECK(result.entries[0].prefix_length == 32);
    CHECK_MESSAGE(result.told.find("6:1 error 5: a prefix length is 0 to 32, not '") == 0, result.told);
  }
  CHECK(
      entries("192.0.2.10/255.255.255.0").told ==
      "6:1 error 5: a prefix length is 0 to 32, not '255.255.255.0': 32 is used (a netmask is written as its number of "
      "bits: 255.255.255.0 is 24)\n");
}

TEST_CASE("what is no address costs its line") {
  for (const char* wrong : {"192.0.2.300", "10.1", "192.0.2.10-12", "host.example", "10.0.0.1.2", "/24", "1:2"}) {
    const Read result = entries(std::string(wrong) + "\n192.0.2.11");
    CHECK(result.entries.size() == 1);
    CHECK_MESSAGE(result.told.find("6:1 error 5: '" + std::string(wrong)) == 0, result.told);
    CHECK(result.exit_status == 5);
  }
}

TEST_CASE("scopes by name and number; a wrong one leaves the address global") {
  CHECK(entry("192.0.2.10 scope site").scope == Scope::site);
  CHECK(entry("192.0.2.10 scope host").scope == Scope::host);
  CHECK(entry("192.0.2.10 scope nowhere").scope == Scope::nowhere);
  CHECK(entry("192.0.2.10 scope global").scope == Scope::global);
  CHECK(entry("192.0.2.10 scope 0").scope == Scope::global);
  CHECK(entry("192.0.2.10 scope 77").scope == Scope{77});
  for (const char* wrong : {"foo", "300", "-1", "main"}) {
    const Read result = entries("192.0.2.10 scope " + std::string(wrong));
    CHECK(result.told.find("6:18 error 5: '" + std::string(wrong) + "' is no scope: the address is global") == 0);
    CHECK(result.entries.at(0).scope == Scope::global);
  }
}

TEST_CASE("broadcast addresses: written, all ones, all zeros") {
  CHECK(entry("192.0.2.10/24 brd -").broadcast->to_string() == "192.0.2.0");
  CHECK(entry("192.0.2.10/30 brd +").broadcast->to_string() == "192.0.2.11");
  CHECK(entry("192.0.2.10/0 brd +").broadcast->to_string() == "255.255.255.255");
  CHECK(entry("192.0.2.10/0 brd -").broadcast->to_string() == "0.0.0.0");
  const Read too_long = entries("192.0.2.10/31 brd +");
  CHECK(too_long.told.find(
            "6:19 error 5: there is no broadcast address in a prefix of 31 bits: the option is ignored") == 0);
  CHECK(too_long.entries.size() == 1);
  const Read wrong = entries("192.0.2.10/24 brd 300.1.1.1\n192.0.2.11");
  CHECK(wrong.told == "6:19 error 5: '300.1.1.1' is no IPv4 broadcast address: the entry is skipped\n");
  CHECK(wrong.entries.size() == 1);
  CHECK(entries("192.0.2.10/24 brd 2001:db8::1\n192.0.2.11").entries.size() == 1);
}

TEST_CASE("labels have the length of an interface's name") {
  CHECK(entry("192.0.2.10 label eth0:1234567890").label == "eth0:1234567890");
  CHECK(entry("192.0.2.10 label foo").label == "foo");
  const Read result = entries("192.0.2.10 label eth0:12345678901\n192.0.2.11");
  CHECK(result.told.find("6:18 error 5: a label has at most 15 octets: the entry is skipped") == 0);
  CHECK(result.entries.size() == 1);
}

TEST_CASE("an option without its value, or a second interface, costs the line") {
  for (const char* option : {"dev", "scope", "label", "brd"}) {
    const Read result = entries("192.0.2.10 " + std::string(option) + "\n192.0.2.11");
    CHECK(result.told == "6:12 error 5: '" + std::string(option) + "' lacks its value: the entry is skipped\n");
    CHECK(result.entries.size() == 1);
  }
  CHECK(entries("192.0.2.10 dev eth1 dev eth0\n192.0.2.11").told ==
        "6:21 error 5: an address has one interface: the entry is skipped\n");
}

TEST_CASE("unknown options are ignored, the nearest one is named, the rest of the line counts") {
  const Read result = entries("192.0.2.10 frob lable x dev eth1 192.0.2.11");
  CHECK(result.told ==
        "6:12 error 5: 'frob' is no option of an address: it is ignored\n"
        "6:17 error 5: 'lable' is no option of an address: it is ignored (did you mean 'label'?)\n"
        "6:23 error 5: 'x' is no option of an address: it is ignored\n"
        "6:34 error 5: '192.0.2.11' is no option of an address: it is ignored (one address per line)\n");
  CHECK(result.entries.at(0).device == "eth1");
}

TEST_CASE("options that Baton does not act on are told, and stored") {
  const Read result =
      entries("192.0.2.10 peer 192.0.2.11/24 home preferred_lft 5 dev eth1 no_track -nodad noprefixroute use_vmac");
  CHECK(result.told.find("'peer' is accepted") == std::string::npos);
  CHECK(result.told.find("'home' is accepted") == std::string::npos);
  CHECK(result.told.find("preferred_lft is for IPv6 addresses: nothing heeds it here") != std::string::npos);
  CHECK(result.exit_status == 0);
  const VirtualAddress& entry = result.entries.at(0);
  CHECK(entry.device == "eth1");
  CHECK(entry.peer == PeerAddress{IpAddress::v4({192, 0, 2, 11}), 24});
  CHECK(entry.preferred_lft == std::chrono::seconds(5));
  CHECK(entry.home);
  CHECK(entry.no_track);
  CHECK(entry.dad);
  CHECK(entry.noprefixroute);
  CHECK(entry.use_vmac);
  CHECK_FALSE(entry.autojoin);
  CHECK(entries("192.0.2.10 preferred_lft forever").entries.at(0).preferred_lft == kForever);
}

TEST_CASE("an address with a peer has neither prefix nor broadcast address") {
  const Read result = entries("192.0.2.10/24 brd + peer 192.0.2.11");
  CHECK(result.entries.at(0).prefix_length == 32);
  CHECK_FALSE(result.entries.at(0).broadcast.has_value());
  CHECK(result.told.find("6:1 error 5: an address with a peer has no prefix length: it is ignored") == 0);
  CHECK(result.told.find("6:21 error 5: an address with a peer has no broadcast address") != std::string::npos);
  for (const char* wrong : {"foo", "192.0.2.11/33", "2001:db8::1"}) {
    const Read bad = entries("192.0.2.10 peer " + std::string(wrong));
    CHECK_FALSE(bad.entries.at(0).peer.has_value());
    CHECK(bad.exit_status == 5);
  }
  CHECK(entries("192.0.2.10 peer 192.0.2.11 peer 192.0.2.12").told.find("6:33 error 5: an address has one peer") !=
        std::string::npos);
}

TEST_CASE("preferred_lft is forever or seconds of 32 bits") {
  for (const char* wrong : {"foo", "-1", "4294967296"}) {
    const Read result = entries("192.0.2.10 preferred_lft " + std::string(wrong));
    CHECK(result.told.find("6:26 error 5: preferred_lft is forever or 0 to 4294967295 s, not '") != std::string::npos);
    CHECK_FALSE(result.entries.at(0).preferred_lft.has_value());
  }
}

TEST_CASE("IPv6 addresses have neither scope nor label, and no broadcast at all") {
  const auto six = [](std::string_view line) { return read(addresses("fe80::1\n" + std::string(line))); };
  CHECK(said(six("fe80::2 scope link")).find("7:9 error 5: an IPv6 address takes no scope") != std::string::npos);
  CHECK(said(six("fe80::2 label foo")).find("7:9 error 5: an IPv6 address takes no label") != std::string::npos);
  CHECK(six("fe80::2 label foo").config.vrrp_instances.at(0).virtual_addresses.size() == 2);
  CHECK(said(six("fe80::2 brd +")).find("7:9 error 5: an IPv6 address has no broadcast address") != std::string::npos);
  CHECK(six("fe80::2 brd +").config.vrrp_instances.at(0).virtual_addresses.size() == 1);
}

TEST_CASE("excluded addresses are of any family; static ones have options of their own") {
  const Parsed excluded = read(instance("virtual_ipaddress_excluded {\n2001:db8::1\n192.0.2.99 track_group G\n}"));
  REQUIRE(excluded.config.vrrp_instances.at(0).excluded_addresses.size() == 2);
  CHECK(excluded.config.vrrp_instances[0].family == Family::ipv4);
  CHECK(said(excluded).find("7:12 error 5: 'track_group' does not belong here: it is ignored") != std::string::npos);
  const Parsed fixed = read("static_ipaddress {\n192.0.2.50/24 dev eth0 use_vmac\n}\n");
  REQUIRE(fixed.config.static_addresses.size() == 1);
  CHECK(fixed.config.static_addresses[0].device == "eth0");
  CHECK_FALSE(fixed.config.static_addresses[0].use_vmac);
  CHECK(said(fixed).find("2:24 error 5: 'use_vmac' does not belong here: it is ignored") != std::string::npos);
}

TEST_CASE("all addresses of an instance are of the family of the first one") {
  const Read result = entries("192.0.2.10\n2001:db8::1\n192.0.2.11");
  CHECK(result.told ==
        "7:1 error 5: all addresses of an instance are of one family: this one is left out (it is one of IPv4 since "
        "line 6)\n");
  CHECK(result.entries.size() == 2);
}

TEST_CASE("an advertisement holds 255 addresses; those beyond it are owned and not listed, the first is reported") {
  std::string lines;
  for (int i = 0; i < 1000; ++i)
    lines += "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1) + "\n";
  const Parsed parsed = read(addresses(lines));
  REQUIRE(parsed.config.vrrp_instances.size() == 1);
  CHECK(parsed.config.vrrp_instances[0].virtual_addresses.size() == 255);
  REQUIRE(parsed.config.vrrp_instances[0].excluded_addresses.size() == 745);
  CHECK(parsed.config.vrrp_instances[0].excluded_addresses[0].address.to_string() == "10.0.1.6");
  CHECK(said(parsed) ==
        "261:1 error 5: an advertisement holds 255 addresses: this one and those after it are not listed, as in "
        "virtual_ipaddress_excluded (spread them over several instances)\n");
}

TEST_CASE("an advertisement of IPv6 holds what an Ethernet frame has room for") {
  std::string lines;
  for (int i = 1; i < 100; ++i)
    lines += "fe80::" + std::to_string(i) + "\n";
  const Parsed parsed = read(addresses(lines));
  REQUIRE(parsed.config.vrrp_instances.size() == 1);
  CHECK(parsed.config.vrrp_instances[0].virtual_addresses.size() == 89);
  CHECK(parsed.config.vrrp_instances[0].excluded_addresses.size() == 10);
  CHECK(parsed.diagnostics.exit_status() == 5);
}

TEST_CASE("several virtual_ipaddress blocks add up") {
  const Read result = entries("192.0.2.10\n}\nvirtual_ipaddress {\n192.0.2.11");
  CHECK(result.told.empty());
  CHECK(result.entries.size() == 2);
}

}  // namespace
}  // namespace baton::config
