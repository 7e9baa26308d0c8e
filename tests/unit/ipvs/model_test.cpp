#include "ipvs/model.hpp"

#include <linux/ip_vs.h>

#include <doctest/doctest.h>

#include "ipvs_tables.hpp"

using namespace baton;
using namespace baton::ipvs;
using namespace ipvs_tables;

TEST_CASE("settings: without persistence neither timeout nor netmask means anything") {
  Service service;
  service.timeout = 50;
  service.netmask = 0x00ffffffU;
  service.flags = IP_VS_SVC_F_ONEPACKET;
  const auto plain = settings(tcp("192.0.2.1", 80), service);
  CHECK(plain.timeout == 0);
  CHECK(plain.netmask == 0xffffffffU);
  CHECK(plain.flags == IP_VS_SVC_F_ONEPACKET);
  CHECK(settings(tcp("2001:db8::1", 80), service).netmask == 128);
  CHECK(settings(mark(7, Family::ipv6), service).netmask == 128);
  CHECK(settings(mark(7), service).netmask == 0xffffffffU);
}

TEST_CASE("settings: with persistence they are kept, where the kernel would take them") {
  Service service;
  service.timeout = 50;
  service.flags = IP_VS_SVC_F_PERSISTENT;
  service.netmask = 0x00ffffffU;  // 255.255.255.0 on a little-endian machine
  CHECK(settings(tcp("192.0.2.1", 80), service) == service);
  service.netmask = 64;
  CHECK(settings(tcp("2001:db8::1", 80), service) == service);
  for (const std::uint32_t refused : {0U, 129U, 0xffffffffU}) {
    service.netmask = refused;
    CHECK(settings(tcp("2001:db8::1", 80), service).netmask == 128);
  }
}

TEST_CASE("settings: the kernel's own flag and the dests go, all else stays") {
  Service service;
  service.sched_name = "sh";
  service.pe_name = "sip";
  service.flags = IP_VS_SVC_F_HASHED | IP_VS_SVC_F_SCHED_SH_FALLBACK | IP_VS_SVC_F_SCHED_SH_PORT | IP_VS_SVC_F_SCHED3;
  service.dests[at("10.0.0.1", 80)] = {};
  const auto plain = settings(tcp("192.0.2.1", 80), service);
  CHECK(plain.flags == (IP_VS_SVC_F_SCHED1 | IP_VS_SVC_F_SCHED2 | IP_VS_SVC_F_SCHED3));
  CHECK(plain.sched_name == "sh");
  CHECK(plain.pe_name == "sip");
  CHECK(plain.dests.empty());
  CHECK(settings(tcp("192.0.2.1", 80), plain) == plain);
}

TEST_CASE("names of services and dests") {
  CHECK(to_string(tcp("192.0.2.1", 80)) == "TCP 192.0.2.1:80");
  CHECK(to_string(tcp("2001:db8::1", 443)) == "TCP [2001:db8::1]:443");
  CHECK(to_string(key(Protocol::udp, "192.0.2.1", 53)) == "UDP 192.0.2.1:53");
  CHECK(to_string(key(Protocol::sctp, "192.0.2.1", 5060)) == "SCTP 192.0.2.1:5060");
  CHECK(to_string(key(Protocol{50}, "192.0.2.1", 0)) == "protocol 50 192.0.2.1:0");
  CHECK(to_string(mark(7)) == "FWM 7");
  CHECK(to_string(mark(7, Family::ipv6)) == "FWM 7 IPv6");
  CHECK(to_string(at("10.0.0.1", 8080)) == "10.0.0.1:8080");
  CHECK(to_string(at("2001:db8::2", 8080)) == "[2001:db8::2]:8080");
}

TEST_CASE("keys: family, protocol, address, port and mark each tell services apart") {
  const std::set<ServiceKey> keys{tcp("192.0.2.1", 80),
                                  tcp("192.0.2.1", 81),
                                  tcp("192.0.2.2", 80),
                                  mark(7),
                                  mark(8),
                                  tcp("2001:db8::1", 80),
                                  mark(7, Family::ipv6),
                                  key(Protocol::udp, "192.0.2.1", 80)};
  CHECK(keys.size() == 8);
}
