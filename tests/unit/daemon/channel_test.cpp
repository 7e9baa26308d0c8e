#include "daemon/channel.hpp"

#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;

namespace asio = boost::asio;

namespace {

/// Two connected channels; the second notes what it gets.
struct Pair {
  asio::io_context io;
  FileDescriptor raw;  // duplicate of the first end
  std::optional<Channel> first, second;
  std::vector<Envelope> received;
  std::vector<FileDescriptor> descriptors;
  std::vector<std::string> closed;
  std::vector<std::string> first_closed;
  std::vector<Envelope> first_received;

  Pair() {
    auto ends = make_channel_pair();
    REQUIRE(ends);
    raw = FileDescriptor(::fcntl(ends->first.number(), F_DUPFD_CLOEXEC, 0));
    first.emplace(io, std::move(ends->first));
    second.emplace(io, std::move(ends->second));
    Channel::Handlers handlers;
    handlers.received = [this](const Envelope& envelope, FileDescriptor descriptor) {
      received.push_back(envelope);
      if (descriptor) descriptors.push_back(std::move(descriptor));
    };
    handlers.closed = [this](const std::string& why) { closed.push_back(why); };
    second->start(std::move(handlers));
    handlers.received = [this](const Envelope& envelope, FileDescriptor) { first_received.push_back(envelope); };
    handlers.closed = [this](const std::string& why) { first_closed.push_back(why); };
    first->start(std::move(handlers));
  }
  void poll() {
    io.restart();
    for (int i = 0; i < 3000 && io.poll() > 0; ++i) {
    }
  }
};

Envelope configured(std::uint64_t generation) {
  return {Role::vrrp, Role::supervisor, Configured{generation}};
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for (int fd = 0; fd < 1024; ++fd)
    if (::fcntl(fd, F_GETFD) >= 0) ++count;
  return count;
}

}  // namespace

TEST_CASE("messages arrive whole and in order, both ways") {
  Pair pair;
  for (std::uint64_t i = 0; i < 200; ++i)
    CHECK(pair.first->send(configured(i)));
  CHECK(pair.second->send({Role::supervisor, Role::vrrp, Stop{}}));
  pair.poll();
  REQUIRE(pair.received.size() == 200);
  for (std::uint64_t i = 0; i < 200; ++i)
    CHECK(pair.received[i] == configured(i));
  CHECK(pair.first_received == std::vector<Envelope>{{Role::supervisor, Role::vrrp, Stop{}}});
  CHECK(pair.closed.empty());
}

TEST_CASE("a descriptor travels with its message") {
  Pair pair;
  const FileDescriptor memory(::memfd_create("test", MFD_CLOEXEC));
  REQUIRE(::write(memory.number(), "hello", 5) == 5);
  CHECK(pair.first->send({Role::supervisor, Role::vrrp, Configure{3}}, memory.number()));
  CHECK(pair.first->send({Role::supervisor, Role::vrrp, Configure{4}}));
  pair.poll();
  CHECK(pair.received.size() == 2);
  REQUIRE(pair.descriptors.size() == 1);
  std::array<char, 8> text{};
  CHECK(::pread(pair.descriptors[0].number(), text.data(), text.size(), 0) == 5);
  CHECK(std::string(text.data()) == "hello");
  CHECK((::fcntl(pair.descriptors[0].number(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("what the socket does not take waits in order, with its descriptors") {
  Pair pair;
  const auto before = open_descriptors();
  const FileDescriptor memory(::memfd_create("test", MFD_CLOEXEC));
  constexpr std::uint64_t kMany = 20000;
  for (std::uint64_t i = 0; i < kMany; ++i)
    REQUIRE(pair.first->send(configured(i), i == kMany - 1 ? memory.number() : -1));
  CHECK(pair.first->queued() > 0);
  pair.poll();
  CHECK(pair.first->queued() == 0);
  REQUIRE(pair.received.size() == kMany);
  bool in_order = true;
  for (std::uint64_t i = 0; i < kMany; ++i)
    in_order = in_order && pair.received[i] == configured(i);
  CHECK(in_order);
  CHECK(pair.descriptors.size() == 1);
  pair.descriptors.clear();
  CHECK(open_descriptors() == before + 1);
}

TEST_CASE("the last words are waited for, but not for ever") {
  Pair pair;
  for (std::uint64_t i = 0; i < 2000; ++i)
    REQUIRE(pair.first->send(configured(i)));
  REQUIRE(pair.first->queued() > 0);
  SUBCASE("nobody reads") {
    pair.first->flush(std::chrono::milliseconds{20});
    CHECK(pair.first->queued() > 0);
  }
  SUBCASE("somebody reads") {
    std::thread reader([&] {
      while (pair.received.size() < 2000 && pair.second->is_open())
        pair.second->drain();
    });
    pair.first->flush(std::chrono::seconds{20});
    CHECK(pair.first->queued() == 0);
    reader.join();
    CHECK(pair.received.size() == 2000);
  }
  SUBCASE("nobody is left") {
    pair.second.reset();
    pair.first->flush(std::chrono::seconds{20});
    CHECK(pair.first->queued() == 0);
  }
}

TEST_CASE("a reader that is hung is told apart: the queue has an end") {
  Pair pair;
  Verdict verdict;
  verdict.reason.assign(kMaxReason, 'r');
  const Envelope envelope{Role::checkers, Role::ipvs, verdict};
  Result<void> result;
  std::size_t sent = 0;
  while (result && sent < 200'000) {
    result = pair.first->send(envelope);
    if (result) ++sent;
  }
  REQUIRE_FALSE(result);
  CHECK(result.error().message.find("queue is full") != std::string::npos);
  CHECK(sent >= 50'000);
  CHECK(pair.first->queued() <= Channel::kMaxQueued);
  pair.second->drain();
  pair.first->flush(std::chrono::milliseconds{0});
  pair.io.poll_one();
  CHECK(pair.first->send(envelope));  // as soon as it reads again
}

TEST_CASE("the other end's end is told once, after what it had sent") {
  Pair pair;
  CHECK(pair.first->send(configured(1)));
  pair.raw.reset();
  pair.first.reset();
  pair.poll();
  CHECK(pair.received.size() == 1);
  REQUIRE(pair.closed.size() == 1);
  CHECK(pair.closed[0].empty());
  CHECK_FALSE(pair.second->is_open());
  CHECK_FALSE(pair.second->send(configured(2)));
}

TEST_CASE("the last words of an end that closed without reading are heard") {
  Pair pair;
  CHECK(pair.second->send({Role::supervisor, Role::vrrp, Stop{}}));  // never read
  CHECK(pair.first->send(configured(7)));
  CHECK(pair.first->send(configured(8)));
  pair.raw.reset();
  pair.first.reset();
  SUBCASE("by the loop") {
    pair.poll();
  }
  SUBCASE("at once") {
    pair.second->drain();
  }
  CHECK(pair.received == std::vector<Envelope>{configured(7), configured(8)});
  CHECK(pair.closed.size() == 1);
}

TEST_CASE("drain handles at once what is there and leaves the channel open") {
  Pair pair;
  CHECK(pair.first->send(configured(1)));
  pair.second->drain();
  CHECK(pair.received.size() == 1);
  CHECK(pair.closed.empty());
  CHECK(pair.first->send(configured(2)));
  pair.poll();
  CHECK(pair.received.size() == 2);
}

TEST_CASE("malformed messages close the channel") {
  const auto before = open_descriptors();
  {
    Pair pair;
    std::vector<char> bytes;
    SUBCASE("nonsense") {
      bytes = {'n', 'o', 'n', 's'};
    }
    SUBCASE("too long") {
      bytes.assign(kMaxMessage + 1, '\1');
    }
    SUBCASE("empty") {}
    CHECK(::send(pair.raw.number(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    CHECK(pair.first->send(configured(1)));
    pair.poll();
    CHECK(pair.received.empty());
    REQUIRE(pair.closed.size() == 1);
    CHECK((pair.closed[0].empty()) == bytes.empty());
  }
  {
    Pair pair;
    std::array<int, 2> pipes{};
    REQUIRE(::pipe(pipes.data()) == 0);
    const FileDescriptor first(pipes[0]);
    const FileDescriptor second(pipes[1]);
    const auto bytes = encode(configured(1));
    REQUIRE(bytes);
    auto copy = *bytes;
    iovec data{copy.data(), copy.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(2 * sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(2 * sizeof(int));
    std::memcpy(CMSG_DATA(header), pipes.data(), 2 * sizeof(int));
    REQUIRE(::sendmsg(pair.raw.number(), &message, 0) > 0);
    pair.poll();
    CHECK(pair.received.empty());
    CHECK(pair.closed.size() == 1);
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("a channel may be destroyed from its own handlers and before its waits are over") {
  asio::io_context io;
  auto ends = make_channel_pair();
  REQUIRE(ends);
  Channel sender(io, std::move(ends->first));
  auto receiver = std::make_unique<Channel>(io, std::move(ends->second));
  int received = 0;
  Channel::Handlers handlers;
  handlers.closed = [](const std::string&) { FAIL("nothing is told afterwards"); };
  SUBCASE("while it receives") {
    handlers.received = [&](const Envelope&, FileDescriptor) {
      ++received;
      receiver.reset();
    };
    receiver->start(std::move(handlers));
    CHECK(sender.send(configured(1)));
    CHECK(sender.send(configured(2)));
    io.poll();
    CHECK(received == 1);
  }
  SUBCASE("when a message has made it ready") {
    handlers.received = [&](const Envelope&, FileDescriptor) { ++received; };
    receiver->start(std::move(handlers));
    CHECK(sender.send(configured(1)));
    receiver.reset();
    io.poll();
    CHECK(received == 0);
  }
  SUBCASE("by another that takes its place") {
    handlers.received = [&](const Envelope&, FileDescriptor) { ++received; };
    receiver->start(std::move(handlers));
    CHECK(sender.send(configured(1)));
    auto others = make_channel_pair();
    REQUIRE(others);
    *receiver = Channel(io, std::move(others->first));
    io.poll();
    CHECK(received == 0);
  }
}
