#include <doctest/doctest.h>

#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

VrrpInstance first(const Parsed& parsed) {
  REQUIRE_MESSAGE(parsed.config.vrrp_instances.size() == 1, said(parsed));
  return parsed.config.vrrp_instances[0];
}

Duration interval(std::string_view lines, std::string_view expected) {
  const Parsed parsed = read(instance(lines));
  CHECK(said(parsed) == expected);
  return first(parsed).advert_int;
}

TEST_CASE("version 2 counts whole seconds: halves go up, and never to 0; as keepalived 2.2.7 rounds") {
  const auto told = [](const char* from, const char* to) {
    return "5:12 warning 5: VRRP version 2 counts whole seconds: advert_int " + std::string(from) + " s becomes " + to +
           " s (fractions need `version 3`, on every router of the instance)\n";
  };
  CHECK(interval("advert_int 0.5", told("0.5", "1")) == seconds(1));
  CHECK(interval("advert_int 0.05", told("0.05", "1")) == seconds(1));
  CHECK(interval("advert_int 1.4", told("1.4", "1")) == seconds(1));
  CHECK(interval("advert_int 1.5", told("1.5", "2")) == seconds(2));
  CHECK(interval("advert_int 2.5", told("2.5", "3")) == seconds(3));
  CHECK(interval("advert_int 254.7", told("254.7", "255")) == seconds(255));
  CHECK(interval("advert_int 255", "") == seconds(255));
  CHECK(interval("advert_int 1.0", "") == seconds(1));
}

TEST_CASE("version 3 counts hundredths of a second, in twelve bits") {
  const auto told = [](const char* from, const char* to) {
    return "6:12 warning 5: VRRP version 3 counts hundredths of a second: advert_int " + std::string(from) +
           " s becomes " + to + " s\n";
  };
  CHECK(interval("version 3\nadvert_int 0.01", "") == milliseconds(10));
  CHECK(interval("version 3\nadvert_int 0.014", told("0.014", "0.01")) == milliseconds(10));
  CHECK(interval("version 3\nadvert_int 0.015", told("0.015", "0.02")) == milliseconds(20));
  CHECK(interval("version 3\nadvert_int 0.025", told("0.025", "0.03")) == milliseconds(30));
  CHECK(interval("version 3\nadvert_int 40.95", "") == milliseconds(40950));
  const char* beyond = "6:12 warning 5: VRRP version 3 counts up to 40.95 s: advert_int ";
  CHECK(interval("version 3\nadvert_int 40.951", std::string(beyond) + "40.951 s becomes 40.95 s\n") ==
        milliseconds(40950));
  CHECK(interval("version 3\nadvert_int 50", std::string(beyond) + "50 s becomes 40.95 s\n") == milliseconds(40950));
}

TEST_CASE("an interval out of range is 1 s") {
  for (const char* wrong : {"0", "0.005", "256", "300", "abc", "-1"})
    CHECK(first(read(instance("advert_int " + std::string(wrong)))).advert_int == seconds(1));
}

TEST_CASE("state MASTER without a priority is 255, and that is said") {
  const Parsed parsed = read(
      "vrrp_instance A {\nstate MASTER\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n192.0.2.1\n}\n}\n");
  CHECK(first(parsed).priority == 255);
  CHECK(said(parsed) ==
        "2:7 warning 0: state MASTER without a priority makes it 255, the owner of the addresses (an owner takes over "
        "at once "
        "and no tracking lowers it; write a priority of 1 to 254)\n");
  CHECK(parsed.diagnostics.exit_status() == 0);
  CHECK(said(read(instance("state MASTER"))).empty());
}

TEST_CASE("priority 255 is for owners") {
  const Parsed parsed = read(
      "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\npriority 255\nvirtual_ipaddress {\n192.0.2.1\n}\n}\n");
  CHECK(first(parsed).priority == 255);
  CHECK(said(parsed).find("4:10 warning 0: priority 255 is for the owner of the addresses") == 0);
}

TEST_CASE("MASTER clears nopreempt and preempt_delay") {
  const Parsed parsed = read(instance("state MASTER\nnopreempt\npreempt_delay 5"));
  CHECK(said(parsed) ==
        "6:1 warning 5: nopreempt does not work with state MASTER: it is cleared (write state BACKUP on both routers; "
        "the "
        "higher priority becomes master)\n"
        "7:15 warning 5: preempt_delay does not work with state MASTER: it is cleared (write state BACKUP on both "
        "routers; the "
        "higher priority becomes master)\n");
  CHECK_FALSE(first(parsed).nopreempt);
  CHECK(first(parsed).preempt_delay == Duration::zero());
}

TEST_CASE("nopreempt clears preempt_delay, priority 255 clears nopreempt") {
  const Parsed delay = read(instance("nopreempt\npreempt_delay 5"));
  CHECK(said(delay) == "6:15 warning 5: preempt_delay has no meaning beside nopreempt: it is cleared\n");
  CHECK(first(delay).nopreempt);
  CHECK(first(delay).preempt_delay == Duration::zero());
  const Parsed owner = read(
      "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\npriority 255\nnopreempt\npreempt_delay "
      "5\nvirtual_ipaddress {\n192.0.2.1\n}\n}\n");
  CHECK(said(owner).find("5:1 warning 5: nopreempt does not work with priority 255: it is cleared") !=
        std::string::npos);
  CHECK_FALSE(first(owner).nopreempt);
  CHECK(first(owner).preempt_delay == seconds(5));
}

TEST_CASE("a password is cut to eight octets, which are underlined and not repeated in the text") {
  const Parsed parsed = read(instance("authentication {\nauth_type PASS\nauth_pass verysecretword\n}"));
  CHECK(first(parsed).auth_pass == "verysecr");
  CHECK(said(parsed) ==
        "7:11 warning 5: auth_pass has more than 8 octets: the first 8 are used (the other routers cut it likewise, so "
        "they "
        "still agree)\n");
  CHECK(parsed.diagnostics.render(parsed.diagnostics.all()[0]).find("          ^~~~~~~~\n") != std::string::npos);
  CHECK(parsed.diagnostics.render_line(parsed.diagnostics.all()[0]).find("secret") == std::string::npos);
}

TEST_CASE("authentication without a password, without a type, or in version 3 is none") {
  const Parsed no_pass = read(instance("authentication {\nauth_type PASS\n}"));
  CHECK(said(no_pass) == "6:11 warning 5: auth_type PASS without auth_pass: there is no authentication\n");
  const Parsed no_type = read(instance("authentication {\nauth_pass abc\n}"));
  CHECK(said(no_type).find("6:11 warning 0: auth_pass without auth_type PASS: there is no authentication") == 0);
  CHECK(no_type.diagnostics.exit_status() == 0);
  const Parsed v3 = read(instance("version 3\nauthentication {\nauth_type PASS\nauth_pass abc\n}"));
  CHECK(said(v3).find("7:11 warning 5: VRRP version 3 has no authentication: it is ignored") == 0);
  for (const Parsed* parsed : {&no_pass, &no_type, &v3})
    CHECK(first(*parsed).auth_pass.empty());
}

TEST_CASE("an instance without interface or virtual_router_id cannot run, and no daemon starts on it") {
  const Parsed parsed = read("vrrp_instance A {\nvirtual_ipaddress {\n192.0.2.1\n}\n}\n");
  CHECK(said(parsed) ==
        "1:15 error 5: vrrp_instance 'A' has no interface: it is left out (write interface and its name)\n"
        "1:15 error 5: vrrp_instance 'A' has no virtual_router_id: it is left out (1 to 255, the same on all its "
        "routers and "
        "used by nobody else on the network)\n");
  CHECK(parsed.config.vrrp_instances.empty());
  CHECK(parsed.diagnostics.refusal() == 2);
}

TEST_CASE("an instance without an address elects in version 2 and cannot run in version 3") {
  const Parsed v2 = read("vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\n}\n");
  CHECK(said(v2) ==
        "1:15 warning 5: vrrp_instance 'A' has no virtual_ipaddress (it elects a master and moves no address)\n");
  CHECK(v2.config.vrrp_instances.size() == 1);
  CHECK(v2.diagnostics.refusal() == 0);
  const Parsed v3 = read("vrrp_instance A {\nversion 3\ninterface eth0\nvirtual_router_id 1\n}\n");
  CHECK(said(v3).find(
            "1:15 error 5: vrrp_instance 'A' has no virtual_ipaddress, which version 3 needs: it is left out") == 0);
  CHECK(v3.config.vrrp_instances.empty());
  CHECK(v3.diagnostics.refusal() == 2);
}

TEST_CASE("a virtual_router_id is used once on an interface") {
  const auto two = [](const char* interface, const char* vrid) {
    return read(instance("") + "vrrp_instance B {\ninterface " + interface + "\nvirtual_router_id " + vrid +
                "\nvirtual_ipaddress {\n192.0.2.11\n}\n}\n");
  };
  const Parsed same = two("eth0", "10");
  CHECK(said(same) ==
        "12:19 error 5: virtual_router_id 10 is used twice on eth0: 'B' is left out ('A' in line 3 has it already)\n");
  CHECK(same.config.vrrp_instances.size() == 1);
  CHECK(same.diagnostics.refusal() == 2);
  CHECK(said(two("eth1", "10")).empty());
  CHECK(said(two("eth0", "11")).empty());
}

TEST_CASE("an instance that is left out does not take its virtual_router_id with it") {
  const Parsed parsed = read(
      "vrrp_instance A {\nversion 3\ninterface eth0\nvirtual_router_id 1\n}\n"
      "vrrp_instance B {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n192.0.2.1\n}\n}\n");
  CHECK(first(parsed).name == "B");
}

TEST_CASE("an IPv6 instance is version 3, and may have the virtual_router_id of an IPv4 one") {
  const Parsed parsed = read(addresses("2001:db8::1") +
                             "vrrp_instance B {\ninterface eth0\nvirtual_router_id 10\n"
                             "virtual_ipaddress {\n192.0.2.1\n}\n}\n");
  CHECK(said(parsed).empty());
  REQUIRE(parsed.config.vrrp_instances.size() == 2);
  CHECK(parsed.config.vrrp_instances[0].family == Family::ipv6);
  CHECK(parsed.config.vrrp_instances[0].version == 3);
  CHECK(parsed.config.vrrp_instances[1].family == Family::ipv4);
}

TEST_CASE("an address that is listed twice is announced twice, as the peers expect") {
  const Parsed parsed = read(addresses("192.0.2.10\n192.0.2.10\n192.0.2.10/24"));
  CHECK(
      said(parsed) ==
      "7:1 warning 0: 192.0.2.10 is listed twice (advertisements carry it twice; the other routers must list it twice, "
      "too)\n");
  CHECK(first(parsed).virtual_addresses.size() == 3);
}

TEST_CASE("the version is the instance's, else the global one") {
  CHECK(first(read(instance("version 3"))).version == 3);
  CHECK(first(read(globals("vrrp_version 3") + instance(""))).version == 3);
  CHECK(first(read(globals("vrrp_version 3") + instance("version 2"))).version == 2);
}

}  // namespace
}  // namespace baton::config
