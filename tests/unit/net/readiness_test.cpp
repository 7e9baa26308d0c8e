#include "net/readiness.hpp"

#include <array>
#include <functional>
#include <memory>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include "net/file_descriptor.hpp"

using namespace baton;
using namespace baton::net;
using namespace std::chrono_literals;
using Need = Readiness::Need;

namespace {

/// One end of a pair of sockets, and who waits for it.
struct End final : Readiness::Watcher {
  explicit End(std::function<void(bool)> then) : told(std::move(then)) {
    std::array<int, 2> pair{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()) == 0);
    socket = FileDescriptor(pair[0]);
    peer = FileDescriptor(pair[1]);
  }
  void ready(bool in_error) override { told(in_error); }
  using Watcher::forget;
  void write() const { REQUIRE(::write(peer.number(), "x", 1) == 1); }
  void read() const {
    char octet = 0;
    REQUIRE(::read(socket.number(), &octet, 1) == 1);
  }

  std::function<void(bool)> told;
  FileDescriptor socket, peer;
};

}  // namespace

TEST_CASE("a socket is told of for as long as it is as needed, and for nothing else") {
  boost::asio::io_context io(1);
  Readiness sockets(io.get_executor());
  int told = 0;
  End end([&](bool in_error) {
    CHECK_FALSE(in_error);
    ++told;
  });
  CHECK(sockets.watch(end.socket.number(), Need::readable, end) == 0);
  io.run_for(10ms);
  CHECK(told == 0);
  end.write();
  io.run_one_for(1s);
  io.run_one_for(1s);
  CHECK(told == 2);  // nobody has read it
  end.read();
  io.run_for(10ms);
  CHECK(told == 2);
  CHECK(sockets.watch(end.socket.number(), Need::writable, end) == 0);
  io.run_one_for(1s);
  CHECK(told == 3);
  CHECK(sockets.watch(end.socket.number(), Need::readable, end) == 0);
  io.run_for(10ms);
  CHECK(told == 3);
}

TEST_CASE("a peer that has gone is an error, and a descriptor that is none is refused") {
  boost::asio::io_context io(1);
  Readiness sockets(io.get_executor());
  bool failed = false;
  End end([&](bool in_error) { failed = in_error; });
  CHECK(sockets.watch(end.socket.number(), Need::writable, end) == 0);
  end.peer.reset();
  io.run_one_for(1s);
  CHECK(failed);
  End none([](bool) {});
  CHECK(sockets.watch(-1, Need::readable, none) == EBADF);
}

TEST_CASE("whoever is told may end any other, and begin a new one on the same descriptor") {
  boost::asio::io_context io(1);
  Readiness sockets(io.get_executor());
  std::vector<std::unique_ptr<End>> ends;
  int told = 0;
  const auto end_all_others = [&](std::size_t self) {
    ++told;
    for (std::size_t i = 0; i < ends.size(); ++i)
      if (i != self) ends[i].reset();
    ends.push_back(std::make_unique<End>([&](bool) { FAIL("nothing has been written to it"); }));
    CHECK(sockets.watch(ends.back()->socket.number(), Need::readable, *ends.back()) == 0);
    ends[self]->read();
  };
  for (std::size_t i = 0; i < 100; ++i) {
    ends.push_back(std::make_unique<End>([&, i](bool) { end_all_others(i); }));
    CHECK(sockets.watch(ends[i]->socket.number(), Need::readable, *ends[i]) == 0);
    ends[i]->write();
  }
  io.run_for(50ms);
  CHECK(told == 1);
}

TEST_CASE("more sockets than are served together all have their turn") {
  boost::asio::io_context io(1);
  Readiness sockets(io.get_executor());
  std::vector<std::unique_ptr<End>> ends;
  int told = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    ends.push_back(std::make_unique<End>([&, i](bool) {
      ++told;
      ends[i]->read();
    }));
    CHECK(sockets.watch(ends[i]->socket.number(), Need::readable, *ends[i]) == 0);
    ends[i]->write();
  }
  for (int turn = 0; turn < 10 && told < 200; ++turn)
    io.run_one_for(1s);
  CHECK(told == 200);
}

TEST_CASE("whoever is told may destroy the waiting itself") {
  boost::asio::io_context io(1);
  auto sockets = std::make_unique<Readiness>(io.get_executor());
  std::vector<std::unique_ptr<End>> ends;
  int told = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    ends.push_back(std::make_unique<End>([&](bool) {
      ++told;
      for (auto& end : ends)
        end->forget();
      sockets.reset();
    }));
    CHECK(sockets->watch(ends[i]->socket.number(), Need::writable, *ends[i]) == 0);
  }
  io.run();  // ends: nobody waits any more
  CHECK(told == 1);
}
