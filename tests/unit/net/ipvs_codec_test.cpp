// Bytes as they go over the socket, on a little-endian machine; the kernel's are what Linux 6.1 sent.
#include "net/ipvs_codec.hpp"

#include <bit>
#include <cctype>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <linux/ip_vs.h>
#include <linux/netlink.h>

#include <doctest/doctest.h>
#include <netlink/msg.h>

#include "unit/ipvs/ipvs_tables.hpp"

using namespace ipvs_tables;
using namespace baton::net;

namespace {

static_assert(std::endian::native == std::endian::little);

constexpr IpvsFamily kFamily{0x1b};

/// "0123abcd" for each four bytes, with a blank between.
std::string hex(const NetlinkMessage& message) {
  const nlmsghdr* const header = nlmsg_hdr(message.get());
  const auto* const bytes = reinterpret_cast<const unsigned char*>(header);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < header->nlmsg_len; ++i) {
    if (i != 0 && i % 4 == 0) text += ' ';
    text += kDigits[bytes[i] >> 4U];
    text += kDigits[bytes[i] & 15U];
  }
  return text;
}

/// A message in memory of exactly its own size, so that a sanitizer sees each step beyond it.
class Bytes {
 public:
  explicit Bytes(std::string_view text) {
    std::string digits;
    for (const char c : text) {
      if (std::isxdigit(static_cast<unsigned char>(c)) != 0) digits += c;
    }
    std::vector<unsigned char> bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
      bytes.push_back(static_cast<unsigned char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
    assign(bytes);
  }
  explicit Bytes(const std::vector<unsigned char>& bytes) { assign(bytes); }

  [[nodiscard]] const nlmsghdr& header() const { return *reinterpret_cast<const nlmsghdr*>(memory_.get()); }
  [[nodiscard]] std::vector<unsigned char> bytes() const { return {memory_.get(), memory_.get() + size_}; }

 private:
  void assign(const std::vector<unsigned char>& bytes) {
    size_ = bytes.size();
    memory_ = std::make_unique<unsigned char[]>(size_);
    std::memcpy(memory_.get(), bytes.data(), size_);
    const auto length = static_cast<std::uint32_t>(size_);  // which the socket has checked
    std::memcpy(memory_.get(), &length, sizeof length);
  }

  std::unique_ptr<unsigned char[]> memory_;
  std::size_t size_ = 0;
};

constexpr std::string_view kServiceStats =
    "60000a00 08000100 00000000 08000200 00000000 08000300 00000000 0c000400 00000000 00000000 04000b00 "
    "0c000500 00000000 00000000 08000600 00000000 08000700 00000000 08000800 00000000 08000900 00000000 "
    "08000a00 00000000";

const Bytes kWrrService(
    "68010000 1d000200 02000000 03030000 01010000 b4000100 06000100 02000000 06000200 06000000 14000300 "
    "0a010001 00000000 00000000 00000000 06000400 00500000 08000600 77727200 0c000700 03000000 ffffffff "
    "08000800 32000000 08000900 ffffffff " +
    std::string(kServiceStats));
const Bytes kSipService(
    "70010000 1d000200 02000000 03030000 01010000 5c000100 06000100 02000000 06000200 11000000 14000300 "
    "0a010001 00000000 00000000 00000000 06000400 13c40000 07000600 72720000 08000b00 73697000 0c000700 "
    "03000000 ffffffff 08000800 3c000000 08000900 ffffff00");
const Bytes kIpv6Service(
    "68010000 1d000200 02000000 03030000 01010000 54000100 06000100 0a000000 06000200 06000000 14000300 "
    "20010db8 00000000 00000000 00000001 06000400 01bb0000 07000600 6d680000 0c000700 02000000 ffffffff "
    "08000800 00000000 08000900 80000000");
const Bytes kMarkService(
    "50010000 1d000200 02000000 03030000 01010000 38000100 06000100 02000000 08000500 07000000 07000600 "
    "73680000 0c000700 1a000000 ffffffff 08000800 00000000 08000900 ffffffff");
const Bytes kIpv6MarkService(
    "50010000 1d000200 02000000 03030000 01010000 38000100 06000100 0a000000 08000500 07000000 07000600 "
    "72720000 0c000700 03000000 ffffffff 08000800 32000000 08000900 40000000");
const Bytes kMasqDest(
    "90010000 1d000200 03000000 03030000 05010000 78000200 14000100 0a020001 00000000 00000000 00000000 "
    "06000200 1f900000 08000300 00000000 08000400 03000000 05000d00 00000000 06000e00 00000000 06000f00 "
    "00000000 08000500 64000000 08000600 32000000 08000700 00000000 08000800 00000000 08000900 00000000 "
    "06000b00 02000000");
const Bytes kTunnelDest(
    "90010000 1d000200 05000000 03030000 05010000 48000200 14000100 20010db8 00000000 00000000 00000002 "
    "06000200 01bb0000 08000300 02000000 08000400 01000000 08000500 00000000 08000600 00000000 06000b00 "
    "0a000000");
const Bytes kFamilyAnswer(
    "84010000 10000000 01000000 03030000 01020000 09000200 49505653 00000000 06000100 1d000000 08000300 "
    "01000000 08000400 00000000 08000500 06000000");

/// Every message that is one byte, or some bytes at its end, away from `good`.
template <class Check>
void for_each_damage(const Bytes& good, Check check) {
  const auto bytes = good.bytes();
  for (std::size_t size = NLMSG_HDRLEN; size < bytes.size(); ++size)
    check(Bytes(std::vector(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size))));
  for (std::size_t at = sizeof(std::uint32_t); at < bytes.size(); ++at) {
    for (const int value : {0, 1, 3, 4, 5, 0x7f, 0x80, 0xff}) {
      auto damaged = bytes;
      damaged[at] = static_cast<unsigned char>(value);
      check(Bytes(damaged));
    }
  }
}

}  // namespace

TEST_CASE("encode: a new service with all it can have") {
  Service service;
  service.sched_name = "wrr";
  service.flags = IP_VS_SVC_F_PERSISTENT;
  service.timeout = 50;
  service.netmask = 0x00ffffffU;
  service.pe_name = "sip";
  CHECK(hex(encode(NewService{tcp("192.0.2.1", 80), service}, kFamily)) ==
        "70000000 1b000000 00000000 00000000 "  // length, family, sequence and port set when sent
        "01010000 5c000180 "                    // IPVS_CMD_NEW_SERVICE, version 1; a nested service
        "06000100 02000000 06000200 06000000 "  // AF_INET, IPPROTO_TCP
        "14000300 c0000201 00000000 00000000 00000000 06000400 00500000 "  // address and port, network order
        "08000600 77727200 0c000700 01000000 ffffffff "                    // scheduler, flags and their mask
        "08000800 32000000 08000900 ffffff00 08000b00 73697000");          // timeout, netmask, engine
}

TEST_CASE("encode: a firewall mark has neither protocol nor address") {
  const auto key = mark(7, Family::ipv6);
  CHECK(hex(encode(SetService{key, settings(key, {})}, kFamily)) ==
        "4c000000 1b000000 00000000 00000000 02010000 38000180 06000100 0a000000 08000500 07000000 "
        "08000600 776c6300 0c000700 00000000 ffffffff 08000800 00000000 08000900 80000000");
}

TEST_CASE("encode: a removed service is its key") {
  CHECK(hex(encode(DelService{tcp("2001:db8::1", 443)}, kFamily)) ==
        "44000000 1b000000 00000000 00000000 03010000 30000180 06000100 0a000000 06000200 06000000 "
        "14000300 20010db8 00000000 00000000 00000001 06000400 01bb0000");
}

TEST_CASE("encode: dests, new, changed and removed") {
  const Dest dest{FwdMethod::direct_route, 3, 100, 50};
  CHECK(hex(encode(NewDest{tcp("192.0.2.1", 80), at("10.0.0.1", 8080), dest}, kFamily)) ==
        "8c000000 1b000000 00000000 00000000 05010000 30000180 06000100 02000000 06000200 06000000 "
        "14000300 c0000201 00000000 00000000 00000000 06000400 00500000 48000280 "
        "14000100 0a000001 00000000 00000000 00000000 06000200 1f900000 06000b00 02000000 "
        "08000300 03000000 08000400 03000000 08000500 64000000 08000600 32000000");
  CHECK(hex(encode(SetDest{mark(7), at("2001:db8::2", 0), dest}, kFamily)) ==
        "70000000 1b000000 00000000 00000000 06010000 14000180 06000100 02000000 08000500 07000000 48000280 "
        "14000100 20010db8 00000000 00000000 00000002 06000200 00000000 06000b00 0a000000 "
        "08000300 03000000 08000400 03000000 08000500 64000000 08000600 32000000");
  CHECK(hex(encode(DelDest{tcp("192.0.2.1", 80), at("10.0.0.1", 8080)}, kFamily)) ==
        "6c000000 1b000000 00000000 00000000 07010000 30000180 06000100 02000000 06000200 06000000 "
        "14000300 c0000201 00000000 00000000 00000000 06000400 00500000 28000280 "
        "14000100 0a000001 00000000 00000000 00000000 06000200 1f900000 06000b00 02000000");
}

TEST_CASE("encode: dumps, the flush and the question for the family") {
  CHECK(hex(encode_service_dump(kFamily)) == "14000000 1b000003 00000000 00000000 04010000");
  CHECK(hex(encode_dest_dump(mark(7), kFamily)) ==
        "28000000 1b000003 00000000 00000000 08010000 14000180 06000100 02000000 08000500 07000000");
  CHECK(hex(encode_flush(kFamily)) == "14000000 1b000000 00000000 00000000 11010000");
  CHECK(hex(encode_family_request()) == "20000000 10000000 00000000 00000000 03010000 09000200 49505653 00000000");
}

TEST_CASE("encode: a name of any length fits; the kernel judges it") {
  Service service;
  service.sched_name = std::string(2000, 'x');
  service.pe_name = std::string(3000, 'y');
  const auto message = encode(NewService{tcp("192.0.2.1", 80), service}, kFamily);
  CHECK(nlmsg_hdr(message.get())->nlmsg_len > 5000);
}

TEST_CASE("decode: services as Linux 6.1 sends them") {
  const auto wrr = decode_service(kWrrService.header());
  REQUIRE(wrr.has_value());
  CHECK(wrr->first == tcp("10.1.0.1", 80));
  CHECK(wrr->second.sched_name == "wrr");
  CHECK(wrr->second.flags == IP_VS_SVC_F_PERSISTENT);
  CHECK(wrr->second.timeout == 50);
  CHECK(wrr->second.netmask == 0xffffffffU);
  CHECK(wrr->second.dests.empty());

  const auto sip = decode_service(kSipService.header());
  REQUIRE(sip.has_value());
  CHECK(sip->first == key(Protocol::udp, "10.1.0.1", 5060));
  CHECK(sip->second.pe_name == "sip");
  CHECK(sip->second.sched_name == "rr");
  CHECK(sip->second.timeout == 60);
  CHECK(sip->second.netmask == 0x00ffffffU);

  const auto ipv6 = decode_service(kIpv6Service.header());
  REQUIRE(ipv6.has_value());
  CHECK(ipv6->first == tcp("2001:db8::1", 443));
  CHECK(ipv6->second.sched_name == "mh");
  CHECK(ipv6->second.flags == 0);
  CHECK(ipv6->second.netmask == 128);

  const auto fwmark = decode_service(kMarkService.header());
  REQUIRE(fwmark.has_value());
  CHECK(fwmark->first == mark(7));
  CHECK(fwmark->second.flags == (IP_VS_SVC_F_SCHED_SH_FALLBACK | IP_VS_SVC_F_SCHED_SH_PORT));

  const auto fwmark6 = decode_service(kIpv6MarkService.header());
  REQUIRE(fwmark6.has_value());
  CHECK(fwmark6->first == mark(7, Family::ipv6));
  CHECK(fwmark6->second.netmask == 64);
}

TEST_CASE("decode: dests as Linux 6.1 sends them") {
  const auto masq = decode_dest(kMasqDest.header(), Family::ipv4);
  REQUIRE(masq.has_value());
  CHECK(masq->key == at("10.2.0.1", 8080));
  CHECK(masq->dest == Dest{FwdMethod::masq, 3, 100, 50});
  CHECK(masq->kernel == TunnelSupport::all);

  for (const auto service : {Family::ipv4, Family::ipv6}) {
    const auto tunnel = decode_dest(kTunnelDest.header(), service);
    REQUIRE(tunnel.has_value());
    CHECK(tunnel->key == at("2001:db8::2", 443));
    CHECK(tunnel->dest == Dest{FwdMethod::tunnel, 1, 0, 0});
    CHECK(tunnel->kernel == TunnelSupport::ipip);  // as sent by a kernel that has no others
  }
}

TEST_CASE("decode: a dest without a family of its own has that of its service") {
  auto bytes = kTunnelDest.bytes();
  bytes.erase(bytes.end() - 8, bytes.end());
  bytes[20] = 0x40;
  CHECK(decode_dest(Bytes(bytes).header(), Family::ipv6)->key == at("2001:db8::2", 443));
  CHECK(decode_dest(Bytes(bytes).header(), Family::ipv4)->key == at("32.1.13.184", 443));
}

TEST_CASE("decode: the number of the family") {
  const auto family = decode_family(kFamilyAnswer.header());
  REQUIRE(family.has_value());
  CHECK(*family == IpvsFamily{0x1d});
  CHECK_FALSE(decode_family(kMarkService.header()).has_value());
}

TEST_CASE("decode: what is encoded comes back") {
  Service service;
  service.sched_name = "sed";
  service.flags = IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_ONEPACKET;
  service.timeout = 360;
  service.netmask = 0x0000ffffU;
  for (const auto& key : {tcp("192.0.2.1", 80), key(Protocol::sctp, "192.0.2.1", 0), mark(9)}) {
    const auto message = encode(NewService{key, service}, kFamily);
    const auto again = decode_service(*nlmsg_hdr(message.get()));
    REQUIRE(again.has_value());
    CHECK(again->first == key);
    CHECK(again->second == service);
  }
  const std::vector<Dest> dests{{FwdMethod::masq, 65535, 4000000000U, 7, {}},
                                {FwdMethod::tunnel, 1, 0, 0, {}},
                                {FwdMethod::tunnel, 1, 0, 0, {Tunnel::Type::gre, 0, IP_VS_TUNNEL_ENCAP_FLAG_CSUM}},
                                {FwdMethod::tunnel, 1, 0, 0, {Tunnel::Type::gue, 6080, 0}},
                                {FwdMethod::direct_route, 0, 1, 1, {}}};
  for (const auto& dest : dests) {
    const auto message = encode(NewDest{mark(9), at("2001:db8::9", 65535), dest}, kFamily);
    const auto again = decode_dest(*nlmsg_hdr(message.get()), Family::ipv4);
    REQUIRE(again.has_value());
    CHECK(again->key == at("2001:db8::9", 65535));
    CHECK(again->dest == dest);
  }
}

TEST_CASE("decode: a message cut short or with one byte wrong is refused or read within its bounds") {
  int refused = 0;
  int read = 0;
  const auto count = [&](bool good) { ++(good ? read : refused); };
  for (const auto* good : {&kWrrService, &kSipService, &kIpv6Service, &kMarkService, &kIpv6MarkService})
    for_each_damage(*good, [&](const Bytes& bytes) {
      const auto entry = decode_service(bytes.header());
      count(entry.has_value());
      if (!entry) CHECK(entry.error().message == "the kernel's message about an IPVS service is malformed");
    });
  for (const auto* good : {&kMasqDest, &kTunnelDest})
    for_each_damage(*good, [&](const Bytes& bytes) {
      const auto entry = decode_dest(bytes.header(), Family::ipv4);
      count(entry.has_value());
      if (!entry) CHECK(entry.error().message == "the kernel's message about an IPVS real server is malformed");
    });
  for_each_damage(kFamilyAnswer, [&](const Bytes& bytes) { count(decode_family(bytes.header()).has_value()); });
  CHECK(refused > 500);
  CHECK(read > 500);
}

TEST_CASE("decode: every attribute that is needed is missed") {
  const auto without = [](const Bytes& good, std::size_t at) {
    auto bytes = good.bytes();
    bytes[at] = 0x3f;  // a type that nobody knows
    return bytes;
  };
  // Offsets of the attributes' types in kWrrService: family, protocol, address, port, flags, timeout, netmask.
  for (const std::size_t at : {26U, 34U, 42U, 62U, 78U, 90U, 98U}) {
    CAPTURE(at);
    CHECK_FALSE(decode_service(Bytes(without(kWrrService, at)).header()).has_value());
  }
  CHECK(decode_service(Bytes(without(kWrrService, 70)).header())->second.sched_name.empty());
  // In kTunnelDest: address, port, method, weight, thresholds.
  for (const std::size_t at : {26U, 46U, 54U, 62U, 70U, 78U}) {
    CAPTURE(at);
    CHECK_FALSE(decode_dest(Bytes(without(kTunnelDest, at)).header(), Family::ipv6).has_value());
  }
}
