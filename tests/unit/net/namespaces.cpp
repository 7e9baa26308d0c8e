#include "unit/net/namespaces.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace baton::test {
namespace {

int open_own_namespace() {
  const int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  REQUIRE(fd >= 0);
  return fd;
}

void no_ipv6() {
  for (const auto* const where : {"all", "default"})
    std::ofstream(std::string("/proc/sys/net/ipv6/conf/") + where + "/disable_ipv6") << 1;
}

/// The kernel gives the flag to a new link a little later, up to a second.
void wait_running(const char* name) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  std::strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  for (int i = 0; i < 2000 && (request.ifr_flags & IFF_RUNNING) == 0; ++i) {
    REQUIRE(ioctl(fd, SIOCGIFFLAGS, &request) == 0);
    usleep(1000);
  }
  close(fd);
  REQUIRE((request.ifr_flags & IFF_RUNNING) != 0);
}

}  // namespace

void ip(const std::string& arguments) {
  CAPTURE(arguments);
  REQUIRE(std::system(("ip " + arguments).c_str()) == 0);
}

std::string ip_output(const std::string& arguments) {
  FILE* const pipe = popen(("ip " + arguments).c_str(), "re");
  REQUIRE(pipe != nullptr);
  std::string text;
  std::array<char, 4096> part{};
  for (std::size_t count = 0; (count = fread(part.data(), 1, part.size(), pipe)) > 0;)
    text.append(part.data(), count);
  REQUIRE(pclose(pipe) == 0);
  return text;
}

void ip_batch(const std::string& lines) {
  FILE* const pipe = popen("ip -batch -", "we");
  REQUIRE(pipe != nullptr);
  CHECK(fwrite(lines.data(), 1, lines.size(), pipe) == lines.size());
  REQUIRE(pclose(pipe) == 0);
}

Namespace::Namespace() {
  const int home = open_own_namespace();
  REQUIRE(unshare(CLONE_NEWNET) == 0);
  fd_ = open_own_namespace();
  no_ipv6();
  ip("link set lo up");
  REQUIRE(setns(home, CLONE_NEWNET) == 0);
  close(home);
}

Namespace::~Namespace() {
  close(fd_);
}

std::string Namespace::path() const {
  return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(fd_);
}

Namespace::Visit::Visit(const Namespace& there) : home_(open_own_namespace()) {
  REQUIRE(setns(there.fd_, CLONE_NEWNET) == 0);
}

Namespace::Visit::~Visit() {
  if (setns(home_, CLONE_NEWNET) != 0) std::abort();  // every later step would be somewhere else
  close(home_);
}

Cable::Cable() {
  no_ipv6();
  ip("link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02 netns " + other.path());
  // In this order the kernel notices the carrier at once; in the other it takes a second.
  ip_batch("link set lo up\naddr add 10.0.0.1/24 dev v0\nlink set v0 up\n");
  {
    const Namespace::Visit visit(other);
    ip_batch("addr add 10.0.0.2/24 dev v1\nlink set v1 up\n");
  }
  wait_running("v0");
}

Tap::Tap(const std::string& interface, std::uint16_t ethertype)
    : fd_(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ethertype))) {
  REQUIRE(fd_ >= 0);
  sockaddr_ll where{};
  where.sll_family = AF_PACKET;
  where.sll_protocol = htons(ethertype);
  where.sll_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
  REQUIRE(bind(fd_, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0);
  const int buffer = 16 << 20;
  CHECK(setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer) == 0);
}

Tap::~Tap() {
  close(fd_);
}

std::vector<Frame> Tap::frames(std::size_t count, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  std::vector<Frame> found;
  while (found.size() < count) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    pollfd descriptor{.fd = fd_, .events = POLLIN, .revents = 0};
    if (left < 0 || poll(&descriptor, 1, static_cast<int>(left)) != 1) break;
    Frame frame(2048);
    sockaddr_ll from{};
    socklen_t size = sizeof from;
    const auto length = recvfrom(fd_, frame.data(), frame.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    REQUIRE(length >= 0);
    if (from.sll_pkttype == PACKET_OUTGOING) continue;
    frame.resize(static_cast<std::size_t>(length));
    found.push_back(frame);
  }
  return found;
}

std::string hex(const Frame& bytes) {
  std::string text;
  for (const auto octet : bytes) {
    text += "0123456789abcdef"[octet >> 4];
    text += "0123456789abcdef"[octet & 15];
  }
  return text;
}

Frame from_hex(std::string_view text) {
  Frame bytes;
  std::string digits;
  for (const char c : text)
    if (c != ' ') digits += c;
  REQUIRE(digits.size() % 2 == 0);
  for (std::size_t i = 0; i < digits.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  return bytes;
}

}  // namespace baton::test
