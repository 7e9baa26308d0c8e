#include "daemon/pool_watch.hpp"

#include <doctest/doctest.h>

#include "unit/checkers/dns_messages.hpp"
#include "unit/daemon/planned_checks.hpp"
#include "unit/net/dns_server.hpp"

using namespace std::chrono_literals;
using namespace baton;
using namespace baton::daemon;

namespace {

using checkers::DnsMessage;
using checkers::DnsQuestion;

/// One name server, what it says, and what came of it.
struct Lab {
  boost::asio::io_context io;
  std::map<std::string, std::vector<std::string>> zone;  // name -> addresses
  bool is_silent = false;
  std::uint32_t ttl = 0;
  net::DnsServer dns{io, [this](const DnsQuestion& question) -> std::optional<std::string> {
                       if (is_silent) return std::nullopt;
                       DnsMessage message(question.name, static_cast<std::uint16_t>(question.type));
                       for (const auto& each : zone[question.name])
                         message.address(question.name, each, ttl);
                       return message.octets();
                     }};
  std::vector<PoolAnswer> answers;
  PoolWatch watch{io, [this](PoolAnswer answer) { answers.push_back(std::move(answer)); }};

  config::Config config(std::initializer_list<const char*> names, Duration min_ttl = 10ms, Duration max_ttl = 50ms) {
    config::Config config;
    auto web = service("192.0.2.1", 80);
    for (const auto* name : names) {
      config::RealServerPool pool;
      pool.source.name = name;
      pool.source.record = config::PoolRecord::a;
      pool.source.nameserver = config::Nameserver{address("127.0.0.1"), dns.port()};
      pool.source.min_ttl = min_ttl;
      pool.source.max_ttl = max_ttl;
      pool.source.resolve_timeout = 200ms;
      web.real_server_pools.push_back(pool);
    }
    config.virtual_servers = {web};
    return config;
  }

  template <class Until>
  bool run_until(Until until, Duration limit = 5s) {
    const auto end = Clock::now() + limit;
    while (!until() && Clock::now() < end) {
      io.run_one_for(50ms);
      io.restart();
    }
    return until();
  }
};

}  // namespace

TEST_CASE("an answer is told when it comes and when it changes, and not in between") {
  Lab lab;
  lab.zone["web.example"] = {"10.0.0.2", "10.0.0.1"};
  lab.watch.configure(lab.config({"web.example"}), {});
  REQUIRE(lab.run_until([&] { return lab.answers.size() == 1; }));
  CHECK(lab.answers[0].servers == std::vector<PoolServer>{{address("10.0.0.1"), 0, 0}, {address("10.0.0.2"), 0, 0}});
  const int before = lab.dns.asked();
  REQUIRE(lab.run_until([&] { return lab.dns.asked() >= before + 3; }));
  CHECK(lab.answers.size() == 1);
  lab.zone["web.example"] = {"10.0.0.2", "10.0.0.3"};
  REQUIRE(lab.run_until([&] { return lab.answers.size() == 2; }));
  CHECK(lab.answers[1].servers.back().address == address("10.0.0.3"));
}

TEST_CASE("an empty answer and a silent name server change nothing") {
  Lab lab;
  lab.zone["web.example"] = {"10.0.0.1"};
  lab.watch.configure(lab.config({"web.example"}), {});
  REQUIRE(lab.run_until([&] { return lab.answers.size() == 1; }));
  lab.zone.clear();
  int before = lab.dns.asked();
  REQUIRE(lab.run_until([&] { return lab.dns.asked() >= before + 2; }));
  lab.is_silent = true;
  before = lab.dns.asked();
  REQUIRE(lab.run_until([&] { return lab.dns.asked() >= before + 3; }));
  lab.is_silent = false;
  lab.zone["web.example"] = {"10.0.0.1"};
  before = lab.dns.asked();
  REQUIRE(lab.run_until([&] { return lab.dns.asked() >= before + 3; }));
  CHECK(lab.answers.size() == 1);
}

TEST_CASE("what is known already is told once, for others may know otherwise") {
  Lab lab;
  lab.zone["web.example"] = {"10.0.0.1"};
  const auto config = lab.config({"web.example"});
  const auto question = config::question_of(config.virtual_servers[0].real_server_pools[0].source);
  lab.watch.configure(config, {{question, {{address("10.0.0.1"), 0, 0}}}});
  REQUIRE(lab.run_until([&] { return lab.dns.asked() >= 3; }));
  CHECK(lab.answers.size() == 1);
}

TEST_CASE("a TTL is waited for, and a reload with the same pool does not ask anew") {
  Lab lab;
  lab.ttl = 3600;
  lab.zone["web.example"] = {"10.0.0.1"};
  lab.watch.configure(lab.config({"web.example"}, 10ms, 1h), {});
  REQUIRE(lab.run_until([&] { return lab.answers.size() == 1; }));
  lab.watch.configure(lab.config({"web.example"}, 10ms, 1h), {});
  CHECK_FALSE(lab.run_until([&] { return lab.dns.asked() > 1; }, 200ms));
  lab.watch.configure(lab.config({"web.example"}, 10ms, 50ms), {});
  CHECK(lab.run_until([&] { return lab.dns.asked() > 1; }));
}

TEST_CASE("a pool that leaves the configuration is asked for no more") {
  Lab lab;
  lab.zone["web.example"] = {"10.0.0.1"};
  lab.watch.configure(lab.config({"web.example"}), {});
  REQUIRE(lab.run_until([&] { return lab.dns.asked() >= 2; }));
  lab.watch.configure(lab.config({}), {});
  lab.run_until([] { return false; }, 50ms);
  const int before = lab.dns.asked();
  CHECK_FALSE(lab.run_until([&] { return lab.dns.asked() > before; }, 200ms));
}

TEST_CASE("many pools are asked for a few at a time, and all of them are") {
  Lab lab;
  config::Config config;
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i)
    names.push_back("web" + std::to_string(i));
  for (const auto& name : names) {
    lab.zone[name] = {"10.0.0.1"};
    auto one = lab.config({name.c_str()}, 1h, 2h);
    if (config.virtual_servers.empty())
      config = std::move(one);
    else
      config.virtual_servers[0].real_server_pools.push_back(one.virtual_servers[0].real_server_pools[0]);
  }
  lab.watch.configure(config, {});
  CHECK(lab.run_until([&] { return lab.answers.size() == 100; }));
  CHECK(lab.dns.asked() == 100);
}

TEST_CASE("what an answer has changed, in a line") {
  const PoolServer one{address("10.0.0.1"), 0, 0};
  const PoolServer two{address("10.0.0.2"), 8080, 5};
  const PoolServer heavier{address("10.0.0.2"), 8080, 9};
  const PoolServer six{address("2001:db8::1"), 80, 1};
  CHECK(difference({}, {one, two}) == "10.0.0.1 added, 10.0.0.2:8080 added");
  CHECK(difference({one, two}, {heavier, six}) == "10.0.0.1 gone, 10.0.0.2:8080 weight 5 -> 9, [2001:db8::1]:80 added");
  std::vector<PoolServer> many;
  for (std::uint32_t i = 1; i <= 20; ++i)
    many.push_back({IpAddress::v4(i), 0, 0});
  const auto text = difference(many, {});
  CHECK(text.ends_with("0.0.0.16 gone and 4 more"));
}
