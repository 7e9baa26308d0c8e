#include "sim/scenario.hpp"

#include <algorithm>

#include "sim/random.hpp"

namespace baton::vrrp::sim {

using namespace std::chrono_literals;

namespace {

constexpr int kTrouble = 40;  // intervals: how long faults may befall the cluster
constexpr int kQuiet = 30;    // intervals: delays of preemption and several takeovers in a row fit in

Duration longest_interval(const std::vector<Params>& directors) {
  Duration longest{};
  for (const auto& params : directors)
    longest = std::max(longest, params.advertisement_interval);
  return longest;
}

IpAddress address_of(Family family, unsigned number) {
  if (family == Family::ipv4) return IpAddress::v4(0x0a000000U + number);
  return IpAddress::v6({0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(number)});
}

/// keepalived's options of the election, each once in a while.
void draw_options(Params* params, Random* random) {
  params->down_timer_adverts = random->one_of({3U, 3U, 3U, 3U, 4U, 6U});
  params->higher_prio_send_advert = random->chance(100);
  params->lower_prio_no_advert = random->chance(100);
}

std::vector<Params> random_directors(Family family, Random* random) {
  const auto count = random->one_of({2U, 2U, 3U, 3U, 4U, 5U});
  const auto version = family == Family::ipv6 ? Version::v3 : random->one_of({Version::v2, Version::v2, Version::v3});
  const bool mixed_intervals = version == Version::v3 && random->chance(400);
  const bool mixed_preemption = random->chance(400);
  const auto common = version == Version::v2 ? random->one_of<Duration>({1s, 1s, 2s})
                                             : random->one_of<Duration>({50ms, 100ms, 1s, 1s, 2500ms});
  std::vector<Params> directors;
  for (unsigned i = 0; i < count; ++i) {
    Params params;
    params.primary_address = address_of(family, 1 + i);
    params.version = version;
    params.priority = random->one_of<Priority>({1, 50, 100, 100, 100, 150, 200, 254});
    if (random->chance(30)) params.priority = kOwnerPriority;
    params.start_active = params.priority == kOwnerPriority && random->chance(700);
    params.advertisement_interval = mixed_intervals ? random->one_of<Duration>({100ms, 200ms, 1s, 2500ms}) : common;
    if (mixed_preemption) {
      params.preempt_mode = random->chance(500);
      if (params.preempt_mode && random->chance(500)) params.preempt_delay = random->between(1ms, 4 * common);
    }
    draw_options(&params, random);
    directors.push_back(params);
  }
  return directors;
}

Params reloaded(Params params, Random* random) {
  if (params.start_active) return params;
  params.priority = random->one_of<Priority>({10, 60, 100, 120, 160, 210});
  params.preempt_mode = !random->chance(200);
  if (params.version == Version::v3 && random->chance(200))
    params.advertisement_interval = random->one_of<Duration>({100ms, 200ms, 1s});
  return params;
}

/// One after the other, so that each begins with a process that runs and an interface that is up.
void befall_director(DirectorId director, Scenario* scenario, Duration unit, Random* random) {
  using Kind = Fault::Kind;
  auto params = scenario->directors[director];
  auto when = scenario->starts[director] + random->between(0ms, 12 * unit);
  const auto last = Instant{} + kTrouble * unit;
  while (when < last) {
    Fault fault;
    fault.kind =
        random->one_of({Kind::stall, Kind::stall, Kind::crash, Kind::crash, Kind::stop, Kind::link, Kind::reload});
    fault.director = director;
    fault.begin = when;
    // Half of them short: a stall that others hardly notice, a crash whose successor adopts.
    fault.end = when + (random->chance(500) ? random->between(1ms, 2 * unit) : random->between(unit, 12 * unit));
    fault.end = std::min(fault.end, last + unit);
    if (fault.kind == Kind::reload) params = fault.params = reloaded(params, random);
    scenario->faults.push_back(fault);
    when = fault.end + random->between(1ms, 14 * unit);
  }
}

void befall_network(Scenario* scenario, Duration unit, Random* random) {
  using Kind = Fault::Kind;
  const auto count = static_cast<unsigned>(scenario->directors.size());
  auto when = Instant{} + random->between(0ms, 15 * unit);
  const auto last = Instant{} + kTrouble * unit;
  while (when < last) {
    Fault fault;
    fault.kind = random->one_of({Kind::loss, Kind::duplication, Kind::corruption, Kind::delay, Kind::partition,
                                 Kind::partition, Kind::one_way});
    fault.begin = when;
    fault.end = std::min(when + random->between(unit / 2, 12 * unit), last);
    fault.permille = 50 + random->below(650);
    fault.delay = random->between(1ms, unit / 2);
    fault.side = 1 + random->below((1U << count) - 2);  // neither nobody nor all
    fault.director = random->below(count);
    scenario->faults.push_back(fault);
    when += random->between(unit, 15 * unit);  // they may overlap
  }
}

}  // namespace

bool Scenario::has_network_faults() const {
  return std::ranges::any_of(faults, [](const Fault& fault) { return fault.kind < Fault::Kind::stall; });
}

Scenario random_scenario(std::uint64_t seed) {
  Random random(seed);
  Scenario scenario;
  scenario.seed = random.next();
  scenario.family = random.one_of({Family::ipv4, Family::ipv4, Family::ipv6});
  scenario.is_unicast = random.chance(400);
  scenario.directors = random_directors(scenario.family, &random);
  const auto unit = longest_interval(scenario.directors);
  for (std::size_t i = 0; i < scenario.directors.size(); ++i)
    scenario.starts.push_back(Instant{} + random.between(0ms, random.chance(500) ? Duration(1ms) : 6 * unit));
  for (DirectorId i = 0; i < scenario.directors.size(); ++i)
    if (random.chance(600)) befall_director(i, &scenario, unit, &random);
  if (random.chance(600)) befall_network(&scenario, unit, &random);
  scenario.end = Instant{} + (kTrouble + kQuiet) * unit + 2 * AnnouncementPlan{}.delay;
  return scenario;
}

}  // namespace baton::vrrp::sim
