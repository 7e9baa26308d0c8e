#include "net/prober.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include "net/prober_pool.hpp"
#include "unit/net/check_server.hpp"

using namespace baton;
using namespace baton::net;
using namespace baton::test;
using namespace std::chrono_literals;
using checkers::CheckSpec;
using checkers::Outcome;
using checkers::Verdict;
namespace asio = boost::asio;

namespace {

CheckSpec quick_check(const checkers::Endpoint& to) {
  CheckSpec spec;
  spec.target.to = to;
  spec.schedule.delay_loop = 40ms;
  spec.schedule.delay_before_retry = 10ms;
  spec.schedule.connect_timeout = 200ms;
  spec.schedule.warmup = 0s;
  spec.schedule.retry = 2;
  return spec;
}

CheckSpec quick_http(const checkers::Endpoint& to, const std::vector<std::string>& paths, bool tls = false) {
  auto spec = quick_check(to);
  checkers::HttpSpec http;
  http.tls = tls;
  for (const auto& path : paths) {
    checkers::UrlSpec url;
    url.path = path;
    url.status_codes = {checkers::StatusRange{}};
    http.urls.push_back(url);
  }
  spec.what = http;
  return spec;
}

/// A loop, what probers need of it, and all they have reported.
struct Bench {
  struct Entry {
    CheckId id;
    ProbeReport report;
    Instant at;
  };

  asio::io_context io{1};
  std::vector<Entry> log;
  std::function<void(const Entry&)> also = [](const Entry&) {};
  ProberTools::OnResult on_result = [this](CheckId id, const ProbeReport& report) {
    log.push_back({id, report, Clock::now()});
    also(log.back());
  };
  std::shared_ptr<TlsContext> tls = TlsContext::create().value();
  ProberTools tools{.agenda{io.get_executor(), Alarms::Stall::counts},
                    .deadlines{io.get_executor(), Alarms::Stall::forgiven},
                    .sockets = Readiness(io.get_executor()),
                    .tls = TlsContexts(tls),
                    .nonces = std::mt19937_64(1),
                    .on_result = std::make_shared<const ProberTools::OnResult>(on_result)};
  std::vector<std::unique_ptr<Prober>> probers;  // outside any pool: without a pool's first second

  Bench() = default;
  ~Bench() = default;
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  Prober& begin(Check check, Instant first = Clock::now()) {
    probers.push_back(std::make_unique<Prober>(tools, std::move(check)));
    probers.back()->begin(first);
    return *probers.back();
  }

  std::unique_ptr<ProberPool> new_pool() { return std::make_unique<ProberPool>(io.get_executor(), tls, 1, on_result); }

  /// Runs until `count` reports have come in all, or `limit` has passed.
  bool wait(std::size_t count, Duration limit = 10s) {
    const Instant end = Clock::now() + limit;
    while (log.size() < count && Clock::now() < end)
      io.run_one_until(end);
    return log.size() >= count;
  }

  /// One letter per report, upper case when the verdict changed: u d, or l for local trouble.
  [[nodiscard]] std::string story(CheckId id) const {
    std::string letters;
    for (const auto& [whose, report, at] : log) {
      if (whose != id) continue;
      const char letter = report.outcome == Outcome::local_trouble ? 'l' : report.verdict == Verdict::up ? 'u' : 'd';
      letters += static_cast<char>(report.changed ? letter - 'a' + 'A' : letter);
    }
    return letters;
  }
};

constexpr CheckId kOne{1};
constexpr CheckId kTwo{2};

Check check(CheckId id, CheckSpec spec, Verdict initial = Verdict::up, bool known = false) {
  return Check{.id = id, .spec = std::move(spec), .initial = initial, .known = known};
}

}  // namespace

TEST_CASE("a server goes down, is retried, and comes back") {
  std::atomic<bool> good = true;
  CheckServer server([&](Connection& connection) {
    connection.read_request();
    connection.write(good ? "HTTP/1.0 200 OK\r\n\r\n" : "HTTP/1.0 503 no\r\n\r\n");
  });
  Bench bench;
  bench.begin(check(kOne, quick_http(server.endpoint(), {"/"})));
  REQUIRE(bench.wait(2));
  good = false;
  REQUIRE(bench.wait(6));
  good = true;
  REQUIRE(bench.wait(9));
  CHECK(bench.story(kOne).substr(0, 9) == "uuuuDddUu");  // two retries; one URL, so two passes to come back
  CHECK(bench.log[0].report.first);
  CHECK_FALSE(bench.log[1].report.first);
  CHECK(bench.log[2].report.confirming);
  CHECK(bench.log[3].report.confirming);
  CHECK_FALSE(bench.log[4].report.confirming);
  CHECK(bench.log[4].report.reason == "status 503, wanted 200-299");
  CHECK(bench.log[8].report.reason == "status 200");
  // The retries were spaced as written, from the end of one attempt to the start of the next.
  CHECK(bench.log[3].at - bench.log[2].at >= 10ms);
  CHECK(bench.log[4].at - bench.log[3].at >= 10ms);
}

TEST_CASE("a server that answers later than latency_limit has failed") {
  CheckServer server([](Connection& connection) {
    connection.read_request();
    connection.pause(60ms);
    connection.write("HTTP/1.0 200 OK\r\n\r\n");
  });
  auto spec = quick_http(server.endpoint(), {"/"});
  spec.schedule.latency_limit = 30ms;
  Bench bench;
  bench.begin(check(kOne, spec));
  REQUIRE(bench.wait(1));
  CHECK(bench.story(kOne).starts_with("D"));
  CHECK(bench.log[0].report.reason.starts_with("status 200, but only after "));
}

TEST_CASE("a certificate that expires soon is warned of in one report a day") {
  TlsServer tls(TLS1_3_VERSION);
  CheckServer server(tls.answers("HTTP/1.0 200 OK\r\n\r\n"));
  auto spec = quick_http(server.endpoint(), {"/"});
  auto& http = std::get<checkers::HttpSpec>(spec.what);
  http.tls = true;
  checkers::TlsSpec watching;
  watching.expire_within = 14 * 24h;
  http.tls_options = Shared(watching);
  Bench bench;
  bench.begin(check(kOne, spec));
  REQUIRE(bench.wait(3));
  CHECK(bench.log[0].report.outcome == Outcome::passed);
  CHECK(bench.log[0].report.warning.starts_with("the certificate expires in "));
  CHECK(bench.log[1].report.warning.empty());
  CHECK(bench.log[2].report.warning.empty());
  CHECK(bench.log[2].report.resumed);
}

TEST_CASE("the very first failure counts at once") {
  Bench bench;
  bench.begin(check(kOne, quick_check(refusing_endpoint())));
  REQUIRE(bench.wait(1));
  CHECK(bench.story(kOne) == "D");
  CHECK(bench.log[0].report.first);
  CHECK(bench.log[0].report.reason == "connection refused");
}

TEST_CASE("a verdict of a former process is kept until it is disproved") {
  const auto nobody = refusing_endpoint();
  CheckServer server([](Connection& connection) { connection.hold(); });
  Bench bench;
  bench.begin(check(kOne, quick_check(nobody), Verdict::up, true));
  const auto& back = bench.begin(check(kTwo, quick_check(server.endpoint()), Verdict::down, true));
  REQUIRE(bench.wait(5));
  CHECK(bench.story(kOne).substr(0, 3) == "uuD");
  CHECK(bench.story(kTwo).substr(0, 1) == "U");
  CHECK_FALSE(bench.log[0].report.first);
  CHECK(back.health().verdict() == Verdict::up);
}

TEST_CASE("local trouble is reported and changes nothing") {
  CheckServer server([](Connection& connection) { connection.hold(); });
  auto spec = quick_check(server.endpoint());
  spec.target.from = checkers::Endpoint{IpAddress::v4({192, 0, 2, 99}), 0};
  Bench bench;
  const auto& prober = bench.begin(check(kOne, spec));
  REQUIRE(bench.wait(3));
  CHECK(bench.story(kOne) == "lll");
  CHECK(bench.log[2].at - bench.log[0].at >= 50ms);  // delay_loop, not delay_before_retry, though the first may be late
  CHECK_FALSE(prober.health().known());
}

TEST_CASE("URLs take turns over the wire") {
  std::vector<std::string> asked;
  CheckServer server([&](Connection& connection) {
    const auto request = connection.read_request();
    const auto path = request.substr(4, request.find(' ', 4) - 4);
    asked.push_back(path);
    connection.write(path == "/b" && asked.size() < 4 ? "HTTP/1.0 404 no\r\n\r\n" : "HTTP/1.0 200 OK\r\n\r\n");
  });
  Bench bench;
  bench.begin(check(kOne, quick_http(server.endpoint(), {"/a", "/b", "/c"})));
  REQUIRE(bench.wait(8));
  const std::vector<std::string> expected{"/a", "/b", "/b", "/b", "/a", "/b", "/c", "/a"};
  asked.resize(8);
  CHECK(asked == expected);
  CHECK(bench.story(kOne).substr(0, 8) == "uDddddUu");
  CHECK(bench.log[1].report.reason == "GET /b: status 404, wanted 200-299");
}

TEST_CASE("TLS sessions are kept from probe to probe") {
  TlsServer tls(TLS1_3_VERSION);
  CheckServer server(tls.answers("HTTP/1.0 200 OK\r\n\r\n"));
  Bench bench;
  bench.begin(check(kOne, quick_http(server.endpoint(), {"/"}, true)));
  REQUIRE(bench.wait(20));
  CHECK_FALSE(bench.log[0].report.resumed);
  int resumed = 0;
  for (const auto& entry : bench.log)
    resumed += entry.report.resumed ? 1 : 0;
  CHECK(resumed == 19);
}

TEST_CASE("a period does not creep") {
  CheckServer server([](Connection& connection) { connection.hold(); });
  auto spec = quick_check(server.endpoint());
  spec.schedule.delay_loop = 10ms;
  Bench bench;
  const Instant start = Clock::now();
  bench.begin(check(kOne, spec), start);
  REQUIRE(bench.wait(101));
  // A busy machine makes some probes late and leaves slots out, but each is due a whole number of periods after the
  // first: of the last forty at least one was nearly on time.
  Duration least_late = 10ms;
  for (std::size_t i = 61; i < 101; ++i)
    least_late = std::min(least_late, (bench.log[i].at - start) % Duration(10ms));
  CHECK(least_late < 4ms);
}

TEST_CASE("replacing the checks keeps what has not changed and drops what has gone") {
  CheckServer server([](Connection& connection) { connection.hold(); });
  const auto nobody = refusing_endpoint();
  Bench bench;
  const auto pool = bench.new_pool();
  pool->replace({check(kOne, quick_check(nobody)), check(kTwo, quick_check(server.endpoint()))});
  CHECK(pool->health(kOne)->verdict() == Verdict::up);
  REQUIRE(bench.wait(6));
  REQUIRE(pool->health(kOne)->verdict() == Verdict::down);

  // The same again, in another order: in the old phase, not after a new first delay of 1 s.
  pool->replace({check(kTwo, quick_check(server.endpoint())), check(kOne, quick_check(nobody))});
  CHECK(pool->size() == 2);
  CHECK(pool->health(kOne)->verdict() == Verdict::down);
  Instant then = Clock::now();
  bench.log.clear();
  REQUIRE(bench.wait(4));
  CHECK(bench.story(kOne).starts_with("d"));
  CHECK(bench.log[3].at - then < 900ms);

  // Another specification starts anew, its neighbour goes on.
  auto changed = quick_check(nobody);
  changed.schedule.retry = 5;
  pool->replace({check(kOne, changed), check(kTwo, quick_check(server.endpoint()))});
  CHECK(pool->health(kOne)->verdict() == Verdict::up);
  CHECK_FALSE(pool->health(kOne)->known());
  CHECK(pool->health(kTwo)->known());

  // Gone.
  pool->replace({check(kTwo, quick_check(server.endpoint()))});
  CHECK(pool->health(kOne) == nullptr);
  CHECK(pool->size() == 1);
  bench.log.clear();
  REQUIRE(bench.wait(5));
  CHECK(bench.story(kOne).empty());
  CHECK(bench.story(kTwo) == "uuuuu");
}

TEST_CASE("a check that goes while its probe is under way reports no more") {
  CheckServer silent([](Connection& connection) { connection.hold(); });
  Bench bench;
  std::vector<std::unique_ptr<ProberPool>> pools;
  for (int i = 0; i < 3; ++i) {
    pools.push_back(bench.new_pool());
    pools.back()->replace({check(kOne, quick_http(silent.endpoint(), {"/"}))});
  }
  while (silent.accepted() < 3)
    bench.io.run_one_for(5ms);
  REQUIRE(bench.log.empty());
  pools[0]->replace({});
  pools[1].reset();
  bench.wait(1);
  CHECK(bench.log.size() == 1);  // the third, which times out
  bench.log.clear();
  while (silent.accepted() < 4)
    bench.io.run_one_for(5ms);
  pools.clear();
  // The loop goes with that probe still under way.
  CHECK(bench.log.empty());
}

TEST_CASE("whoever is told may replace the checks or destroy the pool") {
  CheckServer server([](Connection& connection) { connection.hold(); });
  Bench bench;
  auto replaced = bench.new_pool();
  auto destroyed = bench.new_pool();
  constexpr CheckId kThree{3};
  constexpr CheckId kFour{4};
  bench.also = [&](const Bench::Entry& entry) {
    if (entry.id == kOne) replaced->replace({check(kTwo, quick_check(server.endpoint()))});
    if (entry.id == kThree) destroyed.reset();
  };
  auto late = quick_check(server.endpoint());
  late.schedule.warmup = 300ms;  // the second half of it is the second's
  replaced->replace({check(kOne, quick_check(server.endpoint()))});
  destroyed->replace({check(kThree, quick_check(server.endpoint())), check(kFour, late)});
  REQUIRE(bench.wait(4));
  CHECK(bench.story(kOne) == "u");
  CHECK(bench.story(kTwo).starts_with("u"));
  CHECK(bench.story(kThree) == "u");
  CHECK(bench.story(kFour).empty());
  CHECK(destroyed == nullptr);
}

namespace {

/// How late this machine wakes a thread that does nothing else: what the loop cannot be better than.
class Jitter {
 public:
  Jitter() : watcher_([this](const std::stop_token& stop) { watch(stop); }) {}
  [[nodiscard]] Duration worst() const { return Duration(worst_.load()); }

 private:
  void watch(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const Instant due = Clock::now() + 5ms;
      std::this_thread::sleep_until(due);
      worst_ = std::max(worst_.load(), (Clock::now() - due).count());
    }
  }
  std::atomic<Duration::rep> worst_ = 0;
  std::jthread watcher_;
};

}  // namespace

TEST_CASE("a thousand checks at once are on time, and hostile ones among them disturb nobody") {
  CheckServer good(nullptr);
  CheckServer flood([](Connection& connection) {
    connection.read_request();
    connection.write("HTTP/1.0 200 OK\r\n\r\n");
    const std::string part(65536, 'x');
    while (connection.write(part)) {
    }
  });
  const FullListener silent;
  Bench bench;
  std::vector<Check> checks;
  constexpr std::size_t kChecks = 1000;
  for (std::size_t i = 0; i < kChecks; ++i) {
    auto spec = quick_check(i % 50 == 7 ? silent.endpoint() : good.endpoint());
    if (i == 500) spec = quick_http(flood.endpoint(), {"/"});
    spec.schedule.delay_loop = 600ms;
    spec.schedule.connect_timeout = 400ms;
    spec.schedule.warmup = 600ms;
    checks.push_back(check(CheckId{i}, spec));
  }
  const auto pool = bench.new_pool();
  const Jitter jitter;
  pool->replace(std::move(checks));
  // 1 s and the warm-up, then at least two periods; a busy machine gets more time, and no check may be left out.
  const auto probed_thrice = [&bench] {
    std::map<CheckId, int> counts;
    for (const auto& entry : bench.log)
      ++counts[entry.id];
    return std::ranges::count_if(counts, [](const auto& count) { return count.second >= 3; });
  };
  const Instant limit = Clock::now() + 20s;
  while (static_cast<std::size_t>(probed_thrice()) < kChecks && Clock::now() < limit)
    bench.io.run_for(250ms);
  std::map<CheckId, int> probes;
  Duration slowest{0};
  for (const auto& [id, report, at] : bench.log) {
    ++probes[id];
    const auto number = static_cast<std::size_t>(id);
    if (number % 50 == 7) {
      CHECK(report.outcome == Outcome::failed);
      CHECK(report.reason == "no connection within 0.4 s");
    } else if (number != 500) {
      CHECK(report.outcome == Outcome::passed);
      slowest = std::max(slowest, report.latency);
    }
  }
  CHECK(probes.size() == kChecks);
  int too_few = 0;
  for (const auto& [id, count] : probes)
    too_few += count < 3 ? 1 : 0;
  const auto milliseconds = [](Duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
  };
  MESSAGE("slowest good probe " << milliseconds(slowest) << " ms, the machine's own lateness up to "
                                << milliseconds(jitter.worst()) << " ms");
  CHECK(too_few == 0);
  if (jitter.worst() < 15ms)
    CHECK(slowest < 200ms);  // on a machine that has no time for its threads nothing is on time
}
