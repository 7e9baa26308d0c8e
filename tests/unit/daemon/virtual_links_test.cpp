// Against the kernel of this machine, in network namespaces of the test's own.
#include "daemon/virtual_links.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <thread>

#include <doctest/doctest.h>

#include "unit/daemon/temporary.hpp"
#include "unit/net/own_namespace.hpp"

using namespace baton;
using namespace baton::daemon;

namespace {

void ip(const std::string& arguments) {
  const auto command = "ip " + arguments;
  REQUIRE(std::system(command.c_str()) == 0);
}

std::string output(const std::string& command) {
  std::string text;
  FILE* const pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  char buffer[256];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr)
    text += buffer;
  pclose(pipe);
  return text;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

WantedLink macvlan(std::uint8_t vrid, const char* parent = "v0") {
  WantedLink link;
  link.parent = parent;
  link.mac = {0, 0, 0x5e, 0, 1, vrid};
  return link;
}

/// One process of the role: what it knows of a former one is in the ledger.
struct Process {
  explicit Process(const std::string& path) : ledger(path), virtual_links(io, &links, &ledger) {}

  std::set<std::string> restore(VirtualLinks::Removed removed = {}) {
    CHECK(links.refresh().has_value());
    return virtual_links.restore(removed);
  }
  void set(const WantedLinks& wanted) {
    CHECK(links.refresh().has_value());
    virtual_links.set(wanted);
  }

  boost::asio::io_context io;
  net::Links links{io, {}};
  KernelLedger ledger;
  VirtualLinks virtual_links;
};

/// v0 with its other end; the body is given the path of a ledger.
template <class Body>
void with_cable(Body body) {
  const TemporaryFolder folder;
  const bool is_allowed = own_namespace::run([&] {
    ip("link add v0 address 02:00:00:00:00:01 type veth peer name v1");
    ip("link set v0 up");
    ip("link set v1 up");
    body(folder.file("ledger"));
  });
  if (!is_allowed) MESSAGE("SKIPPED: a network namespace needs root");
}

std::string shown(const std::string& name) {
  return output("ip -d link show " + name + " 2>&1");
}

}  // namespace

TEST_CASE("VMACs are made up, and gone when nobody wants them") {
  with_cable([](const std::string& path) {
    Process process(path);
    process.set({{"vrrp.51", macvlan(51)}, {"vrrp.52", macvlan(52)}});
    CHECK(has(shown("vrrp.51"), "00:00:5e:00:01:33"));
    CHECK(has(shown("vrrp.51"), "macvlan mode private"));
    CHECK(has(shown("vrrp.51"), ",UP"));
    CHECK(process.ledger.lines_of("link").size() == 2);
    process.set({{"vrrp.52", macvlan(52)}});
    CHECK(has(shown("vrrp.51"), "does not exist"));
    CHECK(process.ledger.lines_of("link") == std::vector<std::string>{"vrrp.52 macvlan 00:00:5e:00:01:34 v0"});
    process.set({});
    CHECK(has(shown("vrrp.52"), "does not exist"));
    CHECK(process.ledger.lines_of("link").empty());
  });
}

TEST_CASE("what is equal stays as it is; another MAC or another parent is another interface") {
  with_cable([](const std::string& path) {
    ip("link add v2 type veth peer name v3");
    Process process(path);
    process.set({{"vrrp.51", macvlan(51)}});
    const auto index = output("ip -o link show vrrp.51 | cut -d: -f1");
    process.set({{"vrrp.51", macvlan(51)}});
    CHECK(output("ip -o link show vrrp.51 | cut -d: -f1") == index);
    process.set({{"vrrp.51", macvlan(99)}});
    CHECK(has(shown("vrrp.51"), "00:00:5e:00:01:63"));
    process.set({{"vrrp.51", macvlan(99, "v2")}});
    CHECK(has(shown("vrrp.51"), "vrrp.51@v2"));
  });
}

TEST_CASE("a VMAC that somebody has removed is made again, one that is set down is set up, its address comes back") {
  with_cable([](const std::string& path) {
    Process process(path);
    auto sixth = macvlan(51);
    sixth.family = Family::ipv6;
    sixth.has_ipv6 = sixth.needs_link_local = true;
    ip("addr add fe80::1/64 dev v0 nodad");
    // The kernel says a moment later that the address is no tentative one.
    std::optional<IpAddress> primary;
    for (int i = 0; i < 500 && !primary; ++i) {
      if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds{10});
      CHECK(process.links.refresh().has_value());
      primary = process.links.find("v0")->primary_ipv6;
    }
    REQUIRE(primary);
    const auto own = *primary;
    const auto has_it = [&] { return has(output("ip -6 addr show dev vrrp.51"), own.to_string() + "/64"); };
    process.set({{"vrrp.51", sixth}});
    CHECK(has_it());
    ip("link del vrrp.51");
    CHECK(process.restore() == std::set<std::string>{"vrrp.51"});
    CHECK(process.restore().empty());
    CHECK(has_it());
    CHECK(process.links.refresh().has_value());
    const auto index = process.links.find("vrrp.51")->index;
    ip("addr del " + own.to_string() + "/64 dev vrrp.51");
    const std::pair<IfIndex, IpAddress> removed[] = {{index, own}};
    CHECK(process.restore(removed).empty());
    CHECK(has_it());
    ip("link set vrrp.51 down");
    process.restore();
    CHECK(has(shown("vrrp.51"), ",UP"));
  });
}

TEST_CASE("a parent that is removed is waited for; one that is renamed, when another has its name, loses its VMAC") {
  with_cable([](const std::string& path) {
    Process process(path);
    process.set({{"vrrp.51", macvlan(51)}});
    ip("link del v0");
    CHECK(process.restore().empty());
    ip("link add v0 type veth peer name v1");
    CHECK(process.restore() == std::set<std::string>{"vrrp.51"});
    CHECK(has(shown("vrrp.51"), "vrrp.51@v0"));
    ip("link set v0 name old");
    CHECK(process.restore().empty());
    CHECK(has(shown("vrrp.51"), "vrrp.51@old"));
    ip("link add v0 type veth peer name v2");
    CHECK(process.restore() == std::set<std::string>{"vrrp.51"});
    CHECK(has(shown("vrrp.51"), "vrrp.51@v0"));
  });
}

TEST_CASE("a VMAC upon a macvlan, which the kernel puts beside it, is as wanted") {
  with_cable([](const std::string& path) {
    ip("link add link v0 name up0 address 02:00:00:00:00:05 type macvlan mode bridge");
    ip("link set up0 up");
    Process process(path);
    process.set({{"vrrp.51", macvlan(51, "up0")}});
    CHECK(has(shown("vrrp.51"), "vrrp.51@v0"));
    const auto index = output("ip -o link show vrrp.51 | cut -d: -f1");
    CHECK(process.restore().empty());
    process.set({{"vrrp.51", macvlan(51, "up0")}});
    CHECK(output("ip -o link show vrrp.51 | cut -d: -f1") == index);
  });
}

TEST_CASE("the next process knows what is ours, also from a ledger without descriptions, and removes it") {
  with_cable([](const std::string& path) {
    Process(path).set({{"vrrp.51", macvlan(51)}, {"vrrp.52", macvlan(52)}});
    {
      KernelLedger old(path);
      old.remove("link vrrp.52 macvlan 00:00:5e:00:01:34 v0");
      old.add("link vrrp.52");
      old.save();
    }
    Process next(path);
    next.set({{"vrrp.52", macvlan(52)}});
    CHECK(has(shown("vrrp.51"), "does not exist"));
    CHECK(has(shown("vrrp.52"), "macvlan"));
    next.set({});
    CHECK(has(shown("vrrp.52"), "does not exist"));
    CHECK(next.ledger.lines_of("link").empty());
  });
}

TEST_CASE("an equal interface of keepalived's is taken over; another of the name is left to whom it belongs") {
  with_cable([](const std::string& path) {
    ip("link add link v0 name vrrp.51 address 00:00:5e:00:01:33 type macvlan mode private");
    ip("link add link v0 name vrrp.52 address 00:00:5e:00:01:34 type macvlan mode private");
    ip("link add vrrp.53 address 00:00:5e:00:01:35 type veth peer name v9");
    Process process(path);
    process.set({{"vrrp.51", macvlan(51)}, {"vrrp.52", macvlan(99)}, {"vrrp.53", macvlan(53)}});
    CHECK(process.ledger.lines_of("link").size() == 1);
    CHECK(has(shown("vrrp.51"), ",UP"));
    process.set({});
    CHECK(has(shown("vrrp.51"), "does not exist"));
    CHECK(has(shown("vrrp.52"), "macvlan"));
    CHECK(has(shown("vrrp.53"), "veth"));
  });
}

TEST_CASE("an ipvlan has its address; where the kernel has none, nothing is left in the ledger") {
  with_cable([](const std::string& path) {
    Process process(path);
    WantedLink link;
    link.parent = "v0";
    link.kind = net::LinkKind::ipvlan;
    link.address = config::PeerAddress{*IpAddress::parse("10.0.0.51"), 24};
    process.set({{"ipv0", link}});
    if (has(shown("ipv0"), "does not exist")) {
      CHECK(process.ledger.lines_of("link").empty());
      MESSAGE("SKIPPED: this kernel has no ipvlan");
      return;
    }
    CHECK(has(shown("ipv0"), "ipvlan  mode l2 bridge"));
    CHECK(has(output("ip -4 addr show dev ipv0"), "10.0.0.51/24"));
    process.set({});
    CHECK(has(shown("ipv0"), "does not exist"));
  });
}
