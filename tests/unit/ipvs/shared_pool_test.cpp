#include "ipvs/shared_pool.hpp"

#include <linux/ip_vs.h>

#include <doctest/doctest.h>

#include "ipvs_tables.hpp"

using namespace ipvs_tables;

namespace {

Dest by(FwdMethod method) {
  Dest dest;
  dest.fwd_method = method;
  return dest;
}

}  // namespace

TEST_CASE("shared pool: only masquerading maps ports") {
  const auto member = at("10.0.0.1", 8080);
  CHECK(key_within(tcp("192.0.2.1", 80), member, by(FwdMethod::masq)) == member);
  CHECK(key_within(tcp("192.0.2.1", 80), member, by(FwdMethod::direct_route)) == at("10.0.0.1", 80));
  CHECK(key_within(tcp("192.0.2.1", 81), member, by(FwdMethod::tunnel)) == at("10.0.0.1", 81));
  CHECK(key_within(mark(5), member, by(FwdMethod::direct_route)) == at("10.0.0.1", 0));
  CHECK(key_within(mark(5), member, by(FwdMethod::masq)) == member);
}

TEST_CASE("shared pool: only tunnels go to the other family") {
  const auto six = tcp("2001:db8::1", 80);
  CHECK_FALSE(key_within(six, at("10.0.0.1", 80), by(FwdMethod::masq)));
  CHECK_FALSE(key_within(six, at("10.0.0.1", 80), by(FwdMethod::direct_route)));
  CHECK(key_within(six, at("10.0.0.1", 80), by(FwdMethod::tunnel)) == at("10.0.0.1", 80));
}

TEST_CASE("shared pool: each service has all members, and a netmask of its own family") {
  Table table;
  Service shared;
  shared.sched_name = "rr";
  shared.flags = IP_VS_SVC_F_PERSISTENT;
  shared.timeout = 50;
  shared.netmask = 0x00ffffffU;
  const auto tunnel = by(FwdMethod::tunnel);
  add_services(table, {tcp("192.0.2.1", 80), tcp("2001:db8::1", 443)}, shared,
               {{at("10.0.0.1", 80), tunnel}, {at("2001:db8::2", 80), tunnel}});
  REQUIRE(table.size() == 2);
  CHECK(table.at(tcp("192.0.2.1", 80)).netmask == 0x00ffffffU);
  CHECK(table.at(tcp("2001:db8::1", 443)).netmask == 128);
  CHECK(table.at(tcp("2001:db8::1", 443)).dests ==
        Dests{{at("10.0.0.1", 443), tunnel}, {at("2001:db8::2", 443), tunnel}});
}

TEST_CASE("shared pool: a service of two pools keeps the settings of the first and has the members of both") {
  Table table;
  Service first;
  first.sched_name = "rr";
  add_services(table, {tcp("192.0.2.1", 80), mark(5)}, first, {{at("10.0.0.1", 80), weighing(2)}});
  add_services(table, {mark(5)}, {}, {{at("10.0.0.1", 80), weighing(9)}, {at("10.0.0.2", 80), {}}});
  CHECK(table.at(mark(5)).sched_name == "rr");
  CHECK(table.at(mark(5)).dests == Dests{{at("10.0.0.1", 80), weighing(2)}, {at("10.0.0.2", 80), {}}});
  CHECK(table.at(tcp("192.0.2.1", 80)).dests.size() == 1);
}

TEST_CASE("shared pool: what a kernel cannot wrap is not asked of it") {
  auto gre = by(FwdMethod::tunnel);
  gre.tunnel.type = Tunnel::Type::gre;
  auto gue = by(FwdMethod::tunnel);
  gue.tunnel = {Tunnel::Type::gue, 6080, 0};
  auto checked = gue;
  checked.tunnel.flags = IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM;
  Table whole;
  add_services(whole, {tcp("192.0.2.1", 80)}, {},
               {{at("10.0.0.1", 80), by(FwdMethod::tunnel)},
                {at("10.0.0.2", 80), gre},
                {at("10.0.0.3", 80), gue},
                {at("10.0.0.4", 80), checked}});
  CHECK(has_tunnels(whole));
  const auto left = [&](TunnelSupport kernel) {
    Table table = whole;
    const auto dropped = drop_unsupported(table, kernel);
    CHECK(dropped + table.begin()->second.dests.size() == 4);
    return table.begin()->second.dests.size();
  };
  CHECK(left(TunnelSupport::unknown) == 4);
  CHECK(left(TunnelSupport::all) == 4);
  CHECK(left(TunnelSupport::gue) == 2);
  CHECK(left(TunnelSupport::ipip) == 1);
  Table plain;
  add_services(plain, {tcp("192.0.2.1", 80)}, {}, {{at("10.0.0.1", 80), by(FwdMethod::tunnel)}});
  CHECK_FALSE(has_tunnels(plain));
}
