#include "daemon/role.hpp"

#include <csignal>
#include <optional>

#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/sealed_text.hpp"
#include "unit/daemon/temporary.hpp"

using namespace baton;
using namespace baton::daemon;

namespace {

constexpr const char* kServices = R"(virtual_server 192.0.2.10 80 {
  protocol TCP
  real_server 192.0.2.20 80 {
    weight 1
  }
}
)";

/// A role in this process, and the supervisor's end of its channel.
struct Bench {
  boost::asio::io_context io;
  Options options;
  std::optional<Channel> supervisor;
  std::optional<RoleContext> role;
  std::vector<Envelope> heard;
  std::vector<std::string> happened;

  Bench() {
    auto ends = make_channel_pair();
    REQUIRE(ends);
    supervisor.emplace(io, std::move(ends->first));
    Channel::Handlers handlers;
    handlers.received = [this](const Envelope& envelope, FileDescriptor) { heard.push_back(envelope); };
    handlers.closed = [](const std::string&) {};
    supervisor->start(std::move(handlers));
    role.emplace(Role::checkers, io, std::move(ends->second), options);
  }
  void configure(std::uint64_t generation, const std::string& text) {
    const auto memory = seal_text(text);
    REQUIRE(memory);
    REQUIRE(supervisor->send({Role::supervisor, Role::checkers, Configure{generation}}, memory->number()));
  }
  void say(const Message& message, Role from = Role::supervisor) {
    REQUIRE(supervisor->send({from, Role::checkers, message}));
  }
  RoleContext::Handlers handlers() {
    RoleContext::Handlers made;
    made.configure = [this](std::uint64_t generation, const config::Config& config) {
      happened.push_back("configure " + std::to_string(generation) + " " +
                         std::to_string(config.virtual_servers.size()));
    };
    made.message = [this](const Envelope& envelope) {
      happened.push_back(std::string(name(envelope.message)) + " " + std::string(name(envelope.from)));
    };
    made.stop = [this](StopReason reason) {
      happened.emplace_back(reason == StopReason::asked ? "stop asked" : "stop died");
      role->finish(reason == StopReason::asked ? 0 : 9);
    };
    return made;
  }
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a role is configured, told and stopped, in this order") {
  Bench bench;
  bench.configure(1, kServices);
  bench.say(RoleStarted{Role::ipvs});
  bench.say(Verdict{}, Role::ipvs);
  bench.configure(2, "");
  bench.say(Stop{});
  bench.say(RoleStarted{Role::vrrp});  // after the end of everything
  CHECK(bench.role->run(bench.handlers()) == 0);
  CHECK(bench.happened ==
        Words{"configure 1 1", "RoleStarted supervisor", "Verdict ipvs", "configure 2 0", "stop asked"});
}

TEST_CASE("a supervisor that dies stops its role") {
  Bench bench;
  bench.configure(1, kServices);
  bench.supervisor.reset();
  CHECK(bench.role->run(bench.handlers()) == 9);
  CHECK(bench.happened == Words{"configure 1 1", "stop died"});
}

TEST_CASE("TERM stops a role, once") {
  Bench bench;
  bench.configure(1, kServices);
  auto handlers = bench.handlers();
  const auto configure = handlers.configure;
  handlers.configure = [&](std::uint64_t generation, const config::Config& config) {
    configure(generation, config);
    ::kill(::getpid(), SIGTERM);
  };
  handlers.stop = [&](StopReason reason) {
    bench.happened.emplace_back(reason == StopReason::asked ? "stop asked" : "stop died");
    ::kill(::getpid(), SIGTERM);
    boost::asio::post(bench.io, [&] { bench.say(Stop{}); });
    const auto timer = std::make_shared<boost::asio::steady_timer>(bench.io, std::chrono::milliseconds{30});
    timer->async_wait([&, timer](const boost::system::error_code&) { bench.role->finish(3); });
  };
  CHECK(bench.role->run(handlers) == 3);
  CHECK(bench.happened == Words{"configure 1 1", "stop asked"});
}

TEST_CASE("when TERM comes because the supervisor died, that is the reason") {
  Bench bench;
  bench.configure(1, kServices);
  auto handlers = bench.handlers();
  const auto configure = handlers.configure;
  handlers.configure = [&](std::uint64_t generation, const config::Config& config) {
    configure(generation, config);
    bench.supervisor.reset();
    ::kill(::getpid(), SIGTERM);
  };
  CHECK(bench.role->run(handlers) == 9);
}

TEST_CASE("what a role says arrives, its last words too") {
  Bench bench;
  bench.configure(5, kServices);
  bench.say(Stop{});
  auto handlers = bench.handlers();
  handlers.configure = [&](std::uint64_t generation, const config::Config&) { bench.role->configured(generation); };
  handlers.stop = [&](StopReason) {
    Verdict verdict;
    verdict.reason = "last";
    bench.role->send(Role::ipvs, verdict);
    bench.role->finish();
  };
  CHECK(bench.role->run(handlers) == 0);
  bench.supervisor->drain();
  REQUIRE(bench.heard.size() == 2);
  CHECK(bench.heard[0] == Envelope{Role::checkers, Role::supervisor, Configured{5}});
  CHECK(bench.heard[1].to == Role::ipvs);
  CHECK(std::get<Verdict>(bench.heard[1].message).reason == "last");
}

TEST_CASE("a configuration that cannot be read ends the role") {
  Bench bench;
  bench.say(Configure{1});  // without its text
  CHECK(bench.role->run(bench.handlers()) == kExitInternal);
  CHECK(bench.happened.empty());
}

TEST_CASE("a bug in a coroutine leaves run() as an exception") {
  Bench bench;
  bench.configure(1, kServices);
  auto handlers = bench.handlers();
  handlers.configure = [&](std::uint64_t, const config::Config&) {
    boost::asio::post(bench.io, [] { RoleContext::rethrow(std::make_exception_ptr(std::runtime_error("bug"))); });
  };
  CHECK_THROWS_AS(bench.role->run(handlers), std::runtime_error);
  RoleContext::rethrow(nullptr);
}
