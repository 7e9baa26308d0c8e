// Sessions with a neighbour made by hand, over the loopback interface of a network namespace of the test's own.
#include "daemon/bfd_sessions.hpp"

#include <array>
#include <cstring>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <doctest/doctest.h>

#include "unit/net/own_namespace.hpp"

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

constexpr std::uint16_t kSingleHop = 3784, kMultihop = 4784;
const IpAddress kOurs = IpAddress::v4({127, 0, 0, 1}), kTheirs = IpAddress::v4({127, 0, 0, 2});

sockaddr_in at(const IpAddress& address, std::uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  result.sin_addr.s_addr = htonl(address.v4_host_order());
  return result;
}

const sockaddr* any(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

void raise_loopback() {
  const net::FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");  // NOLINT: it fits
  request.ifr_flags = IFF_UP;
  REQUIRE(::ioctl(socket.number(), SIOCSIFFLAGS, &request) == 0);
}

/// Speaks from an address of its own with any TTL, and hears what is sent to it on a raw socket: the port is taken.
class Neighbour {
 public:
  explicit Neighbour(const IpAddress& own = kTheirs)
      : speaks_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)),
        hears_(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_UDP)) {
    const auto local = at(own, 0);
    REQUIRE(::bind(speaks_.number(), any(local), sizeof local) == 0);
    REQUIRE(::bind(hears_.number(), any(local), sizeof local) == 0);
  }

  void say(std::span<const std::uint8_t> octets, int ttl = 255, std::uint16_t port = kSingleHop) const {
    const auto remote = at(kOurs, port);
    REQUIRE(::setsockopt(speaks_.number(), IPPROTO_IP, IP_TTL, &ttl, sizeof ttl) == 0);
    REQUIRE(::sendto(speaks_.number(), octets.data(), octets.size(), 0, any(remote), sizeof remote) ==
            static_cast<ssize_t>(octets.size()));
  }

  /// The last that we were sent.
  [[nodiscard]] std::optional<bfd::Packet> heard() {
    std::optional<bfd::Packet> last;
    std::array<std::uint8_t, 256> room{};
    constexpr std::size_t kHeaders = 28;  // IPv4 and UDP
    for (;;) {
      const auto size = ::recv(hears_.number(), room.data(), room.size(), 0);
      if (size < static_cast<ssize_t>(kHeaders)) return last;
      const auto packet = bfd::decode(std::span(room).first(static_cast<std::size_t>(size)).subspan(kHeaders));
      if (!packet) continue;
      last = *packet;
      ++count_;
    }
  }

  /// So many so far.
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  net::FileDescriptor speaks_, hears_;
  std::uint64_t count_ = 0;
};

config::BfdInstance session(const char* name, bool multihop = false) {
  config::BfdInstance result;
  result.name = name;
  result.source_ip = kOurs;
  result.neighbor_ip = kTheirs;
  result.min_rx = result.min_tx = 50ms;
  result.multihop = multihop;
  result.max_hops = multihop ? 5 : 0;
  return result;
}

bfd::Packet packet(bfd::State state, bfd::Discriminator theirs) {
  bfd::Packet result;
  result.state = state;
  result.multiplier = 200;  // it is patient: this test is not about silence
  result.my_discriminator = 77;
  result.your_discriminator = theirs;
  result.desired_min_tx = result.required_min_rx = bfd::Microseconds{50'000};
  return result;
}

struct Ours {
  explicit Ours(const config::BfdInstance& wanted)
      : sessions(io, [this](const config::BfdInstance&, bool up) { told.push_back(up); }) {
    sessions.configure({wanted});
  }
  void run(Duration span) {
    io.restart();
    io.run_for(span);
  }
  /// Brings the session up.
  void greet(Neighbour& neighbour, std::uint16_t port = kSingleHop) {
    neighbour.say(bfd::encode(packet(bfd::State::down, 0)), 255, port);
    run(20ms);
    const auto heard = neighbour.heard();
    REQUIRE(heard);
    CHECK(heard->state == bfd::State::init);
    discriminator = heard->my_discriminator;
    neighbour.say(bfd::encode(packet(bfd::State::up, discriminator)), 255, port);
    run(20ms);
    CHECK(told == std::vector<bool>{true});
  }

  boost::asio::io_context io;
  std::vector<bool> told;
  BfdSessions sessions;
  bfd::Discriminator discriminator = 0;
};

template <class Body>
void in_namespace(Body body) {
  const bool is_allowed = own_namespace::run([&] {
    raise_loopback();
    body();
  });
  if (!is_allowed) MESSAGE("SKIPPED: a network namespace needs root");
}

}  // namespace

TEST_CASE("what is discarded is counted by reason, and harms no session") {
  in_namespace([] {
    Neighbour neighbour;
    const Neighbour stranger(IpAddress::v4({127, 0, 0, 3}));
    Ours ours(session("s"));
    ours.greet(neighbour);
    const auto down = bfd::encode(packet(bfd::State::admin_down, ours.discriminator));
    for (const int ttl : {254, 64, 1})
      neighbour.say(down, ttl);  // RFC 5881 section 5: it has crossed a router
    stranger.say(down);
    neighbour.say(bfd::encode(packet(bfd::State::admin_down, ours.discriminator + 1)));
    neighbour.say(std::array<std::uint8_t, 3>{});
    auto foreign = down;
    foreign[0] = 0;
    neighbour.say(foreign);
    ours.run(20ms);
    const auto& refused = ours.sessions.refusals();
    CHECK(refused.of(bfd::Refusal::ttl) == 3);
    // Over the loopback interface our own packets come back to us, too; the last may not have.
    (void)neighbour.heard();
    CHECK(refused.of(bfd::Refusal::session) >= neighbour.count() + 1);
    CHECK(refused.of(bfd::Refusal::session) <= neighbour.count() + 2);
    CHECK(refused.of(bfd::Refusal::length) == 1);
    CHECK(refused.of(bfd::Refusal::version) == 1);
    CHECK(ours.told == std::vector<bool>{true});
    neighbour.say(down);
    ours.run(20ms);
    CHECK(ours.told == std::vector<bool>{true, false});
  });
}

TEST_CASE("over several hops a packet may have crossed as many routers as max_hops says") {
  in_namespace([] {
    Neighbour neighbour;
    Ours ours(session("s", true));
    ours.greet(neighbour, kMultihop);
    const auto down = bfd::encode(packet(bfd::State::admin_down, ours.discriminator));
    neighbour.say(down, 249, kMultihop);
    ours.run(20ms);
    CHECK(ours.sessions.refusals().of(bfd::Refusal::ttl) == 1);
    CHECK(ours.told == std::vector<bool>{true});
    neighbour.say(down, 250, kMultihop);
    ours.run(20ms);
    CHECK(ours.told == std::vector<bool>{true, false});
  });
}

TEST_CASE("regression: a port that somebody else had at the start was never tried again") {
  in_namespace([] {
    net::FileDescriptor taken(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto everywhere = at(IpAddress(), kSingleHop);
    REQUIRE(::bind(taken.number(), any(everywhere), sizeof everywhere) == 0);
    Neighbour neighbour;
    Ours ours(session("s"));
    neighbour.say(bfd::encode(packet(bfd::State::down, 0)));
    ours.run(50ms);
    CHECK(neighbour.heard()->state == bfd::State::down);  // it speaks, and is deaf
    taken.reset();
    ours.run(BfdSessions::kFirstPause + 200ms);
    ours.greet(neighbour);
  });
}

TEST_CASE("a session whose neighbour is not heard in its port's absence is told to be down") {
  in_namespace([] {
    const net::FileDescriptor taken(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto everywhere = at(IpAddress(), kSingleHop);
    REQUIRE(::bind(taken.number(), any(everywhere), sizeof everywhere) == 0);
    Ours ours(session("s"));
    CHECK_FALSE(ours.sessions.state_of("s"));
    ours.run(BfdSessions::kGrace + 100ms);
    CHECK(ours.told == std::vector<bool>{false});
    CHECK(ours.sessions.state_of("s") == false);
    ours.sessions.stop();
    ours.run(1500ms);  // nothing is tried any more: it returns for want of work
    CHECK(ours.io.stopped());
  });
}
