#include "daemon/pool_configuration.hpp"

#include <doctest/doctest.h>

#include "unit/daemon/planned_checks.hpp"

using namespace std::chrono_literals;
using namespace baton;
using namespace baton::daemon;

namespace {

config::Config with_pool(std::initializer_list<const char*> names) {
  config::Config config;
  auto web = service("192.0.2.1", 80);
  for (const auto* name : names) {
    config::RealServerPool pool;
    pool.source.name = name;
    pool.source.record = config::PoolRecord::a;
    pool.server.port = 80;
    web.real_server_pools.push_back(pool);
  }
  config.virtual_servers = {web};
  return config;
}

PoolAnswer answer(const char* name, std::initializer_list<const char*> addresses) {
  PoolAnswer answer{{name, config::PoolRecord::a, Family::ipv4, std::nullopt}, {}};
  for (const auto* each : addresses)
    answer.servers.push_back({address(each), 0, 0});
  return answer;
}

/// Notes how many real servers were put into force.
struct Applied {
  std::vector<std::pair<std::uint64_t, std::size_t>> log;
  PoolConfiguration::Apply note() {
    return [this](std::uint64_t generation, const config::Config& config) {
      log.emplace_back(generation, config.virtual_servers.at(0).real_servers.size());
    };
  }
};
using Log = std::vector<std::pair<std::uint64_t, std::size_t>>;

}  // namespace

TEST_CASE("an answer that comes before the configuration is in it") {
  boost::asio::io_context io;
  Applied applied;
  PoolConfiguration pools(io, applied.note());
  pools.on_answer(answer("web", {"10.0.0.1", "10.0.0.2"}));
  pools.configure(1, with_pool({"web"}));
  CHECK(pools.is_complete());
  io.run_for(50ms);
  CHECK(applied.log == Log{{1, 2}});
}

TEST_CASE("answers that come together are applied once, and those that change nothing never") {
  boost::asio::io_context io;
  Applied applied;
  PoolConfiguration pools(io, applied.note());
  pools.configure(1, with_pool({"web", "more"}));
  CHECK_FALSE(pools.is_complete());
  pools.on_answer(answer("web", {"10.0.0.1"}));
  CHECK_FALSE(pools.is_complete());
  pools.on_answer(answer("more", {"10.0.0.2", "10.0.0.3"}));
  CHECK(pools.is_complete());
  io.run_for(100ms);
  io.restart();
  pools.on_answer(answer("web", {"10.0.0.1"}));
  io.run_for(100ms);
  CHECK(applied.log == Log{{1, 0}, {1, 3}});
}

TEST_CASE("what waits can be applied at once") {
  boost::asio::io_context io;
  Applied applied;
  PoolConfiguration pools(io, applied.note());
  pools.configure(1, with_pool({"web"}));
  pools.flush();
  CHECK(applied.log == Log{{1, 0}});
  pools.on_answer(answer("web", {"10.0.0.1"}));
  pools.flush();
  CHECK(applied.log == Log{{1, 0}, {1, 1}});
  io.run_for(100ms);
  CHECK(applied.log.size() == 2);
}

TEST_CASE("a reload keeps the answers that are still asked for, and forgets the others") {
  boost::asio::io_context io;
  Applied applied;
  PoolConfiguration pools(io, applied.note());
  pools.configure(1, with_pool({"web", "more"}));
  pools.on_answer(answer("web", {"10.0.0.1"}));
  pools.on_answer(answer("more", {"10.0.0.2"}));
  pools.configure(2, with_pool({"web"}));
  CHECK(pools.answers().size() == 1);
  pools.configure(3, with_pool({"web", "more"}));
  CHECK_FALSE(pools.is_complete());
  pools.configure(4, with_pool({}));
  CHECK(pools.is_complete());
  CHECK(pools.answers().empty());
  io.run_for(100ms);
  CHECK(applied.log == Log{{1, 0}, {2, 1}, {3, 1}, {4, 0}});
}
