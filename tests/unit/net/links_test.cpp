// Against the kernel of this machine, in network namespaces of the test's own.
#include "net/links.hpp"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

#include "net/address_leases.hpp"
#include "unit/addresses.hpp"
#include "unit/net/namespaces.hpp"

namespace {

using namespace std::chrono_literals;
using namespace baton;
using namespace baton::net;
using namespace baton::test;
using Lines = std::vector<std::string>;

/// Links whose reports are lines of text.
struct Watch {
  explicit Watch(int buffer = Links::kReceiveBuffer) : links(io, observer(), buffer) {}

  LinkObserver observer() {
    LinkObserver made;
    made.on_change = [this](const Link& link) {
      lines.push_back(link.name +
                      (!link.exists ? " gone"
                       : link.up    ? " up"
                                    : " down") +
                      (link.primary_ipv4 ? ' ' + link.primary_ipv4->to_string() : ""));
    };
    made.on_address_added = [this](IfIndex, const IpAddress& address, std::uint8_t prefix) {
      lines.push_back("+" + address.to_string() + '/' + std::to_string(prefix));
    };
    made.on_address_removed = [this](IfIndex, const IpAddress& address, std::uint8_t prefix) {
      lines.push_back("-" + address.to_string() + '/' + std::to_string(prefix));
    };
    return made;
  }
  /// What has been reported since the last time, repetitions in a row left out.
  Lines news() {
    CHECK(links.refresh().has_value());
    auto seen = std::exchange(lines, {});
    const auto [first, last_one] = std::ranges::unique(seen);
    seen.erase(first, last_one);
    return seen;
  }

  /// The same, until `last` is reported: the kernel tells of a carrier up to a second late.
  Lines news_until(const std::string& last) {
    Lines seen;
    for (int i = 0; i < 300 && (seen.empty() || seen.back() != last); ++i) {
      if (i > 0) std::this_thread::sleep_for(10ms);
      const auto more = news();
      seen.insert(seen.end(), more.begin(), more.end());
    }
    const auto [first, last_one] = std::ranges::unique(seen);
    seen.erase(first, last_one);
    return seen;
  }

  /// Runs the loop until `last` is reported.
  void run_until(const std::string& last) {
    for (int i = 0; i < 300 && (lines.empty() || lines.back() != last); ++i)
      io.run_for(10ms);
    REQUIRE_FALSE(lines.empty());
    CHECK(lines.back() == last);
    lines.clear();
  }

  boost::asio::io_context io;
  Lines lines;
  Links links;
};

TEST_CASE("links: what is there at the start is known and not reported") {
  in_namespace([] {
    const Cable cable;
    Watch watch;
    CHECK(watch.lines.empty());
    const Link* const link = watch.links.find("v0");
    REQUIRE(link != nullptr);
    CHECK(link->up);
    CHECK(link->mac == vrrp::MacAddress{2, 0, 0, 0, 0, 1});
    CHECK(link->mtu == 1500);
    CHECK(link->primary_ipv4 == address("10.0.0.1"));
    CHECK(watch.links.find(link->index) == link);
    CHECK(watch.links.find("lo")->primary_ipv4 == address("127.0.0.1"));
    CHECK(watch.links.find("v1") == nullptr);
  });
}

TEST_CASE("links: down, up without a carrier, up") {
  in_namespace([] {
    const Cable cable;
    Watch watch;
    ip("link set v0 down");
    CHECK(watch.news_until("v0 down 10.0.0.1") == Lines{"v0 down 10.0.0.1"});
    {
      const Namespace::Visit visit(cable.other);
      ip("link set v1 down");
    }
    ip("link set v0 up");
    CHECK(watch.news().empty());
    {
      const Namespace::Visit visit(cable.other);
      ip("link set v1 up");
    }
    CHECK(watch.news_until("v0 up 10.0.0.1") == Lines{"v0 up 10.0.0.1"});
  });
}

TEST_CASE("links: a carrier that is lost") {
  in_namespace([] {
    const Cable cable;
    Watch watch;
    {
      const Namespace::Visit visit(cable.other);
      ip("link set v1 down");
    }
    CHECK(watch.news_until("v0 down 10.0.0.1") == Lines{"v0 down 10.0.0.1"});
  });
}

TEST_CASE("links: renamed, deleted, made again") {
  in_namespace([] {
    const Cable cable;
    Watch watch;
    ip("link set v0 down");
    ip("link set v0 name wan0");
    CHECK(watch.news() == Lines{"v0 down 10.0.0.1", "v0 gone 10.0.0.1", "wan0 down 10.0.0.1"});
    CHECK(watch.links.find("v0") == nullptr);
    const auto old_index = watch.links.find("wan0")->index;
    ip("link del wan0");
    CHECK(watch.news() == Lines{"-10.0.0.1/24", "wan0 down", "wan0 gone"});
    CHECK(watch.links.find("wan0") == nullptr);
    ip("link add wan0 type veth peer name wan1");
    ip_batch("addr add 10.0.0.3/24 dev wan0\nlink set wan0 up\nlink set wan1 up\n");
    CHECK(watch.news_until("wan0 up 10.0.0.3").back() == "wan0 up 10.0.0.3");
    CHECK(watch.links.find("wan0")->index != old_index);
  });
}

TEST_CASE("links: changes of hardware address and MTU") {
  in_namespace([] {
    const Cable cable;
    Watch watch;
    ip("link set v0 address 02:00:00:00:00:aa");
    ip("link set v0 mtu 1400");
    CHECK(watch.news() == Lines{"v0 up 10.0.0.1"});
    CHECK(watch.links.find("v0")->mac == vrrp::MacAddress{2, 0, 0, 0, 0, 0xaa});
    CHECK(watch.links.find("v0")->mtu == 1400);
  });
}

TEST_CASE("links: a port that joins and leaves a bridge is neither gone nor new") {
  in_namespace([] {
    const Cable cable;
    Watch watch;
    ip("link add br0 type bridge");
    watch.news();
    ip("link set v0 master br0");
    ip("link set v0 nomaster");
    for (const auto& line : watch.news())
      CHECK(line.rfind("v0 gone", 0) != 0);
    REQUIRE(watch.links.find("v0") != nullptr);
    CHECK(watch.links.find("v0")->up);
  });
}

TEST_CASE("links: an interface that moves to another namespace and back") {
  in_namespace([] {
    const Cable cable;
    Watch watch;
    ip("link set v0 netns " + cable.other.path());
    CHECK(watch.news().back() == "v0 gone");
    CHECK(watch.links.find("v0") == nullptr);
  });
}

TEST_CASE("links: the primary address is keepalived's choice") {
  in_namespace([] {
    const Cable cable;
    // Each was given to an interface that keepalived 2.2.7 used; its advertisements came from the address named here.
    ip("addr flush dev v0");
    ip_batch(
        "addr add 10.0.0.100/24 dev v0\naddr add 10.0.0.1/24 dev v0\naddr add 10.1.0.1/16 dev v0\n"
        "addr add 10.5.0.1/24 dev v0 scope link\n");
    Watch watch;
    CHECK(watch.links.find("v0")->primary_ipv4 == address("10.5.0.1"));
    ip("addr del 10.5.0.1/24 dev v0");
    CHECK(watch.news() == Lines{"-10.5.0.1/24", "v0 up 10.0.0.100"});
    watch.links.set_virtual_addresses({address("10.0.0.100")});
    CHECK(watch.news() == Lines{"v0 up 10.1.0.1"});
    ip("addr del 10.1.0.1/16 dev v0");
    CHECK(watch.news() == Lines{"-10.1.0.1/16", "v0 up 10.0.0.1"});  // secondary, but the only one of our own
    ip("addr add 10.9.0.1/24 dev v0 scope link");
    CHECK(watch.news() == Lines{"+10.9.0.1/24"});
    CHECK(watch.links.find("v0")->primary_ipv4 == address("10.0.0.1"));
  });
}

TEST_CASE("links: leases appear once, however often they are renewed, and are never primary") {
  in_namespace([] {
    const Cable cable;
    Watch watch;
    AddressLeases leases(watch.io);
    const std::vector<LeasedAddress> vip{
        {.address = address("10.0.0.100"), .prefix_length = 24, .link = watch.links.find("v0")->index, .scope = 0}};
    leases.acquire(vip, 3s);
    for (int i = 0; i < 20; ++i)
      leases.renew(vip, 3s);
    CHECK(watch.news() == Lines{"+10.0.0.100/24"});
    ip("addr del 10.0.0.1/24 dev v0");  // takes the secondary one along
    const auto seen = watch.news();
    CHECK(std::ranges::count(seen, "-10.0.0.100/24") == 1);
    CHECK_FALSE(watch.links.find("v0")->primary_ipv4.has_value());
    leases.renew(vip, 3s);
    CHECK(watch.news() == Lines{"+10.0.0.100/24"});
    CHECK_FALSE(watch.links.find("v0")->primary_ipv4.has_value());
  });
}

TEST_CASE("links: after more news than the queue holds, everything is read anew") {
  in_namespace([] {
    const Cable cable;
    Watch watch(4096);
    std::string add;
    for (int i = 0; i < 1000; ++i)
      add += "addr add 10.7." + std::to_string(i / 250) + '.' + std::to_string(i % 250) + "/32 dev v0\n";
    ip_batch(add);
    ip("link add gone0 type bridge");
    ip("link del gone0");
    const auto seen = watch.news();
    CHECK(seen.size() == 1000);
    CHECK(std::ranges::count(seen, "+10.7.3.249/32") == 1);
    ip("addr flush to 10.7.0.0/16 dev v0");
    CHECK(watch.news().size() == 1000);
    ip("link del v0");
    ip("link add other0 type bridge");
    const auto last = watch.news();
    CHECK(std::ranges::count(last, "v0 gone") == 1);
    CHECK(std::ranges::count(last, "other0 down") == 1);
  });
}

TEST_CASE("links: run() reports what happens while the loop runs, and ends when cancelled") {
  in_namespace([] {
    const Cable cable;
    Watch watch;
    boost::asio::cancellation_signal stop;
    bool is_done = false;
    int errors = 0;
    auto on_error = [&errors](const Error&) { ++errors; };
    boost::asio::co_spawn(watch.io, watch.links.run(on_error),
                          boost::asio::bind_cancellation_slot(stop.slot(), [&is_done](std::exception_ptr failed) {
                            CHECK(failed == nullptr);
                            is_done = true;
                          }));
    watch.io.run_for(20ms);
    for (int round = 0; round < 3; ++round) {
      ip("addr add 10.1.0.1/24 dev v0");
      watch.run_until("+10.1.0.1/24");
      ip("addr del 10.1.0.1/24 dev v0");
      watch.run_until("-10.1.0.1/24");
    }
    CHECK_FALSE(is_done);
    stop.emit(boost::asio::cancellation_type::terminal);
    watch.io.run_for(50ms);
    CHECK(is_done);
    CHECK(errors == 0);
  });
}

}  // namespace
