// What holds of every table.
#include <algorithm>

#include <linux/ip_vs.h>
#include <rapidcheck.h>

#include <doctest/doctest.h>

#include "ipvs/diff.hpp"
#include "unit/ipvs/carry_out.hpp"

using namespace baton;
using namespace baton::ipvs;

namespace {

// Few distinct keys and values, so that tables meet often.
rc::Gen<IpAddress> any_address() {
  return rc::gen::map(rc::gen::inRange<std::uint32_t>(0, 8), [](std::uint32_t number) {
    return number < 6 ? IpAddress::v4(0x0a000000U + number)
                      : IpAddress::v6(
                            {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(number)});
  });
}

rc::Gen<ServiceKey> any_key() {
  return rc::gen::exec([] {
    ServiceKey key;
    if (*rc::gen::inRange(0, 4) == 0) {
      key.family = *rc::gen::element(Family::ipv4, Family::ipv6);
      key.fwmark = *rc::gen::inRange<std::uint32_t>(1, 4);
      return key;
    }
    key.protocol = *rc::gen::element(Protocol::tcp, Protocol::udp, Protocol::sctp);
    key.address = *any_address();
    key.family = key.address.family();
    key.port = *rc::gen::element<std::uint16_t>(0, 80, 443);
    return key;
  });
}

rc::Gen<DestKey> any_dest_key() {
  return rc::gen::exec([] { return DestKey{*any_address(), *rc::gen::element<std::uint16_t>(80, 8080)}; });
}

rc::Gen<Dest> any_dest() {
  return rc::gen::exec([] {
    return Dest{*rc::gen::element(FwdMethod::masq, FwdMethod::tunnel, FwdMethod::direct_route),
                *rc::gen::inRange<std::uint32_t>(0, 3),
                *rc::gen::element<std::uint32_t>(0, 100),
                *rc::gen::element<std::uint32_t>(0, 50),
                {*rc::gen::element(Tunnel::Type::ipip, Tunnel::Type::gre), 0, 0}};
  });
}

rc::Gen<Service> any_service() {
  return rc::gen::exec([] {
    Service service;
    service.sched_name = *rc::gen::element<std::string>("rr", "wrr", "wlc");
    service.flags = *rc::gen::element<std::uint32_t>(0, IP_VS_SVC_F_PERSISTENT, IP_VS_SVC_F_ONEPACKET,
                                                     IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_HASHED);
    service.timeout = *rc::gen::element<std::uint32_t>(0, 50, 360);
    service.netmask = *rc::gen::element<std::uint32_t>(0xffffffffU, 0x00ffffffU, 64U, 128U);
    service.pe_name = *rc::gen::element<std::string>("", "sip");
    const int dests = *rc::gen::inRange(0, 6);
    for (int i = 0; i < dests; ++i)
      service.dests.insert_or_assign(*any_dest_key(), *any_dest());
    return service;
  });
}

/// As read from a kernel: settings() has been applied.
rc::Gen<Table> any_table() {
  return rc::gen::exec([] {
    Table table;
    const int services = *rc::gen::inRange(0, 6);
    for (int i = 0; i < services; ++i) {
      const auto key = *any_key();
      const auto service = *any_service();
      auto& entry = table[key];
      entry = settings(key, service);
      entry.dests = service.dests;
    }
    return table;
  });
}

std::set<ServiceKey> some_keys(const Table& table) {
  std::set<ServiceKey> keys;
  for (const auto& [key, service] : table) {
    if (*rc::gen::arbitrary<bool>()) keys.insert(key);
  }
  return keys;
}

/// What a reconciliation must leave: all that is wanted, nothing of ours that is not, and the foreign as it was.
Table expected(const Table& actual, const Table& wanted, const std::set<ServiceKey>& owned) {
  Table table = wanted;
  for (const auto& [key, service] : actual) {
    if (!wanted.contains(key) && !owned.contains(key)) table.emplace(key, service);
  }
  return table;
}

bool can_serve(const Table& table, const ServiceKey& key) {
  const auto service = table.find(key);
  return service != table.end() &&
         std::ranges::any_of(service->second.dests, [](const auto& dest) { return dest.second.weight > 0; });
}

}  // namespace

TEST_CASE("diff: carried out, it makes what is wanted, and leaves what is foreign") {
  CHECK(rc::check([] {
    const auto actual = *any_table();
    const auto wanted = *any_table();
    const auto owned = some_keys(actual);
    Table table = actual;
    baton::ipvs::carry_out(table, diff(actual, wanted, owned));
    RC_ASSERT(table == expected(actual, wanted, owned));
    RC_ASSERT(diff(table, wanted, owned).empty());
  }));
}

TEST_CASE("diff: of a table and itself is nothing") {
  CHECK(rc::check([] {
    const auto table = *any_table();
    RC_ASSERT(diff(table, table, some_keys(table)).empty());
  }));
}

TEST_CASE("diff: every operation takes effect, and none is aimed at what is foreign") {
  CHECK(rc::check([] {
    const auto actual = *any_table();
    const auto wanted = *any_table();
    const auto owned = some_keys(actual);
    Table table = actual;
    for (const auto& operation : diff(actual, wanted, owned)) {
      const auto& service = service_of(operation);
      RC_ASSERT(wanted.contains(service) || owned.contains(service));
      Table next = table;
      baton::ipvs::carry_out(next, {operation});
      RC_ASSERT(next != table);
      table = std::move(next);
    }
  }));
}

TEST_CASE("diff: a pool that had and will have somebody to serve has it throughout") {
  CHECK(rc::check([] {
    const auto actual = *any_table();
    auto wanted = actual;
    for (auto& [key, service] : wanted) {
      if (*rc::gen::arbitrary<bool>()) service.dests = (*any_service()).dests;
      for (auto& [dest_key, dest] : service.dests)
        dest.weight = *rc::gen::inRange<std::uint32_t>(0, 2);
    }
    const auto owned = some_keys(actual);
    Table table = actual;
    const auto check = [&] {
      for (const auto& [key, service] : wanted) {
        if (can_serve(actual, key) && can_serve(wanted, key)) RC_ASSERT(can_serve(table, key));
      }
    };
    for (const auto& operation : diff(actual, wanted, owned)) {
      baton::ipvs::carry_out(table, {operation});
      check();
    }
  }));
}

TEST_CASE("diff: at most one command for each entry, none for those that are equal") {
  CHECK(rc::check([] {
    const auto wanted = *any_table();
    auto actual = wanted;
    if (actual.empty()) return;
    auto& [key, service] = *std::next(actual.begin(), *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(actual)));
    service.dests.insert_or_assign(*any_dest_key(), *any_dest());
    const auto operations = diff(actual, wanted, {});
    RC_ASSERT(operations.size() == (service.dests == wanted.at(key).dests ? 0U : 1U));
  }));
}
