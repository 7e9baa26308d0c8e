// A virtual router that only keeps going allocates nothing, neither active and sending nor backup and hearing.
#include <cstdlib>
#include <memory>
#include <new>

#include <doctest/doctest.h>

#include "unit/vrrp/bench.hpp"
#include "vrrp/expectation.hpp"

namespace {
std::size_t allocations = 0;
}

// NOLINTBEGIN(cppcoreguidelines-no-malloc): the point is to count what goes to the heap
// Not inlined, so that g++ sees no free() of what came from new.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
// NOLINTEND(cppcoreguidelines-no-malloc)

using namespace baton;
using namespace baton::vrrp;
using namespace baton::vrrp::test;
using namespace std::chrono_literals;

namespace {

Advertisement advertisement_of(const Params& params) {
  Advertisement advertisement;
  advertisement.version = params.version;
  advertisement.vrid = Vrid{51};
  advertisement.priority = params.priority;
  advertisement.max_adver_interval = params.advertisement_interval;
  advertisement.addresses.assign(20, IpAddress::v4({10, 0, 0, 100}));
  return advertisement;
}

}  // namespace

TEST_CASE("the counter counts") {
  const auto before = allocations;
  const auto text = std::make_unique<std::string>(100, 'x');
  CHECK(text->size() == 100);
  CHECK(allocations == before + 2);
}

TEST_CASE("an active router ticks and encodes without allocating") {
  for (const auto version : {Version::v2, Version::v3}) {
    const auto advertisement = advertisement_of(params(version));
    const auto group = IpAddress::v4({224, 0, 0, 18});
    std::array<std::uint8_t, kMaxPacket> memory{};
    Bench bench(params(version));
    bench.at(0s, Adopt{});
    std::size_t sent = 0;
    const Event tick = Tick{};
    bench.actions.reserve(8);

    const auto before = allocations;
    for (int i = 1; i <= 1000; ++i) {
      bench.actions.clear();
      bench.router.handle(tick, Instant{} + i * Duration(1s), bench.actions);
      for (const auto& action : bench.actions)
        if (std::holds_alternative<SendAdvertisement>(action))
          sent += encode_packet_into(memory, advertisement, {kOurs, group, 1}).size();
    }
    const auto after = allocations;
    CHECK(after == before);
    CHECK(sent == 1000 * (kIpv4HeaderSize + encoded_size(advertisement, Family::ipv4)));
  }
}

TEST_CASE("a backup decodes, judges and hears without allocating") {
  for (const auto version : {Version::v2, Version::v3}) {
    const auto theirs = advertisement_of(params(version, 200));
    const auto bytes = encode_packet(theirs, {kHigher, IpAddress::v4({224, 0, 0, 18}), 1});
    Expectation wanted{version, Vrid{51}, 1s, std::nullopt, &theirs.addresses};
    wanted.group = multicast_group(Family::ipv4);
    Bench bench(params(version));
    bench.at(0s, Startup{});
    Received received;
    REQUIRE(!decode_packet_into(bytes, &received));  // takes the memory that is kept

    const auto before = allocations;
    bool good = true;
    for (int i = 1; i <= 1000; ++i) {
      good = good && !decode_packet_into(bytes, &received) && !refusal(received, wanted) &&
             !address_list_differs(received, wanted);
      const Event event = AdvertisementReceived{received.source, received.advertisement.priority,
                                                received.advertisement.max_adver_interval};
      bench.actions.clear();
      bench.router.handle(event, Instant{} + i * Duration(1s), bench.actions);
      good = good && bench.actions.empty();
    }
    const auto after = allocations;
    CHECK(after == before);
    CHECK(good);
    CHECK(bench.deadline() == 1000s + bench.router.active_down_interval());
  }
}

TEST_CASE("an Authentication Header is sealed and judged, and IPv6 encoded and decoded, without allocating") {
  const auto key = simple_password("secret");
  auto ours = advertisement_of(params(Version::v2));
  ours.has_authentication_header = true;
  auto packet = encode_packet(ours, {kOurs, multicast_group(Family::ipv4), 1});
  auto six = advertisement_of(params(Version::v3));
  six.addresses.assign(20, *IpAddress::parse("fe80::100"));
  const auto router = *IpAddress::parse("fe80::1");
  std::array<std::uint8_t, kMaxPacket> memory{};
  Expectation wanted{Version::v2, Vrid{51}, 1s, std::nullopt, &ours.addresses};
  wanted.group = multicast_group(Family::ipv4);
  wanted.ah_key = key;
  Received received;
  REQUIRE(!decode_packet_into(packet, &received));  // takes the memory that is kept

  const auto before = allocations;
  bool good = true;
  for (std::uint32_t i = 1; i <= 1000; ++i) {
    set_identification(packet, static_cast<std::uint16_t>(i));
    seal(packet, kIpv4HeaderSize, key, i);
    good = good && !decode_packet_into(packet, &received) && !refusal(received, wanted, packet);
    wanted.last_sequence = i;
    const auto sent = encode_packet_into(memory, six, {router, multicast_group(Family::ipv6)});
    good = good && !decode_packet_into(sent, &received);
  }
  const auto after = allocations;
  CHECK(after == before);
  CHECK(good);
}
