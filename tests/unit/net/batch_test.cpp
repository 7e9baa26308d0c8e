// Against the kernel of this machine, in a network namespace of the test's own thread.
#include "net/batch.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <thread>

#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "unit/net/own_namespace.hpp"

namespace {

using namespace std::chrono_literals;
using baton::net::Batch;
using baton::net::NetlinkSocket;
using Message = std::unique_ptr<nl_msg, decltype(&nlmsg_free)>;

constexpr unsigned kLoopback = 1;  // its index in every fresh namespace

template <class Body>
void in_own_namespace(Body body) {
  if (!own_namespace::run(body)) MESSAGE("SKIPPED: a network namespace needs root");
}

Message address_message(std::uint16_t type, int flags, std::uint32_t address, unsigned char prefix = 32) {
  Message message(nlmsg_alloc_simple(type, flags), &nlmsg_free);
  const ifaddrmsg header{
      .ifa_family = AF_INET, .ifa_prefixlen = prefix, .ifa_flags = 0, .ifa_scope = 0, .ifa_index = kLoopback};
  ifaddrmsg copy = header;
  nlmsg_append(message.get(), &copy, sizeof copy, NLMSG_ALIGNTO);
  const std::uint32_t wire = __builtin_bswap32(address);
  nla_put(message.get(), IFA_LOCAL, sizeof wire, &wire);
  nla_put(message.get(), IFA_ADDRESS, sizeof wire, &wire);
  return message;
}

Message new_address(std::uint32_t address, unsigned char prefix = 32) {
  return address_message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, address, prefix);
}

Message dump_addresses() {
  Message message(nlmsg_alloc_simple(RTM_GETADDR, NLM_F_DUMP), &nlmsg_free);
  ifaddrmsg header{};
  header.ifa_family = AF_INET;
  nlmsg_append(message.get(), &header, sizeof header, NLMSG_ALIGNTO);
  return message;
}

/// The IPv4 addresses of a namespace, as the kernel lists them.
std::multiset<std::uint32_t> addresses(NetlinkSocket& socket) {
  std::multiset<std::uint32_t> found;
  const auto request = dump_addresses();
  const auto outcome = socket.query(request.get(), 5s, [&](const nlmsghdr& header) {
    auto copy = header;
    CHECK(header.nlmsg_type == RTM_NEWADDR);
    CHECK(copy.nlmsg_len > sizeof(nlmsghdr) + sizeof(ifaddrmsg));
    const nlattr* const local = nlmsg_find_attr(const_cast<nlmsghdr*>(&header), sizeof(ifaddrmsg), IFA_LOCAL);
    REQUIRE(local != nullptr);
    found.insert(__builtin_bswap32(nla_get_u32(local)));
  });
  CHECK(outcome.has_value());
  return found;
}

constexpr std::uint32_t kBase = 0xc6120000;  // 198.18.0.0, for benchmarks (RFC 2544)

TEST_CASE("batch: five hundred addresses in one go, then away again") {
  in_own_namespace([] {
    NetlinkSocket socket(NETLINK_ROUTE);
    Batch batch;
    CHECK(batch.empty());
    for (std::uint32_t i = 0; i < 500; ++i)
      batch.add(new_address(kBase + i).get(), "add " + std::to_string(i));
    CHECK(batch.size() == 500);
    CHECK(batch.limit() == 1500ms);
    for (const auto& answer : socket.run(batch, 5s)) {
      CHECK(answer.code == 0);
      CHECK(answer.what.empty());
    }
    const auto found = addresses(socket);
    CHECK(found.size() == 500);
    CHECK(std::set(found.begin(), found.end()).size() == 500);
    CHECK(*found.begin() == kBase);

    Batch removal;
    for (std::uint32_t i = 0; i < 500; ++i)
      removal.add(address_message(RTM_DELADDR, 0, kBase + i).get(), "remove " + std::to_string(i));
    for (const auto& answer : socket.run(removal, 5s))
      CHECK(answer.code == 0);
    CHECK(addresses(socket).empty());
  });
}

TEST_CASE("batch: each error names its own request") {
  in_own_namespace([] {
    NetlinkSocket socket(NETLINK_ROUTE);
    Batch first;
    for (std::uint32_t i = 0; i < 600; i += 3)
      first.add(new_address(kBase + i).get(), "");
    for (const auto& answer : socket.run(first, 5s))
      CHECK(answer.code == 0);

    Batch all;
    for (std::uint32_t i = 0; i < 600; ++i)
      all.add(new_address(kBase + i).get(), "add " + std::to_string(i));
    const auto answers = socket.run(all, 5s);
    REQUIRE(answers.size() == 600);
    for (std::uint32_t i = 0; i < 600; ++i) {
      CAPTURE(i);
      CHECK(answers[i].code == (i % 3 == 0 ? EEXIST : 0));
      // Newer kernels add words of their own in brackets.
      CHECK(answers[i].what.rfind(i % 3 == 0 ? "add " + std::to_string(i) + ": File exists" : "", 0) == 0);
    }
    CHECK(addresses(socket).size() == 600);
  });
}

TEST_CASE("batch: when every one of a thousand fails, no answer is lost") {
  in_own_namespace([] {
    NetlinkSocket socket(NETLINK_ROUTE);
    Batch batch;
    for (std::uint32_t i = 0; i < 1000; ++i)
      batch.add(address_message(RTM_DELADDR, 0, kBase + i).get(), "remove " + std::to_string(i));
    const auto answers = socket.run(batch, 5s);
    REQUIRE(answers.size() == 1000);
    for (std::size_t i = 0; i < 1000; ++i) {
      CHECK(answers[i].code == EADDRNOTAVAIL);
      CHECK(answers[i].what.rfind("remove " + std::to_string(i) + ": Cannot assign requested address", 0) == 0);
    }
  });
}

TEST_CASE("batch: the kernel's own words are passed on") {
  in_own_namespace([] {
    NetlinkSocket socket(NETLINK_ROUTE);
    Batch batch;
    batch.add(new_address(kBase).get(), "add one");
    batch.add(new_address(kBase + 1, 77).get(), "add a prefix of 77");
    batch.add(new_address(kBase + 2).get(), "add another");
    const auto answers = socket.run(batch, 5s);
    CHECK(answers[0].code == 0);
    CHECK(answers[1].code == EINVAL);
    CHECK(answers[1].what.rfind("add a prefix of 77: Invalid argument (", 0) == 0);
    CHECK(answers[1].what.back() == ')');
    CHECK(answers[2].code == 0);
  });
}

TEST_CASE("batch: messages longer than a send are still sent, in pieces") {
  in_own_namespace([] {
    NetlinkSocket socket(NETLINK_ROUTE);
    Batch batch;
    const std::vector<char> ballast(4000, 'x');
    for (std::uint32_t i = 0; i < 100; ++i) {
      Message message(nlmsg_alloc_size(8192), &nlmsg_free);
      nlmsg_put(message.get(), 0, 0, RTM_NEWADDR, 0, NLM_F_CREATE | NLM_F_EXCL);
      ifaddrmsg header{
          .ifa_family = AF_INET, .ifa_prefixlen = 32, .ifa_flags = 0, .ifa_scope = 0, .ifa_index = kLoopback};
      nlmsg_append(message.get(), &header, sizeof header, NLMSG_ALIGNTO);
      const std::uint32_t wire = __builtin_bswap32(kBase + i);
      nla_put(message.get(), IFA_LOCAL, sizeof wire, &wire);
      nla_put(message.get(), 0x7ff, static_cast<int>(ballast.size()), ballast.data());  // unknown: the kernel skips it
      batch.add(message.get(), "long");
    }
    for (const auto& answer : socket.run(batch, 5s))
      CHECK(answer.code == 0);
    CHECK(addresses(socket).size() == 100);
  });
}

TEST_CASE("batch: no time left is said of each request, and the socket serves on") {
  in_own_namespace([] {
    NetlinkSocket socket(NETLINK_ROUTE);
    Batch batch;
    for (std::uint32_t i = 0; i < 600; ++i)
      batch.add(new_address(kBase + i).get(), "add");
    const auto answers = socket.run(batch, 0s);
    REQUIRE(answers.size() == 600);
    CHECK(answers.back().code == ETIMEDOUT);
    CHECK(answers.back().what == "add: Connection timed out");
    const auto added = addresses(socket).size();
    CHECK(added < 600);

    Batch many;
    for (std::uint32_t i = 0; i < 5000; ++i)
      many.add(new_address(kBase + 1000 + i).get(), "add");
    for (const auto& answer : socket.run(many, 30s))
      CHECK(answer.code == 0);
    const auto dump = dump_addresses();
    const auto late = socket.query(dump.get(), 0s, [](const nlmsghdr&) { FAIL("no time, no answer"); });
    REQUIRE(!late.has_value());
    CHECK(late.error().system_code == ETIMEDOUT);
    CHECK(addresses(socket).size() == added + 5000);  // the unfinished dump is out of the way
  });
}

TEST_CASE("batch: an empty batch is no system call and no answer") {
  in_own_namespace([] {
    NetlinkSocket socket(NETLINK_ROUTE);
    CHECK(socket.run(Batch{}, 1s).empty());
  });
}

TEST_CASE("query: a single get, and its error") {
  in_own_namespace([] {
    NetlinkSocket socket(NETLINK_ROUTE);
    const auto get_link = [](int index) {
      Message message(nlmsg_alloc_simple(RTM_GETLINK, 0), &nlmsg_free);
      ifinfomsg header{};
      header.ifi_index = index;
      nlmsg_append(message.get(), &header, sizeof header, NLMSG_ALIGNTO);
      return message;
    };
    int seen = 0;
    const auto lo = get_link(1);
    const auto outcome = socket.query(lo.get(), 5s, [&](const nlmsghdr& header) {
      ++seen;
      CHECK(header.nlmsg_type == RTM_NEWLINK);
    });
    CHECK(outcome.has_value());
    CHECK(seen == 1);
    const auto none = get_link(4711);
    const auto error = socket.query(none.get(), 5s, [&](const nlmsghdr&) { ++seen; });
    REQUIRE(!error.has_value());
    CHECK(error.error().system_code == ENODEV);
    CHECK(error.error().message.rfind("No such device", 0) == 0);
    CHECK(seen == 1);
  });
}

TEST_CASE("query: a dump of many parts is whole") {
  in_own_namespace([] {
    NetlinkSocket socket(NETLINK_ROUTE);
    Batch batch;
    for (std::uint32_t i = 0; i < 5000; ++i)
      batch.add(new_address(kBase + i).get(), "add");
    for (const auto& answer : socket.run(batch, 30s))
      CHECK(answer.code == 0);
    const auto found = addresses(socket);
    CHECK(found.size() == 5000);
    CHECK(*found.rbegin() == kBase + 4999);
  });
}

TEST_CASE("query: a table that changes while it is read is read again") {
  in_own_namespace([] {
    NetlinkSocket reader(NETLINK_ROUTE);
    NetlinkSocket writer(NETLINK_ROUTE);
    Batch batch;
    for (std::uint32_t i = 0; i < 3000; ++i)
      batch.add(new_address(kBase + i).get(), "add");
    for (const auto& answer : writer.run(batch, 30s))
      CHECK(answer.code == 0);
    // The same namespace in another thread: a child thread inherits it.
    std::thread churn([&] {
      for (std::uint32_t i = 0; i < 400; ++i) {
        Batch change;
        change.add((i % 2 == 0 ? new_address(kBase + 5000) : address_message(RTM_DELADDR, 0, kBase + 5000)).get(), "");
        CHECK(writer.run(change, 5s)[0].code == 0);
      }
    });
    int readings = 0;
    while (readings++ < 20) {
      std::multiset<std::uint32_t> found;
      const auto request = dump_addresses();
      const auto outcome = reader.query(request.get(), 10s, [&](const nlmsghdr& header) {
        found.insert(nla_get_u32(nlmsg_find_attr(const_cast<nlmsghdr*>(&header), sizeof(ifaddrmsg), IFA_LOCAL)));
      });
      // Never a torn table: whole, or an error that says why.
      if (outcome) {
        CHECK(found.size() >= 3000);
        CHECK(found.size() <= 3001);
        CHECK(std::set(found.begin(), found.end()).size() == found.size());
      } else {
        CHECK(outcome.error().system_code == EINTR);
      }
    }
    churn.join();
    CHECK(addresses(reader).size() == 3000);
  });
}

TEST_CASE("socket: the kernel refuses what other processes send to it") {
  in_own_namespace([] {
    const NetlinkSocket socket(NETLINK_ROUTE);
    std::ifstream table("/proc/thread-self/net/netlink");
    std::string line;
    std::getline(table, line);
    int tried = 0;
    const int forger = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    while (std::getline(table, line)) {
      std::istringstream words(line);
      std::string pointer;
      int protocol = -1;
      std::uint32_t port = 0;
      words >> pointer >> protocol >> port;
      if (protocol != NETLINK_ROUTE || port == 0) continue;
      ++tried;
      std::array<char, NLMSG_HDRLEN + 4> lie{};
      const nlmsghdr header{
          .nlmsg_len = lie.size(), .nlmsg_type = NLMSG_DONE, .nlmsg_flags = 0, .nlmsg_seq = 1, .nlmsg_pid = 0};
      std::memcpy(lie.data(), &header, sizeof header);
      const sockaddr_nl target{.nl_family = AF_NETLINK, .nl_pad = 0, .nl_pid = port, .nl_groups = 0};
      CHECK(sendto(forger, lie.data(), lie.size(), 0, reinterpret_cast<const sockaddr*>(&target), sizeof target) < 0);
      CHECK(errno == ECONNREFUSED);
    }
    close(forger);
    CHECK(tried == 1);
  });
}

TEST_CASE("socket: an unknown protocol is an exception at start-up") {
  CHECK_THROWS_AS(NetlinkSocket(31), std::system_error);
}

}  // namespace
