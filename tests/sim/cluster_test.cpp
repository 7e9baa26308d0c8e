// Whole clusters: thousands of drawn ones, and a few written by hand whose course is known.
#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

#include "sim/story.hpp"

using namespace baton;
using namespace baton::vrrp;
using namespace baton::vrrp::sim;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t kSeeds = 1200;

std::optional<std::uint64_t> number_of(const char* variable) {
  const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): one thread
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::strtoull(value, nullptr, 10);
}

/// What a run that broke a promise comes down to.
std::string least_story(const World& world) {
  const auto least = shrunk(world.scenario(), world.options(), *world.broken());
  return story(least, world.options(), 80);
}

}  // namespace

TEST_CASE("drawn clusters keep all promises") {
  if (const auto seed = number_of("BATON_SIM_SEED")) {
    const auto scenario = random_scenario(*seed);
    MESSAGE(story(scenario, {}, 1'000'000));
    CHECK(World(scenario, {}).run() == "");
    return;
  }
  const auto seeds = number_of("BATON_SIM_SEEDS").value_or(kSeeds);
  Statistics all;
  Duration simulated{};
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    World world(random_scenario(seed), {});
    const auto broken = world.run();
    all.add(world.statistics());
    simulated += world.now() - Instant{};
    INFO("repeat with BATON_SIM_SEED=", seed, "; with the least faults:\n", broken.empty() ? "" : least_story(world));
    REQUIRE(broken == "");
  }
  MESSAGE(seeds, " clusters, ", simulated / 1h, " hours, ", all.events, " events: ", all.packets, " advertisements, ",
          all.takeovers, " takeovers, ", all.yields, " masters that yielded, ", all.resignations, " resignations, ",
          all.adoptions, " adoptions, ", all.leases_run_out, " leases run out, ", all.group_orders,
          " orders in groups, ", all.priorities, " other priorities, ", all.faults, " faults, ", all.refused,
          " damaged packets refused, longest split ", std::chrono::duration<double>(all.longest_split).count(), " s");
  if (seeds < 100) return;
  // What never happens proves nothing.
  CHECK(all.takeovers > seeds);
  CHECK(all.yields > seeds / 10);
  CHECK(all.resignations > seeds / 10);
  CHECK(all.adoptions > seeds / 20);
  CHECK(all.leases_run_out > seeds / 20);
  CHECK(all.group_orders > seeds);
  CHECK(all.priorities > seeds);
  CHECK(all.faults > seeds / 2);
  CHECK(all.refused > seeds);
  CHECK(all.longest_split > 500ms);
}

TEST_CASE("the same seed is the same run") {
  std::uint64_t last = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    World one(random_scenario(seed), {}), two(random_scenario(seed), {});
    CHECK(one.run() == two.run());
    CHECK(one.fingerprint() == two.fingerprint());
    CHECK(one.fingerprint() != last);
    last = one.fingerprint();
  }
}

TEST_CASE("start: the stronger is active after its down interval, the other stays backup") {
  for (const auto version : {Version::v2, Version::v3}) {
    World world(pair(version), {.trace = true});
    CHECK(world.run() == "");
    CHECK(within(entered(world, 0, State::active), 3609375us, 3611ms));
    CHECK(!entered(world, 1, State::active));
    CHECK(world.statistics().takeovers == 1);
  }
}

TEST_CASE("a wanted stop: the backup is active after its skew time") {
  auto scenario = pair();
  scenario.faults = {fault(Fault::Kind::stop, 0, 20s, 30s)};
  World world(scenario, {.trace = true});
  CHECK(world.run() == "");
  CHECK(within(entered(world, 1, State::active), 20s + 804687us, 20s + 804687us + 4ms));
  // Back again, it preempts after its own down interval, and the other yields at once.
  CHECK(within(entered(world, 0, State::active), 33609375us, 33611ms));
  CHECK(within(entered(world, 1, State::backup), 33609375us, 33614ms));
}

TEST_CASE("a killed director: succeeded after the down interval, its lease runs out") {
  auto scenario = pair();
  scenario.faults = {fault(Fault::Kind::crash, 0, 20s, 40s)};
  World world(scenario, {.trace = true});
  CHECK(world.run() == "");
  // The last advertisement was sent at 19.61 s; 3 s + (256 - 50) / 256 s after it.
  CHECK(within(entered(world, 1, State::active), 23414ms, 23422ms));
  CHECK(world.statistics().leases_run_out == 1);
}

TEST_CASE("a killed role that is restarted at once: adopted, no takeover") {
  for (const auto gap : {5ms, 100ms, 900ms, 2500ms}) {
    auto scenario = pair(Version::v3);
    scenario.faults = {fault(Fault::Kind::crash, 0, 20s, 20s + gap)};
    World world(scenario, {.trace = true});
    CHECK(world.run() == "");
    CHECK(world.statistics().adoptions == 1);
    CHECK(world.statistics().takeovers == 1);  // that of the start
    CHECK(!entered(world, 1, State::active));
  }
}

TEST_CASE("a backup that stalled for long reads first and takes nothing over") {
  for (const auto gap : {500ms, 4000ms, 20000ms}) {
    auto scenario = pair();
    scenario.faults = {fault(Fault::Kind::stall, 1, 20s, 20s + gap)};
    World world(scenario, {.trace = true});
    CHECK(world.run() == "");
    CHECK(!entered(world, 1, State::active));
  }
}

TEST_CASE("a master that stalled is succeeded; awake, it is master again and the switch knows") {
  auto scenario = pair();
  scenario.faults = {fault(Fault::Kind::stall, 0, 20s, 30s)};
  World world(scenario, {.trace = true});
  CHECK(world.run() == "");
  CHECK(within(entered(world, 1, State::active), 23414ms, 23422ms));
  CHECK(within(entered(world, 1, State::backup), 30s, 30s + 5ms));
  CHECK(world.instances()[0].active());
  CHECK(world.switch_points_to(0) == 0);
}

TEST_CASE("a healed partition: the weaker yields within an interval") {
  auto scenario = pair();
  auto cut = fault(Fault::Kind::partition, 0, 20s, 30s);
  cut.side = 1;
  scenario.faults = {cut};
  World world(scenario, {.trace = true});
  CHECK(world.run() == "");
  CHECK(entered(world, 1, State::active));
  CHECK(within(entered(world, 1, State::backup), 30s, 31s + 5ms));
  CHECK(world.instances()[0].active());
}

TEST_CASE("an interface that goes down and up: fault, takeover after silence, back after the down interval") {
  auto scenario = pair();
  scenario.faults = {fault(Fault::Kind::link, 0, 20s, 30s)};
  World world(scenario, {.trace = true});
  CHECK(world.run() == "");
  CHECK(within(entered(world, 0, State::fault), 20s, 20s));
  CHECK(within(entered(world, 1, State::active), 23414ms, 23422ms));  // the farewell never got out
  CHECK(within(entered(world, 0, State::active), 33609ms, 33611ms));
}

TEST_CASE("nopreempt: who comes back stays backup") {
  auto scenario = pair();
  scenario.directors[0].preempt_mode = false;
  scenario.faults = {fault(Fault::Kind::stop, 0, 20s, 25s)};
  World world(scenario, {.trace = true});
  CHECK(world.run() == "");
  CHECK(world.instances()[1].active());
}

TEST_CASE("preempt_delay: who comes back preempts after delay and down interval") {
  auto scenario = pair();
  scenario.directors[0].preempt_delay = 4500ms;
  scenario.faults = {fault(Fault::Kind::stop, 0, 20s, 25s)};
  World world(scenario, {.trace = true});
  CHECK(world.run() == "");
  // The other advertises from 20.805 s every second; heard first at 25.805, endured until 30.305, last at 29.805.
  CHECK(within(entered(world, 0, State::active), 29804687us + 3609375us, 29804687us + 3609375us + 10ms));
}

TEST_CASE("equal priorities: the higher address wins, and only once") {
  auto scenario = pair();
  scenario.directors[1].priority = 100;
  World world(scenario, {.trace = true});
  CHECK(world.run() == "");
  CHECK(world.instances()[1].active());
  CHECK(world.statistics().yields <= 1);
}

TEST_CASE("by unicast and over IPv6 a cluster does the same: killed, back, preempted") {
  for (const auto version : {Version::v2, Version::v3}) {
    std::optional<Duration> first;
    for (const auto family : {Family::ipv4, Family::ipv6})
      for (const bool is_unicast : {false, true}) {
        if (family == Family::ipv6 && version == Version::v2) continue;
        auto scenario = pair(version);
        scenario.family = family;
        scenario.is_unicast = is_unicast;
        if (family == Family::ipv6)
          for (std::uint8_t i = 0; i < 2; ++i)
            scenario.directors[i].primary_address = *IpAddress::parse(i == 0 ? "fe80::1" : "fe80::2");
        scenario.faults = {fault(Fault::Kind::crash, 0, 20s, 40s)};
        World world(scenario, {.trace = true});
        CHECK(world.run() == "");
        CHECK(world.instances()[0].active());
        const auto taken_over = entered(world, 1, State::active);
        CHECK(within(taken_over, 22s, 25s));
        if (!first) first = taken_over;
        CHECK(within(taken_over, *first - 10ms, *first + 10ms));
      }
  }
}

TEST_CASE("down_timer_adverts: the lease lasts as long as the others wait") {
  auto scenario = pair();
  for (auto& params : scenario.directors)
    params.down_timer_adverts = 6;
  scenario.faults = {fault(Fault::Kind::stall, 0, 20s, 24500ms)};
  World world(scenario, {.trace = true});
  CHECK(world.run() == "");
  CHECK_FALSE(entered(world, 1, State::active));  // the stall was shorter
  scenario.faults = {fault(Fault::Kind::crash, 0, 20s, 50s)};
  World killed(scenario, {.trace = true});
  CHECK(killed.run() == "");
  CHECK(within(entered(killed, 1, State::active), 25s, 28s));
}
