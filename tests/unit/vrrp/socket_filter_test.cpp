#include "vrrp/socket_filter.hpp"

#include <array>
#include <optional>
#include <set>

#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "vrrp/authentication_header.hpp"
#include "vrrp/packet.hpp"

using namespace baton;
using namespace baton::vrrp;
using namespace std::chrono_literals;

namespace {

using Packet = std::vector<std::uint8_t>;

/// The classic BPF machine, as far as our programs use it: what the program returns.  A load past the end returns 0.
std::uint32_t run(const std::vector<sock_filter>& program, const Packet& packet) {
  std::uint32_t a = 0, x = 0;
  std::array<std::uint32_t, BPF_MEMWORDS> memory{};
  // An IPv6 socket's program begins at the message; the header is at the kernel's offset for it.
  const std::size_t start = packet[0] >> 4U == 6 ? kIpv6HeaderSize : 0;
  const auto octet = [&](std::uint64_t at) -> std::optional<std::uint8_t> {
    const bool is_header = at >= static_cast<std::uint32_t>(SKF_NET_OFF);
    const auto position = is_header ? at - static_cast<std::uint32_t>(SKF_NET_OFF) : at + start;
    return position < packet.size() ? std::optional(packet[position]) : std::nullopt;
  };
  for (std::size_t pc = 0;; ++pc) {
    REQUIRE(pc < program.size());
    const auto& [code, jt, jf, k] = program[pc];
    std::optional<std::uint8_t> loaded = 0;
    switch (code) {
      case BPF_LD | BPF_B | BPF_ABS: loaded = octet(k), a = loaded.value_or(0); break;
      case BPF_LD | BPF_B | BPF_IND: loaded = octet(std::uint64_t{x} + k), a = loaded.value_or(0); break;
      case BPF_LDX | BPF_B | BPF_MSH: loaded = octet(k), x = 4U * (loaded.value_or(0) & 15U); break;
      case BPF_LDX | BPF_IMM: x = k; break;
      case BPF_LD | BPF_IMM: a = k; break;
      case BPF_LD | BPF_MEM: a = memory.at(k); break;
      case BPF_ST: memory.at(k) = a; break;
      case BPF_MISC | BPF_TAX: x = a; break;
      case BPF_ALU | BPF_AND | BPF_K: a &= k; break;
      case BPF_ALU | BPF_RSH | BPF_K: a >>= k; break;
      case BPF_ALU | BPF_RSH | BPF_X: a = x < 32 ? a >> x : 0; break;
      case BPF_JMP | BPF_JA: pc += k; break;
      case BPF_JMP | BPF_JEQ | BPF_K: pc += a == k ? jt : jf; break;
      case BPF_JMP | BPF_JSET | BPF_K: pc += (a & k) != 0 ? jt : jf; break;
      case BPF_RET | BPF_K: return k;
      default: FAIL("an instruction the machine does not know: ", code);
    }
    if (!loaded) return 0;
  }
}

Packet packet(Version version, unsigned vrid) {
  Advertisement advertisement;
  advertisement.version = version;
  advertisement.vrid = static_cast<Vrid>(vrid);
  advertisement.priority = 100;
  advertisement.max_adver_interval = 1s;
  advertisement.addresses = {IpAddress::v4({10, 0, 0, 100})};
  return encode_packet(advertisement, {IpAddress::v4({10, 0, 0, 1}), IpAddress::v4({224, 0, 0, 18}), 1});
}

const std::vector<std::vector<Vrid>> kSets = [] {
  std::vector<std::vector<Vrid>> sets{{Vrid{51}},
                                      {Vrid{1}, Vrid{255}, Vrid{1}},
                                      {Vrid{31}, Vrid{32}, Vrid{63}, Vrid{64}},
                                      {Vrid{200}, Vrid{7}, Vrid{130}}};
  std::vector<Vrid> all;
  for (unsigned vrid = 1; vrid <= 255; ++vrid)
    all.push_back(static_cast<Vrid>(vrid));
  sets.push_back(all);
  all.resize(128);
  sets.push_back(all);
  return sets;
}();

/// A socket of the kernel's with the program attached: whether a datagram gets through.  No privilege is needed.
class KernelFilter {
 public:
  explicit KernelFilter(std::vector<sock_filter> program) {
    REQUIRE(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends_.data()) == 0);
    const sock_fprog attached{static_cast<unsigned short>(program.size()), program.data()};
    REQUIRE(setsockopt(ends_[1], SOL_SOCKET, SO_ATTACH_FILTER, &attached, sizeof attached) == 0);
  }
  ~KernelFilter() {
    close(ends_[0]);
    close(ends_[1]);
  }
  KernelFilter(const KernelFilter&) = delete;
  KernelFilter& operator=(const KernelFilter&) = delete;

  [[nodiscard]] bool passes(const Packet& datagram) const {
    send(ends_[0], datagram.data(), datagram.size(), 0);
    Packet buffer(2048);
    const auto length = recv(ends_[1], buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (length < 0) return false;
    buffer.resize(static_cast<std::size_t>(length));
    CHECK(buffer == datagram);  // all of it, not cut
    return true;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

}  // namespace

TEST_CASE("V3-22: of all VRIDs and versions exactly the wanted pass, in our machine and in the kernel's") {
  for (const auto& wanted : kSets) {
    const auto program = socket_filter({.wanted = wanted});
    CHECK(program.size() <= 46);
    const KernelFilter kernel(program);
    const std::set<Vrid> set(wanted.begin(), wanted.end());
    for (unsigned vrid = 0; vrid < 256; ++vrid)
      for (const auto version : {Version::v2, Version::v3}) {
        const auto bytes = packet(version, vrid);
        const bool expected = set.contains(static_cast<Vrid>(vrid));
        CAPTURE(vrid);
        CHECK((run(program, bytes) != 0) == expected);
        CHECK(kernel.passes(bytes) == expected);
      }
  }
}

TEST_CASE("V3-03 V3-04 V3-08 V3-09: TTL, protocol, version and type") {
  const auto program = socket_filter({.wanted = kSets.front()});
  const KernelFilter kernel(program);
  for (const std::size_t at : {8U, 9U, 20U})
    for (unsigned value = 0; value < 256; ++value) {
      auto bytes = packet(Version::v2, 51);
      const bool expected = value == bytes[at] || (at == 20 && value == 0x31);
      bytes[at] = static_cast<std::uint8_t>(value);
      CAPTURE(at);
      CAPTURE(value);
      CHECK((run(program, bytes) != 0) == expected);
      CHECK(kernel.passes(bytes) == expected);
    }
}

TEST_CASE("IP options move the message, and the filter follows") {
  const auto program = socket_filter({.wanted = kSets.front()});
  const KernelFilter kernel(program);
  for (std::uint8_t words = 5; words <= 15; ++words) {
    auto bytes = packet(Version::v3, 51);
    bytes.insert(bytes.begin() + 20, (words - 5U) * 4U, 1);
    bytes[0] = static_cast<std::uint8_t>(0x40U | words);
    CHECK(run(program, bytes) != 0);
    CHECK(kernel.passes(bytes));
  }
}

TEST_CASE("a truncated packet never passes without its VRID") {
  const auto program = socket_filter({.wanted = kSets.front()});
  const KernelFilter kernel(program);
  const auto whole = packet(Version::v2, 51);
  for (std::size_t length = 1; length <= whole.size(); ++length) {
    const Packet cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    CAPTURE(length);
    CHECK((run(program, cut) != 0) == (length >= 22));
    CHECK(kernel.passes(cut) == (length >= 22));
  }
}

TEST_CASE("nothing wanted, nothing passes") {
  const auto program = socket_filter({});
  CHECK(run(program, packet(Version::v2, 51)) == 0);
  CHECK(!KernelFilter(program).passes(packet(Version::v2, 51)));
}

TEST_CASE("V3-07 V3-08 V3-22: IPv6, hop limit, version, type and VRID") {
  Advertisement made;
  made.version = Version::v3;
  made.vrid = Vrid{51};
  made.max_adver_interval = 1s;
  made.addresses = {*IpAddress::parse("fe80::100")};
  const auto good = encode_packet(made, {*IpAddress::parse("fe80::1"), *IpAddress::parse("ff02::12")});
  const auto program = socket_filter({.family = Family::ipv6, .wanted = kSets.front()});
  const auto with_unicast = socket_filter({.family = Family::ipv6, .takes_unicast = true, .wanted = kSets.front()});
  for (const std::size_t at : {7U, 40U, 41U})
    for (unsigned value = 0; value < 256; ++value) {
      auto bytes = good;
      bytes[at] = static_cast<std::uint8_t>(value);
      CAPTURE(at);
      CAPTURE(value);
      CHECK((run(program, bytes) != 0) == (value == good[at]));
      CHECK((run(with_unicast, bytes) != 0) == (value == good[at]));
      bytes[24] = 0xfe;  // no multicast: then any hop limit will do, where unicast is wanted
      CHECK((run(program, bytes) != 0) == (value == good[at]));
      CHECK((run(with_unicast, bytes) != 0) == (at == 7 || value == good[at]));
    }
}

TEST_CASE("unicast passes with any TTL where it is wanted, multicast never") {
  const auto program = socket_filter({.takes_unicast = true, .wanted = kSets.front()});
  const KernelFilter kernel(program);
  auto bytes = packet(Version::v3, 51);
  bytes[8] = 64;
  CHECK(run(program, bytes) == 0);
  CHECK(!kernel.passes(bytes));
  bytes[16] = 10;
  CHECK(run(program, bytes) != 0);
  CHECK(kernel.passes(bytes));
}

TEST_CASE("the Authentication Header: only protocol 51, and the message behind it") {
  const auto program = socket_filter({.has_authentication_header = true, .wanted = kSets.front()});
  const KernelFilter kernel(program);
  CHECK(!kernel.passes(packet(Version::v2, 51)));
  Advertisement made;
  made.has_authentication_header = true;
  made.max_adver_interval = 1s;
  for (unsigned vrid = 0; vrid < 256; ++vrid) {
    made.vrid = static_cast<Vrid>(vrid);
    const auto bytes = encode_packet(made, {IpAddress::v4({10, 0, 0, 1}), IpAddress::v4({224, 0, 0, 18}), 1});
    CHECK((run(program, bytes) != 0) == (vrid == 51));
    CHECK(kernel.passes(bytes) == (vrid == 51));
  }
}

TEST_CASE("to log foreign VRIDs all of them pass, and nothing else that is wrong") {
  const auto program = socket_filter({.takes_unknown = true, .wanted = kSets.front()});
  const KernelFilter kernel(program);
  CHECK(kernel.passes(packet(Version::v2, 99)));
  auto bytes = packet(Version::v2, 99);
  bytes[8] = 254;
  CHECK(!kernel.passes(bytes));
}
