// Against the kernel of this machine, in network namespaces of the test's own.
#include "net/address_leases.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <thread>

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "core/time.hpp"
#include "unit/net/namespaces.hpp"

namespace {

using namespace std::chrono_literals;
using namespace baton;
using namespace baton::net;
using namespace baton::test;
using Lines = std::vector<std::string>;

IpAddress at(const std::string& text) {
  return *IpAddress::parse(text);
}

IfIndex index_of(const char* name) {
  return static_cast<IfIndex>(if_nametoindex(name));
}

LeasedAddress vip(const std::string& text, std::uint8_t prefix = 32, std::uint8_t scope = RT_SCOPE_UNIVERSE,
                  const std::string& label = {}) {
  return {.address = at(text), .prefix_length = prefix, .link = index_of("v0"), .scope = scope, .label = label};
}

/// Each line of `ip addr show dev v0` about an address, lifetimes left out.
Lines shown() {
  std::istringstream text(ip_output("-4 addr show dev v0"));
  Lines lines;
  for (std::string line; std::getline(text, line);)
    if (const auto begin = line.find("inet "); begin != std::string::npos) lines.push_back(line.substr(begin));
  return lines;
}

bool is_shown(const std::string& address) {
  const auto lines = shown();
  return std::ranges::any_of(lines, [&](const auto& line) { return line.find(address + '/') == 5; });
}

/// A cable, and leases on this end of it.
struct Fixture {
  const Cable cable;
  boost::asio::io_context io;
  AddressLeases leases{io};
};

void check_all_well(std::span<const LeaseAnswer> answers, std::size_t count) {
  CHECK(answers.size() == count);
  for (const auto& answer : answers) {
    CHECK(answer.code == 0);
    CHECK(answer.what.empty());
    CHECK_FALSE(answer.taken_over);
  }
}

TEST_CASE("leases: ip(8) shows them as it shows keepalived's, but for `dynamic`") {
  in_namespace([] {
    Fixture f;
    ip_batch("addr flush dev v0\naddr add 10.0.0.1/8 dev v0\n");
    const std::vector<LeasedAddress> vips{vip("10.0.0.100"), vip("10.0.0.101", 24, RT_SCOPE_UNIVERSE, "v0:vip"),
                                          vip("10.0.1.1", 24, RT_SCOPE_LINK), vip("10.0.2.1", 24, RT_SCOPE_HOST),
                                          vip("10.0.0.102", 8)};
    check_all_well(f.leases.acquire(vips, 3s), 5);
    CHECK(shown() == Lines{"inet 10.0.2.1/24 scope host dynamic v0", "inet 10.0.1.1/24 scope link dynamic v0",
                           "inet 10.0.0.1/8 scope global v0", "inet 10.0.0.100/32 scope global dynamic v0",
                           "inet 10.0.0.101/24 scope global dynamic v0:vip",
                           "inet 10.0.0.102/8 scope global secondary dynamic v0"});
  });
}

TEST_CASE("leases: what is present carries all that was asked for, and what is left of the lifetime") {
  in_namespace([] {
    Fixture f;
    auto wanted = vip("10.0.3.1", 24, RT_SCOPE_LINK, "v0:x");
    wanted.broadcast = at("10.0.3.255");
    check_all_well(f.leases.acquire({&wanted, 1}, 30s), 1);
    const auto held = f.leases.present(index_of("v0"));
    REQUIRE(held.has_value());
    REQUIRE(held->size() == 2);
    const auto& ours = held->front().protocol != 0 ? held->front() : held->back();
    const auto& own = &ours == &held->front() ? held->back() : held->front();
    CHECK(ours.lease == wanted);
    CHECK(ours.protocol == kBatonProtocol);
    REQUIRE(ours.remaining.has_value());
    CHECK(*ours.remaining >= 28s);
    CHECK(*ours.remaining <= 30s);
    CHECK_FALSE(ours.secondary);
    CHECK(own.lease.address == at("10.0.0.1"));
    CHECK_FALSE(own.remaining.has_value());
    CHECK(own.protocol == 0);
    CHECK(f.leases.present(IfIndex{})->size() == 3);  // and 127.0.0.1
    CHECK(f.leases.present(IfIndex{999})->empty());
  });
}

TEST_CASE("leases: the kernel takes away what is not renewed, and nothing else") {
  in_namespace([] {
    Fixture f;
    const std::vector<LeasedAddress> both{vip("10.0.0.100"), vip("10.0.0.101", 24)};
    const std::span<const LeasedAddress> kept(both.data(), 1);
    const auto begin = Clock::now();
    check_all_well(f.leases.acquire(both, 1s), 2);
    auto gone = 0ns;
    while (Clock::now() < begin + 2500ms && is_shown("10.0.0.101")) {
      check_all_well(f.leases.renew(kept, 1s), 1);
      std::this_thread::sleep_for(100ms);
      gone = Clock::now() - begin;
    }
    CHECK(gone >= 990ms);
    CHECK(gone <= 2400ms);  // the kernel looks at most once a second, a little late when the machine is idle
    CHECK(is_shown("10.0.0.100"));
    CHECK(is_shown("10.0.0.1"));
  });
}

TEST_CASE("leases: renewals keep the order of primary and secondary addresses, and the routes") {
  in_namespace([] {
    Fixture f;
    const std::vector<LeasedAddress> vips{vip("10.0.8.1", 24), vip("10.0.8.2", 24), vip("10.0.0.100", 24)};
    check_all_well(f.leases.acquire(vips, 5s), 3);
    const auto before = shown();
    const auto routes = ip_output("-4 route show table all");
    CHECK(before.back().find("secondary") != std::string::npos);
    CHECK(routes.find("10.0.8.0/24 dev v0 proto kernel scope link src 10.0.8.1") != std::string::npos);
    for (int i = 0; i < 10; ++i) {
      auto turned = vips;
      std::ranges::rotate(turned, turned.begin() + i % 3);
      check_all_well(f.leases.renew(turned, 5s), 3);
    }
    CHECK(shown() == before);
    CHECK(ip_output("-4 route show table all") == routes);
    check_all_well(f.leases.release(vips), 3);
    CHECK(shown() == Lines{"inet 10.0.0.1/24 scope global v0"});
    CHECK(ip_output("-4 route show table all").find("10.0.8.") == std::string::npos);
  });
}

TEST_CASE("leases: an address that somebody removed comes back with the next renewal") {
  in_namespace([] {
    Fixture f;
    const auto lease = vip("10.0.0.100", 24, RT_SCOPE_UNIVERSE, "v0:a");
    check_all_well(f.leases.acquire({&lease, 1}, 3s), 1);
    const auto before = shown();
    ip("addr del 10.0.0.100/24 dev v0");
    CHECK_FALSE(is_shown("10.0.0.100"));
    check_all_well(f.leases.renew({&lease, 1}, 3s), 1);
    CHECK(shown() == before);
  });
}

TEST_CASE("leases: an address that somebody else had put there is taken over, and that is said once") {
  in_namespace([] {
    Fixture f;
    ip("addr add 10.0.0.100/32 dev v0 label v0:theirs");
    const std::vector<LeasedAddress> vips{vip("10.0.0.99"), vip("10.0.0.100"), vip("10.0.0.101")};
    const auto first = f.leases.acquire(vips, 3s);
    REQUIRE(first.size() == 3);
    CHECK_FALSE(first[0].taken_over);
    CHECK(first[1].taken_over);
    CHECK(first[1].code == 0);
    CHECK(first[1].what == "take over 10.0.0.100/32 on v0");
    CHECK_FALSE(first[2].taken_over);
    CHECK(shown()[1] == "inet 10.0.0.100/32 scope global dynamic v0:theirs");
    const auto second = f.leases.acquire(vips, 3s);
    check_all_well(second, 3);  // they are ours now
    const auto held = f.leases.present(index_of("v0"));
    CHECK(std::ranges::count_if(*held, [](const auto& one) { return one.remaining.has_value(); }) == 3);
  });
}

TEST_CASE("leases: what has been made permanent stays, and can be leased again") {
  in_namespace([] {
    Fixture f;
    const auto lease = vip("10.0.0.100");
    check_all_well(f.leases.acquire({&lease, 1}, 1s), 1);
    check_all_well(f.leases.make_permanent({&lease, 1}), 1);
    CHECK(shown().back() == "inet 10.0.0.100/32 scope global v0");
    auto held = f.leases.present(index_of("v0"));
    CHECK_FALSE(held->back().remaining.has_value());
    check_all_well(f.leases.acquire({&lease, 1}, 3s), 1);  // ours by its number: adopted, not taken over
    held = f.leases.present(index_of("v0"));
    CHECK(held->back().remaining.has_value());
  });
}

TEST_CASE("leases: releasing what is not there, or whose link is gone, is no error") {
  in_namespace([] {
    Fixture f;
    const auto lease = vip("10.0.0.100");
    check_all_well(f.leases.acquire({&lease, 1}, 3s), 1);
    check_all_well(f.leases.release({&lease, 1}), 1);
    CHECK_FALSE(is_shown("10.0.0.100"));
    check_all_well(f.leases.release({&lease, 1}), 1);
    ip("link del v0");
    check_all_well(f.leases.release({&lease, 1}), 1);
    CHECK(f.leases.release({}).empty());
  });
}

TEST_CASE("leases: refusals name address, link and cause, and keep nobody else back") {
  in_namespace([] {
    Fixture f;
    auto lost = vip("10.0.0.5");
    lost.link = IfIndex{4711};
    const std::vector<LeasedAddress> wanted{
        vip("10.0.0.100"),     vip("10.0.0.101", 24, RT_SCOPE_LINK),  // another scope in the same subnet
        vip("10.0.0.102", 33), lost,
        vip("2001:db8::1"),    vip("10.0.0.103", 32, RT_SCOPE_UNIVERSE, "v0:much-too-long-a-label"),
        vip("10.0.0.104")};
    const auto answers = f.leases.acquire(wanted, 3s);
    REQUIRE(answers.size() == 7);
    CHECK(answers[0].code == 0);
    CHECK(answers[1].code == EINVAL);
    CHECK(answers[1].what.rfind("add 10.0.0.101/24 to v0: Invalid argument", 0) == 0);
    CHECK(answers[2].code == EINVAL);
    CHECK(answers[3].code == ENODEV);
    CHECK(answers[3].what.rfind("add 10.0.0.5/32 to interface 4711: No such device", 0) == 0);
    CHECK(answers[4].code != 0);  // there is no IPv6 on this cable
    CHECK(answers[4].what.rfind("add 2001:db8::1/32 to v0: ", 0) == 0);
    CHECK(answers[5].code != 0);
    CHECK(answers[6].code == 0);
    CHECK(is_shown("10.0.0.104"));
  });
}

TEST_CASE("leases: IPv6 is held, renewed and released as IPv4 is, and no route of its prefix stays") {
  in_namespace([] {
    Fixture f;
    std::ofstream("/proc/sys/net/ipv6/conf/v0/disable_ipv6") << 0;
    auto in_prefix = vip("2001:db8::100", 64);
    auto alone = vip("fe80::100", 128);
    in_prefix.flags = alone.flags = IFA_F_NODAD;
    alone.preferred = 0s;
    const std::vector<LeasedAddress> vips{alone, in_prefix};
    check_all_well(f.leases.acquire(vips, 3s), 2);
    check_all_well(f.leases.renew(vips, 5s), 2);
    const auto text = ip_output("-6 addr show dev v0");
    CHECK(text.find("inet6 fe80::100/128 scope link nodad deprecated dynamic") != std::string::npos);
    CHECK(text.find("inet6 2001:db8::100/64 scope global nodad dynamic") != std::string::npos);
    CHECK(text.find("valid_lft 5sec preferred_lft 0sec") != std::string::npos);
    CHECK(text.find("valid_lft 5sec preferred_lft 5sec") != std::string::npos);
    const auto held = f.leases.present(index_of("v0"));
    REQUIRE(held);
    CHECK(std::ranges::count_if(*held, [](const auto& one) { return one.protocol == kBatonProtocol; }) == 2);
    CHECK(ip_output("-6 route show dev v0").find("2001:db8::/64") != std::string::npos);
    check_all_well(f.leases.release(vips), 2);
    CHECK(ip_output("-6 addr show dev v0").find("::100/") == std::string::npos);
    CHECK(ip_output("-6 route show dev v0").find("2001:db8::/64") == std::string::npos);
    check_all_well(f.leases.release(vips), 2);  // what is not there
    CHECK(ip_output("-6 addr show dev v0").find("::100/") == std::string::npos);
    check_all_well(f.leases.acquire(vips, 3s), 2);
    check_all_well(f.leases.make_permanent(vips), 2);
    CHECK(ip_output("-6 addr show dev v0").find("2001:db8::100/64 scope global nodad \n") != std::string::npos);
  });
}

TEST_CASE("leases: the preferred lifetime is the one given, but never longer than the address lives") {
  in_namespace([] {
    Fixture f;
    std::ofstream("/proc/sys/net/ipv6/conf/v0/disable_ipv6") << 0;
    auto shorter = vip("2001:db8::100", 64);
    auto longer = vip("2001:db8::101", 64);
    shorter.flags = longer.flags = IFA_F_NODAD;
    shorter.preferred = 20s;
    longer.preferred = 100s;
    const std::vector<LeasedAddress> vips{shorter, longer};
    check_all_well(f.leases.acquire(vips, 50s), 2);
    const auto text = ip_output("-6 addr show dev v0");
    CHECK(text.find("valid_lft 50sec preferred_lft 20sec") != std::string::npos);
    CHECK(text.find("valid_lft 50sec preferred_lft 50sec") != std::string::npos);
    check_all_well(f.leases.make_permanent(vips), 2);
    CHECK(ip_output("-6 addr show dev v0").find("valid_lft forever preferred_lft 100sec") != std::string::npos);
  });
}

TEST_CASE("leases: an address with a peer is held, renewed, read back and released") {
  in_namespace([] {
    Fixture f;
    std::ofstream("/proc/sys/net/ipv6/conf/v0/disable_ipv6") << 0;
    auto four = vip("10.0.9.1");
    four.peer = IpAddress::parse("10.0.9.2");
    auto in_prefix = vip("10.0.9.1", 30);  // the same address with another peer is another one
    in_prefix.peer = IpAddress::parse("10.0.10.2");
    auto six = vip("2001:db8::7", 128);
    six.peer = IpAddress::parse("2001:db8::8");
    six.flags = IFA_F_NODAD;
    const std::vector<LeasedAddress> vips{four, in_prefix, six};
    check_all_well(f.leases.acquire(vips, 3s), 3);
    check_all_well(f.leases.renew(vips, 9s), 3);
    const auto text = ip_output("addr show dev v0");
    CHECK(text.find("inet 10.0.9.1 peer 10.0.9.2/32 ") != std::string::npos);
    CHECK(text.find("inet 10.0.9.1 peer 10.0.10.2/30 ") != std::string::npos);
    CHECK(text.find("inet6 2001:db8::7 peer 2001:db8::8/128 ") != std::string::npos);
    CHECK(text.find("valid_lft 9sec") != std::string::npos);
    const auto held = f.leases.present(index_of("v0"));
    REQUIRE(held);
    for (const auto& lease : vips)
      CHECK(std::ranges::count_if(*held, [&](const auto& one) {
              return one.lease.address == lease.address && one.lease.peer == lease.peer &&
                     one.lease.prefix_length == lease.prefix_length;
            }) == 1);
    check_all_well(f.leases.release({&vips[0], 1}), 1);
    CHECK(ip_output("addr show dev v0").find("peer 10.0.9.2") == std::string::npos);
    CHECK(ip_output("addr show dev v0").find("peer 10.0.10.2/30") != std::string::npos);
    check_all_well(f.leases.release(vips), 3);
    CHECK(ip_output("addr show dev v0").find("peer") == std::string::npos);
  });
}

/// A TCP connection from the other namespace to `address`, both ends of it.
struct Connection {
  Connection(const Namespace& other, const IpAddress& address) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(8080);
    where.sin_addr.s_addr = htonl(address.v4_host_order());
    const auto* const to = reinterpret_cast<const sockaddr*>(&where);
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    REQUIRE(listener >= 0);
    REQUIRE(bind(listener, to, sizeof where) == 0);
    REQUIRE(listen(listener, 1) == 0);
    {
      const Namespace::Visit visit(other);
      client = socket(AF_INET, SOCK_STREAM, 0);
      REQUIRE(client >= 0);
      const timeval limit{.tv_sec = 2, .tv_usec = 0};
      for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO})
        REQUIRE(setsockopt(client, SOL_SOCKET, option, &limit, sizeof limit) == 0);
      REQUIRE(connect(client, to, sizeof where) == 0);
    }
    server = accept(listener, nullptr, nullptr);
    REQUIRE(server >= 0);
    close(listener);
  }
  ~Connection() {
    close(client);
    close(server);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool carries(char octet) const {
    char heard = 0;
    return send(server, &octet, 1, MSG_NOSIGNAL) == 1 && recv(client, &heard, 1, 0) == 1 && heard == octet;
  }
  int client = -1, server = -1;
};

TEST_CASE("leases: a connection to the address lives through renewals, adoption and being made permanent") {
  in_namespace([] {
    Fixture f;
    const auto lease = vip("10.0.0.100");
    check_all_well(f.leases.acquire({&lease, 1}, 1s), 1);
    const Connection connection(f.cable.other, lease.address);
    CHECK(connection.carries('a'));
    for (int i = 0; i < 13; ++i) {  // longer than one lifetime
      check_all_well(f.leases.renew({&lease, 1}, 1s), 1);
      std::this_thread::sleep_for(100ms);
    }
    CHECK(connection.carries('b'));
    AddressLeases successor(f.io);
    check_all_well(successor.acquire({&lease, 1}, 3s), 1);
    CHECK(connection.carries('c'));
    check_all_well(successor.make_permanent({&lease, 1}), 1);
    CHECK(connection.carries('d'));
  });
}

TEST_CASE("leases: a thousand addresses in one call, each once") {
  in_namespace([] {
    Fixture f;
    std::vector<LeasedAddress> vips;
    for (std::uint32_t i = 0; i < 1000; ++i) {
      vips.push_back(vip("10.9.0.0"));
      vips.back().address = IpAddress::v4(0x0a090000 + i);
    }
    check_all_well(f.leases.acquire(vips, 5s), 1000);
    CHECK(f.leases.present(index_of("v0"))->size() == 1001);
    check_all_well(f.leases.renew(vips, 5s), 1000);
    check_all_well(f.leases.acquire(vips, 5s), 1000);
    CHECK(f.leases.present(index_of("v0"))->size() == 1001);
    check_all_well(f.leases.release(vips), 1000);
    CHECK(f.leases.present(index_of("v0"))->size() == 1);
  });
}

}  // namespace
