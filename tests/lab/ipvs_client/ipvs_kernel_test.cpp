// IpvsClient against a kernel's own IPVS, each case in a network namespace of its own (where the kernel's list of
// removed servers is empty).  run.py runs it, in user-mode Linux where the machine's kernel has no ip_vs.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <linux/ip_vs.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "net/ipvs_client.hpp"
#include "unit/ipvs/ipvs_tables.hpp"
#include "unit/net/own_namespace.hpp"

using namespace ipvs_tables;
using namespace baton::net;
using namespace std::chrono_literals;

namespace {

constexpr Duration kLong = 120s;  // user-mode Linux is slow

/// Until an interface has an address the kernel takes no IPv4 real server.
void raise_loopback() {
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP;
  const int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  REQUIRE(ioctl(any, SIOCSIFFLAGS, &request) == 0);
  close(any);
}

template <class Body>
void in_own_namespace(Body body) {
  const bool has_run = own_namespace::run([&] {
    raise_loopback();
    body();
  });
  REQUIRE_MESSAGE(has_run, "a network namespace needs root");
}

std::unique_ptr<IpvsClient> client() {
  auto opened = IpvsClient::open();
  REQUIRE_MESSAGE(opened.has_value(), opened.error().message);
  return std::move(*opened);
}

Table table_of(IpvsClient& kernel) {
  auto table = kernel.read(kLong);
  REQUIRE_MESSAGE(table.has_value(), table.error().message);
  return std::move(*table);
}

std::set<ServiceKey> keys(const Table& table) {
  std::set<ServiceKey> all;
  for (const auto& [key, service] : table)
    all.insert(key);
  return all;
}

/// Applies what must succeed.
void carry_out(IpvsClient& kernel, const std::vector<Operation>& operations) {
  const auto outcome = kernel.apply(operations, kLong);
  for (const auto& error : outcome.errors)
    FAIL_CHECK(error.message);
  CHECK_FALSE(outcome.reread);
}

/// Loads `wanted` into an empty kernel, and sees that it is there as wanted and that nothing is left to do.
void load(const Table& wanted) {
  const auto kernel = client();
  CHECK(table_of(*kernel).empty());
  carry_out(*kernel, diff({}, wanted, {}));
  const auto actual = table_of(*kernel);
  CHECK(keys(actual) == keys(wanted));
  for (const auto& operation : diff(actual, wanted, keys(wanted)))
    FAIL_CHECK("not as wanted: " << to_string(operation));
}

Service scheduled(std::string name, std::uint32_t flags = 0) {
  Service service;
  service.sched_name = std::move(name);
  service.flags = flags;
  return service;
}

Service with(Dests dests) {
  Service service;
  service.dests = std::move(dests);
  return service;
}

/// `services` times `dests`, as the benchmarks have them.
Table large_table(std::uint32_t services, std::uint32_t dests) {
  Table table;
  for (std::uint32_t i = 0; i < services; ++i) {
    ServiceKey key{Family::ipv4, Protocol::tcp, IpAddress::v4(0x0a640000U + i), 80, 0};
    auto service = scheduled("wrr");
    for (std::uint32_t j = 0; j < dests; ++j)
      service.dests[{IpAddress::v4(0x0a140000U + i * dests + j), 80}] = {};
    table.emplace(key, std::move(service));
  }
  return table;
}

double milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

template <class Work>
Duration timed(Work work) {
  const auto start = Clock::now();
  work();
  return Clock::now() - start;
}

}  // namespace

TEST_CASE("kernel: every scheduler") {
  in_own_namespace([] {
    Table wanted;
    std::uint16_t port = 1;
    for (const char* name : {"rr", "wrr", "lc", "wlc", "sh", "dh", "mh", "lblc", "lblcr", "sed", "nq", "fo", "ovf"}) {
      auto service = scheduled(name);
      service.dests = {{at("10.0.0.1", port), {}}, {at("10.0.0.2", port), weighing(2)}};
      wanted.emplace(tcp("192.0.2.1", port++), service);
    }
    load(wanted);
  });
}

TEST_CASE("kernel: flags of services, persistence with its netmask, engines") {
  in_own_namespace([] {
    Table wanted;
    wanted[tcp("192.0.2.1", 1)] = scheduled("sh", IP_VS_SVC_F_SCHED_SH_FALLBACK | IP_VS_SVC_F_SCHED_SH_PORT);
    wanted[tcp("192.0.2.1", 2)] = scheduled("mh", IP_VS_SVC_F_SCHED1 | IP_VS_SVC_F_SCHED2);
    wanted[key(Protocol::udp, "192.0.2.1", 3)] = scheduled("rr", IP_VS_SVC_F_ONEPACKET);
    auto persistent = scheduled("wlc", IP_VS_SVC_F_PERSISTENT);
    persistent.timeout = 50;
    wanted[tcp("192.0.2.1", 4)] = persistent;
    wanted[tcp("192.0.2.1", 0)] = persistent;  // every port at once
    wanted[mark(5)] = persistent;
    persistent.netmask = 0x00ffffffU;
    persistent.timeout = 7200;
    wanted[tcp("192.0.2.1", 6)] = persistent;
    persistent.pe_name = "sip";
    wanted[key(Protocol::udp, "192.0.2.1", 5060)] = persistent;
    load(wanted);
  });
}

TEST_CASE("kernel: methods, weights, thresholds, port mapping") {
  in_own_namespace([] {
    Dests dests;
    std::uint16_t port = 8000;
    for (const auto method : {FwdMethod::masq, FwdMethod::direct_route, FwdMethod::tunnel}) {
      for (const std::uint32_t weight : {0U, 1U, 100U, 65535U})
        dests[at("10.0.0.1", port++)] = {method, weight, 0, 0};
      dests[at("10.0.0.2", port++)] = {method, 1, 100, 50};
      dests[at("10.0.0.2", port++)] = {method, 1, 4000000000U, 0};
    }
    load({{tcp("192.0.2.1", 80), with(dests)},
          {key(Protocol::udp, "192.0.2.1", 80), with(dests)},
          {key(Protocol::sctp, "192.0.2.1", 80), with(dests)},
          {mark(7), with(dests)}});
  });
}

TEST_CASE("kernel: IPv6 services and marks, and tunnels between the families") {
  in_own_namespace([] {
    const Dest tunnelled{FwdMethod::tunnel, 1, 0, 0};
    auto persistent = scheduled("rr", IP_VS_SVC_F_PERSISTENT);
    persistent.timeout = 50;
    persistent.netmask = 64;
    auto mixed = with({{at("2001:db8::2", 443), tunnelled}, {at("10.0.0.1", 443), tunnelled}});
    mixed.netmask = 128;
    load({{tcp("2001:db8::1", 443), mixed},
          {tcp("2001:db8::1", 80), with({{at("2001:db8::2", 80), {}}, {at("2001:db8::3", 8080), {}}})},
          {tcp("2001:db8::1", 22), persistent},
          {mark(7, Family::ipv6), with({{at("2001:db8::2", 0), {FwdMethod::direct_route, 1, 0, 0}}})},
          {mark(7), with({{at("10.0.0.1", 0), {FwdMethod::direct_route, 1, 0, 0}}})},
          {tcp("192.0.2.1", 443), with({{at("2001:db8::2", 443), tunnelled}})}});
  });
}

TEST_CASE("kernel: every tunnel, changed in place, and back to plain ipip") {
  in_own_namespace([] {
    const auto wrapped = [](Tunnel tunnel) { return Dest{FwdMethod::tunnel, 1, 0, 0, tunnel}; };
    const auto web = tcp("192.0.2.1", 80);
    const Tunnel tunnels[] = {{Tunnel::Type::gre, 0, 0},
                              {Tunnel::Type::gre, 0, IP_VS_TUNNEL_ENCAP_FLAG_CSUM},
                              {Tunnel::Type::gue, 6080, 0},
                              {Tunnel::Type::gue, 6081, IP_VS_TUNNEL_ENCAP_FLAG_CSUM},
                              {Tunnel::Type::gue, 6081, IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM},
                              {}};
    const auto kernel = client();
    CHECK(kernel->tunnel_support() == TunnelSupport::unknown);
    Table wanted{{web, with({{at("10.0.0.1", 80), wrapped({})}, {at("2001:db8::1", 80), wrapped(tunnels[1])}})}};
    carry_out(*kernel, diff({}, wanted, {}));
    CHECK(table_of(*kernel) == wanted);
    CHECK(kernel->tunnel_support() == TunnelSupport::all);
    for (const auto& tunnel : tunnels) {
      const auto before = table_of(*kernel);
      wanted.at(web).dests.at(at("10.0.0.1", 80)) = wrapped(tunnel);
      const auto operations = diff(before, wanted, {web});
      CAPTURE(to_string(tunnel));
      CHECK(operations.size() == 1);
      carry_out(*kernel, operations);
      CHECK(table_of(*kernel) == wanted);
    }
  });
}

TEST_CASE("kernel: an unknown scheduler is named, and the rest is programmed all the same") {
  in_own_namespace([] {
    const auto kernel = client();
    auto unknown = scheduled("wsh");
    unknown.dests = {{at("10.0.0.1", 80), {}}, {at("10.0.0.2", 80), {}}};
    const Table wanted{{tcp("192.0.2.1", 80), unknown}, {tcp("192.0.2.2", 80), with({{at("10.0.0.1", 80), {}}})}};
    const auto outcome = kernel->apply(diff({}, wanted, {}), kLong);
    CHECK(outcome.reread);
    REQUIRE(outcome.errors.size() == 1);
    CHECK(outcome.errors[0].message ==
          "add service TCP 192.0.2.1:80: this kernel has no IPVS scheduler \"wsh\" (module ip_vs_wsh) "
          "(No such file or directory)");
    CHECK(table_of(*kernel) == Table{{tcp("192.0.2.2", 80), wanted.at(tcp("192.0.2.2", 80))}});
  });
}

TEST_CASE("kernel: what it refuses is said in words") {
  in_own_namespace([] {
    const auto kernel = client();
    const auto web = tcp("192.0.2.1", 80);
    carry_out(*kernel, {NewService{web, {}}});
    const auto error = [&](const DestKey& key, const Dest& dest) {
      const auto outcome = kernel->apply(std::vector<Operation>{NewDest{web, key, dest}}, kLong);
      REQUIRE(outcome.errors.size() == 1);
      return outcome.errors[0].message;
    };
    CHECK(error(at("224.0.0.1", 80), {}) ==
          "add real server 224.0.0.1:80 to TCP 192.0.2.1:80: not an address of a single host, or no interface has an "
          "address yet (Invalid argument)");
    CHECK(error(at("2001:db8::1", 80), {}) ==
          "add real server [2001:db8::1]:80 to TCP 192.0.2.1:80: IPv4 and IPv6 mix only with tunnelling, and without a "
          "sync daemon (Invalid argument)");
    CHECK(
        error(at("10.0.0.1", 80), {FwdMethod::masq, 1, 5, 9}) ==
        "add real server 10.0.0.1:80 to TCP 192.0.2.1:80: the lower threshold is above the upper one (Numerical result "
        "out of range)");
    CHECK(table_of(*kernel).at(web).dests.empty());
  });
}

TEST_CASE("kernel: what is already so is a reason to read again, and no error") {
  in_own_namespace([] {
    const auto kernel = client();
    const auto web = tcp("192.0.2.1", 80);
    const Table wanted{{web, with({{at("10.0.0.1", 80), {}}})}};
    const auto building = diff({}, wanted, {});
    carry_out(*kernel, building);
    const std::vector<Operation> gone{SetService{tcp("192.0.2.9", 80), {}},
                                      DelService{tcp("192.0.2.9", 80)},
                                      NewDest{tcp("192.0.2.9", 80), at("10.0.0.1", 80), {}},
                                      SetDest{web, at("10.0.0.9", 80), {}},
                                      DelDest{web, at("10.0.0.9", 80)},
                                      SetDest{tcp("192.0.2.9", 80), at("10.0.0.9", 80), {}}};
    for (const auto& operations : {building, gone}) {
      const auto outcome = kernel->apply(operations, kLong);
      CHECK(outcome.reread);
      for (const auto& error : outcome.errors)
        FAIL_CHECK(error.message);
    }
    CHECK(table_of(*kernel) == wanted);
  });
}

TEST_CASE("kernel: changes are made in place, whatever they change") {
  in_own_namespace([] {
    const auto kernel = client();
    const auto web = tcp("192.0.2.1", 80);
    Table wanted{{web, with({{at("10.0.0.1", 80), {}}, {at("10.0.0.2", 80), {}}})}};
    carry_out(*kernel, diff({}, wanted, {}));
    const auto changes = {
        +[](Service& service) { service.sched_name = "rr"; },
        +[](Service& service) {
          service.flags = IP_VS_SVC_F_PERSISTENT;
          service.timeout = 50;
        },
        +[](Service& service) { service.netmask = 0x00ffffffU; },
        +[](Service& service) { service.pe_name = "sip"; },
        +[](Service& service) {
          service = settings({}, {});
          service.dests = {{at("10.0.0.1", 80), {}}, {at("10.0.0.2", 80), {}}};
        },
        +[](Service& service) { service.dests.begin()->second.fwd_method = FwdMethod::direct_route; },
        +[](Service& service) { service.dests.begin()->second.fwd_method = FwdMethod::tunnel; },
        +[](Service& service) { service.dests.begin()->second.weight = 0; },
        +[](Service& service) { service.dests.begin()->second.u_threshold = 100; },
        +[](Service& service) { service.dests.begin()->second.l_threshold = 50; },
        +[](Service& service) { service.dests.begin()->second = {}; },
    };
    for (const auto change : changes) {
      const auto before = table_of(*kernel);
      change(wanted.at(web));
      const auto operations = diff(before, wanted, {web});
      REQUIRE(operations.size() == 1);
      CAPTURE(to_string(operations[0]));
      CHECK(service_of(operations[0]) == web);
      carry_out(*kernel, operations);
      CHECK(table_of(*kernel) == wanted);
    }
  });
}

TEST_CASE("kernel: a thousand services: load, restart, one weight, repair, a foreign service, removal") {
  in_own_namespace([] {
    auto wanted = large_table(1000, 4);
    const auto former = client();
    carry_out(*former, diff({}, wanted, {}));
    CHECK(table_of(*former) == wanted);
    const Table foreign{{tcp("198.51.100.1", 80), with({{at("10.9.9.9", 80), weighing(3)}})}};
    carry_out(*former, diff({}, foreign, {}));

    const auto restarted = client();
    auto actual = table_of(*restarted);
    CHECK(actual.size() == 1001);
    const auto owned = keys(wanted);
    CHECK(diff(actual, wanted, owned).empty());

    wanted.rbegin()->second.dests.begin()->second.weight = 7;
    const auto one = diff(actual, wanted, owned);
    REQUIRE(one.size() == 1);
    CHECK(std::holds_alternative<SetDest>(one[0]));
    carry_out(*restarted, one);
    CHECK(diff(table_of(*restarted), wanted, owned).empty());

    // Another tool takes a service and a real server away, and puts a stranger among ours.
    const auto& [first, first_service] = *wanted.begin();
    const auto& [last, last_service] = *wanted.rbegin();
    carry_out(*former, {DelService{first}, DelDest{last, last_service.dests.begin()->first},
                        NewDest{last, at("10.9.9.9", 80), {}}});
    const auto repair = diff(table_of(*restarted), wanted, owned);
    CHECK(repair.size() == 1 + first_service.dests.size() + 2);
    carry_out(*restarted, repair);
    CHECK(diff(table_of(*restarted), wanted, owned).empty());

    const auto removal = diff(table_of(*restarted), {}, owned);
    CHECK(removal.size() == 1000);
    carry_out(*restarted, removal);
    CHECK(table_of(*restarted) == foreign);

    CHECK(restarted->flush(kLong).has_value());
    CHECK(table_of(*restarted).empty());
  });
}

TEST_CASE("kernel: a service of five thousand real servers is read whole") {
  in_own_namespace([] { load(large_table(1, 5000)); });
}

TEST_CASE("kernel: no time left stops a load at a known place, and the next diff goes on from there") {
  in_own_namespace([] {
    const auto wanted = large_table(1000, 4);
    const auto kernel = client();
    const auto outcome = kernel->apply(diff({}, wanted, {}), 1ms);
    CHECK(outcome.reread);
    REQUIRE_FALSE(outcome.errors.empty());
    CHECK(outcome.errors[0].system_code == ETIMEDOUT);
    const auto part = table_of(*kernel);
    CHECK(part.size() < wanted.size());
    carry_out(*kernel, diff(part, wanted, {}));
    CHECK(table_of(*kernel) == wanted);
  });
}

TEST_CASE("kernel: its module taken away and loaded again under another number") {
  if (std::getenv("BATON_THROWAWAY_KERNEL") == nullptr) {
    MESSAGE("SKIPPED: unloads ip_vs, which other programs of this kernel may use");
    return;
  }
  const auto kernel = client();
  const Table wanted{{tcp("192.0.2.1", 80), with({{at("10.0.0.1", 80), {}}})}};
  carry_out(*kernel, diff(table_of(*kernel), wanted, {}));
  CHECK(kernel->flush(kLong).has_value());
  REQUIRE(std::system("modprobe -r -a $(lsmod | grep -o '^ip_vs_[a-z_]*') ip_vs") == 0);
  CHECK(kernel->apply(diff({}, wanted, {}), kLong).errors.front().system_code == ENOENT);
  CHECK(table_of(*kernel).empty());  // the question itself has loaded the module
  carry_out(*kernel, diff({}, wanted, {}));
  CHECK(table_of(*kernel) == wanted);
  CHECK(kernel->flush(kLong).has_value());
}

TEST_CASE("kernel: what batches save (figures; nothing depends on them)") {
  const auto wanted = large_table(1000, 4);
  const auto operations = diff({}, wanted, {});
  Duration batched{};
  Duration single{};
  Duration reading{};
  in_own_namespace([&] {
    const auto kernel = client();
    batched = timed([&] { CHECK(kernel->apply(operations, kLong).errors.empty()); });
    reading = timed([&] { CHECK(table_of(*kernel) == wanted); });
  });
  in_own_namespace([&] {
    const auto kernel = client();
    single = timed([&] {
      std::size_t refused = 0;
      for (const auto& operation : operations)
        refused += kernel->apply({&operation, 1}, kLong).errors.size();
      CHECK(refused == 0);
    });
  });
  std::printf(
      "1000 services x 4: one message per send takes %.1f times as long as batches (%.0f ms); reading takes %.1f\n",
      milliseconds(single) / milliseconds(batched), milliseconds(batched),
      milliseconds(reading) / milliseconds(batched));
}
