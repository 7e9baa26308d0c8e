// Against the kernel of this machine, in network namespaces of the test's own.
#include "net/vrrp_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include "unit/addresses.hpp"
#include "unit/net/namespaces.hpp"
#include "vrrp/packet.hpp"

namespace {

using namespace std::chrono_literals;
using namespace baton;
using namespace baton::net;
using namespace baton::test;

constexpr std::array kOurs{Vrid{51}};

IfIndex index_of(const char* name) {
  return static_cast<IfIndex>(if_nametoindex(name));
}

/// What keepalived 2.2.7 put on the wire (priority 100, 50 and 0, versions 2 and 3, with and without PASS).
struct Recorded {
  const char* frame;
  vrrp::Advertisement advertisement;
  const char* source;
  std::uint16_t identification;
};

vrrp::Advertisement advert(vrrp::Version version, Priority priority, const char* password = nullptr) {
  vrrp::Advertisement made;
  made.version = version;
  made.vrid = kOurs[0];
  made.priority = priority;
  made.max_adver_interval = 1s;
  made.addresses = {address("10.0.0.100")};
  if (password != nullptr) made.password = vrrp::simple_password(password);
  return made;
}

std::vector<Recorded> recordings() {
  using vrrp::Version;
  return {
      {"01005e000012 020000000001 0800 45c0002800010000ff70d0910a000001e0000012"
       "2133640100017066 0a000064 0000000000000000",
       advert(Version::v2, 100), "10.0.0.1", 1},
      {"01005e000012 020000000001 0800 45c0002800070000ff70d08b0a000001e0000012"
       "213300010001d466 0a000064 0000000000000000",
       advert(Version::v2, 0), "10.0.0.1", 7},
      {"01005e000012 020000000001 0800 45c0002800010000ff70d0910a000001e0000012"
       "2133640101010d04 0a000064 3131313100000000",
       advert(Version::v2, 100, "1111"), "10.0.0.1", 1},
      {"01005e000012 020000000001 0800 45c0002000010000ff70d0990a000001e0000012"
       "3133640100647573 0a000064",
       advert(Version::v3, 100), "10.0.0.1", 1},
      {"01005e000012 020000000001 0800 45c0002000070000ff70d0930a000001e0000012"
       "313300010064d973 0a000064",
       advert(Version::v3, 0), "10.0.0.1", 7},
  };
}

/// Puts whole frames on the cable from the other end.
class Injector {
 public:
  explicit Injector(const Namespace& other, const std::string& interface = "v1") : fd_(open_in(other)) {
    const Namespace::Visit visit(other);
    where_.sll_family = AF_PACKET;
    where_.sll_protocol = htons(ETH_P_IP);
    where_.sll_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
  }
  ~Injector() { close(fd_); }
  Injector(const Injector&) = delete;
  Injector& operator=(const Injector&) = delete;

  void send(const Frame& frame) {
    const auto sent =
        sendto(fd_, frame.data(), frame.size(), 0, reinterpret_cast<const sockaddr*>(&where_), sizeof where_);
    REQUIRE(sent == static_cast<ssize_t>(frame.size()));
  }

 private:
  static int open_in(const Namespace& there) {
    const Namespace::Visit visit(there);
    const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    REQUIRE(fd >= 0);
    return fd;
  }

  int fd_;
  sockaddr_ll where_{};
};

/// An advertisement of the router at the other end as a frame; octets of the IP packet can be changed.
Frame peer_frame(Vrid vrid = kOurs[0], std::uint8_t priority = 50) {
  auto made = advert(vrrp::Version::v2, priority);
  made.vrid = vrid;
  const auto packet = vrrp::encode_packet(made, {address("10.0.0.2"), address("224.0.0.18"), 1});
  auto frame = from_hex("01005e000012 020000000002 0800");
  frame.insert(frame.end(), packet.begin(), packet.end());
  return frame;
}

/// The frame with one octet of its IP header changed and the header's checksum made right again.
Frame with_octet(Frame frame, std::size_t position, std::uint8_t value) {
  constexpr std::size_t kIp = 14;
  frame[kIp + position] = value;
  frame[kIp + 10] = frame[kIp + 11] = 0;
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 20; i += 2)
    sum += static_cast<std::uint32_t>(frame[kIp + i] << 8 | frame[kIp + i + 1]);
  while (sum >> 16 != 0)
    sum = (sum & 0xffff) + (sum >> 16);
  frame[kIp + 10] = static_cast<std::uint8_t>(~sum >> 8);
  frame[kIp + 11] = static_cast<std::uint8_t>(~sum);
  return frame;
}

ReceiverPlan plan(std::vector<Vrid> wanted = {kOurs.begin(), kOurs.end()}) {
  ReceiverPlan made;
  made.wanted = std::move(wanted);
  made.groups = {address("224.0.0.18")};
  return made;
}

struct Fixture {
  const Cable cable;
  boost::asio::io_context io;

  std::unique_ptr<VrrpReceiver> open(const char* name = "v0") {
    auto opened = VrrpReceiver::open(io, name, index_of(name), plan());
    CAPTURE((opened ? std::string() : opened.error().message));
    REQUIRE(opened.has_value());
    return std::move(*opened);
  }
  std::unique_ptr<Tap> tap(const char* name = "v1") const {
    const Namespace::Visit visit(cable.other);
    return std::make_unique<Tap>(name, ETH_P_IP);
  }
};

std::vector<Frame> drained(VrrpReceiver& receiver) {
  std::vector<Frame> packets;
  const auto done = receiver.drain([&packets](std::span<const std::uint8_t> packet, Instant) {
    packets.emplace_back(packet.begin(), packet.end());
  });
  REQUIRE(done.has_value());
  CHECK(done->emptied);
  CHECK(done->packets == packets.size());
  return packets;
}

TEST_CASE("VRRP sockets: what we send is what keepalived sends, octet for octet") {
  in_namespace([] {
    const Fixture f;
    const auto tap = f.tap();
    VrrpSender sender;
    for (const auto& recorded : recordings()) {
      const auto packet = vrrp::encode_packet(
          recorded.advertisement, {address(recorded.source), address("224.0.0.18"), recorded.identification});
      CHECK(sender.send({index_of("v0"), packet}).has_value());
      const auto frames = tap->frames(1);
      REQUIRE(frames.size() == 1);
      CHECK(hex(frames[0]) == hex(from_hex(recorded.frame)));
    }
  });
}

TEST_CASE("VRRP sockets: the largest advertisement goes out in one packet and comes in whole") {
  in_namespace([] {
    Fixture f;
    const auto receiver = f.open();
    auto made = advert(vrrp::Version::v2, 100);
    made.addresses.assign(255, address("10.0.0.100"));
    const auto packet = vrrp::encode_packet(made, {address("10.0.0.2"), address("224.0.0.18"), 9});
    {
      const Namespace::Visit visit(f.cable.other);
      VrrpSender sender;
      CHECK(sender.send({index_of("v1"), packet}).has_value());
    }
    const auto heard = drained(*receiver);
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].size() == 20 + 8 + 255 * 4 + 8);
    CHECK(vrrp::decode_packet(heard[0])->advertisement == made);
  });
}

TEST_CASE("VRRP sockets: keepalived's advertisements are heard and understood") {
  in_namespace([] {
    Fixture f;
    const auto receiver = f.open();
    Injector injector(f.cable.other);
    for (const auto& recorded : recordings()) {
      // As from another router: the kernel takes nothing in that claims to come from ourselves.
      const auto frame = with_octet(from_hex(recorded.frame), 15, 2);
      injector.send(frame);
      const auto heard = drained(*receiver);
      REQUIRE(heard.size() == 1);
      CHECK(hex(heard[0]) == hex(Frame(frame.begin() + 14, frame.end())));
      // Octet 15, the source address, is part of version 3's checksum.
      if (recorded.advertisement.version == vrrp::Version::v3) continue;
      const auto decoded = vrrp::decode_packet(heard[0]);
      REQUIRE(decoded.has_value());
      CHECK(decoded->source == address("10.0.0.2"));
      CHECK(decoded->time_to_live == 255);
      CHECK(decoded->advertisement == recorded.advertisement);
    }
  });
}

/// Whether readable() ends within 50 ms.
bool wakes(boost::asio::io_context& io, VrrpReceiver& receiver) {
  std::optional<boost::system::error_code> ended;
  bool is_done = false;
  boost::asio::co_spawn(io, receiver.readable(), [&](std::exception_ptr failed, boost::system::error_code code) {
    CHECK(failed == nullptr);
    ended = code;
    is_done = true;
  });
  io.restart();
  for (int i = 0; i < 5 && !is_done; ++i)
    io.run_for(10ms);
  const bool was_woken = is_done;
  receiver.cancel();
  io.run_for(50ms);
  CHECK(is_done);
  CHECK(*ended == (was_woken ? boost::system::error_code() : boost::asio::error::operation_aborted));
  return was_woken;
}

TEST_CASE("VRRP sockets: what is not for us wakes nobody") {
  in_namespace([] {
    Fixture f;
    const auto receiver = f.open();
    Injector injector(f.cable.other);
    for (int i = 0; i < 100; ++i) {
      injector.send(peer_frame(Vrid{52}));
      injector.send(with_octet(peer_frame(), 8, 254));  // TTL
      injector.send(with_octet(peer_frame(), 9, 17));   // UDP
      auto typed = peer_frame();
      typed[34] = 0x22;  // version 2, type 2
      injector.send(typed);
    }
    CHECK_FALSE(wakes(f.io, *receiver));
    CHECK(drained(*receiver).empty());
    injector.send(peer_frame());
    CHECK(wakes(f.io, *receiver));
    CHECK(wakes(f.io, *receiver));  // and goes on until it is read
    CHECK(drained(*receiver).size() == 1);
    CHECK_FALSE(wakes(f.io, *receiver));
  });
}

TEST_CASE("VRRP sockets: other VRIDs from now on, and none") {
  in_namespace([] {
    Fixture f;
    const auto receiver = f.open();
    Injector injector(f.cable.other);
    CHECK(receiver->set_plan(plan({Vrid{7}, Vrid{200}})).has_value());
    for (const auto vrid : {Vrid{7}, Vrid{51}, Vrid{200}, Vrid{8}})
      injector.send(peer_frame(vrid));
    CHECK(drained(*receiver).size() == 2);
    CHECK(receiver->set_plan(plan({})).has_value());
    injector.send(peer_frame(Vrid{7}));
    CHECK(drained(*receiver).empty());
  });
}

TEST_CASE("VRRP sockets: a packet counts from when it arrived, not from when it is read, but not for long") {
  in_namespace([] {
    Fixture f;
    const auto receiver = f.open();
    Injector injector(f.cable.other);
    Instant sent, reading, arrived;
    const auto let_wait = [&](Duration wait) {
      sent = Clock::now();
      injector.send(peer_frame());
      std::this_thread::sleep_for(wait);
      reading = Clock::now();
      REQUIRE(receiver->drain([&](std::span<const std::uint8_t>, Instant when) { arrived = when; }).has_value());
    };
    // The kernel begins to note times a moment after it was asked to.
    for (int tries = 0; tries < 100 && arrived >= reading; ++tries)
      let_wait(5ms);
    CHECK(arrived < reading);
    CHECK(arrived >= std::max(sent, reading - 10ms));
    let_wait(40ms);
    CHECK(arrived >= reading - 10ms);
    CHECK(arrived <= Clock::now() - 10ms);
  });
}

TEST_CASE("VRRP sockets: neither our own advertisements nor those of another interface are heard") {
  in_namespace([] {
    Fixture f;
    ip("link add w0 type veth peer name w1 netns " + f.cable.other.path());
    ip_batch("addr add 10.2.0.1/24 dev w0\nlink set w0 up\n");
    {
      const Namespace::Visit visit(f.cable.other);
      ip("link set w1 up");
    }
    const auto v0 = f.open("v0");
    const auto w0 = f.open("w0");
    const auto tap = f.tap();
    VrrpSender sender;
    const auto packet =
        vrrp::encode_packet(advert(vrrp::Version::v2, 100), {address("10.0.0.1"), address("224.0.0.18"), 1});
    CHECK(sender.send({index_of("v0"), packet}).has_value());
    CHECK(tap->frames(1).size() == 1);
    CHECK(drained(*v0).empty());
    CHECK(drained(*w0).empty());
    Injector(f.cable.other, "w1").send(peer_frame());
    CHECK(drained(*v0).empty());
    CHECK(drained(*w0).size() == 1);
  });
}

TEST_CASE("VRRP sockets: many packets over several interfaces, one of them dead, in one go") {
  in_namespace([] {
    Fixture f;
    ip("link add w0 type veth peer name w1 netns " + f.cable.other.path());
    ip_batch("addr add 10.2.0.1/24 dev w0\nlink set w0 up\n");
    {
      const Namespace::Visit visit(f.cable.other);
      ip("link set w1 up");
    }
    const auto on_v1 = f.tap("v1");
    const auto on_w1 = f.tap("w1");
    std::vector<std::vector<std::uint8_t>> bytes;
    std::vector<OutgoingPacket> packets;
    bytes.reserve(100);
    packets.reserve(100);
    for (std::uint16_t i = 1; i <= 100; ++i)
      bytes.push_back(
          vrrp::encode_packet(advert(vrrp::Version::v2, 100), {address("10.0.0.1"), address("224.0.0.18"), i}));
    for (std::size_t i = 0; i < bytes.size(); ++i)
      packets.push_back({i % 25 == 3 ? IfIndex{4711} : index_of(i % 2 == 0 ? "v0" : "w0"), bytes[i]});
    std::vector<std::size_t> failed;
    VrrpSender sender;
    sender.send(packets, [&failed](std::size_t position, const Error& error) {
      failed.push_back(position);
      CHECK(error.message.rfind("send advertisement on interface 4711: ", 0) == 0);
      CHECK(error.system_code != 0);
    });
    CHECK(failed == std::vector<std::size_t>{3, 28, 53, 78});
    const auto seen_v1 = on_v1->frames(48, 3s);
    const auto seen_w1 = on_w1->frames(48, 3s);
    CHECK(seen_v1.size() == 48);
    CHECK(seen_w1.size() == 48);
    std::uint8_t last = 0;
    for (const auto& frame : seen_v1) {  // identification: in order
      CHECK(frame[19] > last);
      last = frame[19];
    }
  });
}

TEST_CASE("VRRP sockets: a dead link is an error that names it, and no lasting one") {
  in_namespace([] {
    Fixture f;
    const auto receiver = f.open();
    VrrpSender sender;
    const auto packet =
        vrrp::encode_packet(advert(vrrp::Version::v2, 100), {address("10.0.0.1"), address("224.0.0.18"), 1});
    ip("link set v0 down");
    const auto down = sender.send({index_of("v0"), packet});
    REQUIRE_FALSE(down.has_value());
    CHECK(down.error().message.rfind("send advertisement on v0: ", 0) == 0);
    CHECK((down.error().system_code == ENETUNREACH || down.error().system_code == ENETDOWN));
    ip("link set v0 up");
    CHECK(sender.send({index_of("v0"), packet}).has_value());
    ip("link set v0 down");
    ip("link set v0 name x0");
    ip("link set x0 up");
    Injector(f.cable.other).send(peer_frame());
    CHECK(drained(*receiver).size() == 1);  // the socket holds on to the link, not to its name
  });
}

TEST_CASE("VRRP sockets: a link that was deleted and made again wants a new receiver") {
  in_namespace([] {
    Fixture f;
    auto receiver = f.open();
    ip("link del v0");
    CHECK(drained(*receiver).empty());
    const auto missing = VrrpReceiver::open(f.io, "v0", IfIndex{4711}, plan());
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().message == "bind a VRRP socket to v0: No such device");
    CHECK(missing.error().system_code == ENODEV);
    ip("link add v0 type veth peer name v1 netns " + f.cable.other.path());
    ip_batch("addr add 10.0.0.1/24 dev v0\nlink set v0 up\n");
    {
      const Namespace::Visit visit(f.cable.other);
      ip("link set v1 up");
    }
    receiver = f.open();
    Injector(f.cable.other).send(peer_frame());
    CHECK(drained(*receiver).size() == 1);
  });
}

TEST_CASE("VRRP sockets: a drain has an end, and leaves the rest for the next") {
  in_namespace([] {
    Fixture f;
    const auto receiver = f.open();
    Injector injector(f.cable.other);
    const auto frame = peer_frame();
    for (std::size_t i = 0; i < VrrpReceiver::kMaxPackets + 100; ++i)
      injector.send(frame);
    std::size_t count = 0;
    Instant last{};
    const auto each = [&](std::span<const std::uint8_t> packet, Instant now) {
      ++count;
      CHECK(packet.size() == 40);
      CHECK(now >= last);
      last = now;
    };
    const auto first = receiver->drain(each);
    REQUIRE(first.has_value());
    CHECK(first->packets == VrrpReceiver::kMaxPackets);
    CHECK_FALSE(first->emptied);
    CHECK(wakes(f.io, *receiver));
    const auto second = receiver->drain(each);
    REQUIRE(second.has_value());
    CHECK(second->packets == 100);
    CHECK(second->emptied);
    CHECK(count == VrrpReceiver::kMaxPackets + 100);
    CHECK(last <= Clock::now());
  });
}

}  // namespace
