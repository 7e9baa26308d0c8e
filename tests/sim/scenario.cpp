#include "sim/scenario.hpp"

#include <algorithm>

#include "sim/random.hpp"

namespace baton::vrrp::sim {

using namespace std::chrono_literals;

namespace {

constexpr int kTrouble = 40;  // intervals: how long faults may befall the cluster
constexpr int kQuiet = 30;    // intervals: delays of preemption and several takeovers in a row fit in

Duration longest_interval(const Scenario& scenario) {
  Duration longest{};
  for (const auto& params : scenario.directors)
    for (unsigned wire = 0; wire < scenario.wires; ++wire)
      longest = std::max(longest, scenario.on_wire(params, wire).advertisement_interval);
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

/// Those with a weight are of the whole group: members whose priorities differ would not agree on a master.
std::vector<Tracked> random_trackers(const Scenario& scenario, Random* random) {
  std::vector<Tracked> trackers;
  const auto count = random->below(4);
  for (unsigned i = 0; i < count; ++i) {
    Tracked tracked;
    auto& tracker = tracked.tracker;
    tracker.key.kind = random->one_of({TrackKind::script, TrackKind::file, TrackKind::interface});
    tracker.key.name = "t" + std::to_string(i);
    if (random->chance(600)) {
      const int weight = tracker.key.kind == TrackKind::file ? 1 + static_cast<int>(random->below(3))
                                                             : 1 + static_cast<int>(random->below(120));
      tracker.weight = random->chance(500) ? weight : -weight;
    }
    tracker.is_reversed = tracker.weight != 0 && random->chance(150);  // without a weight it would be a fault for ever
    const bool of_some = scenario.wires > 1 && (!scenario.is_grouped || tracker.weight == 0) && random->chance(500);
    if (of_some) tracked.wires = 1U << random->below(scenario.wires);
    trackers.push_back(std::move(tracked));
  }
  return trackers;
}

/// One after the other, so that each begins with a process that runs and interfaces that are up.
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
    if (fault.kind == Kind::link) fault.wires = 1 + random->below((1U << scenario->wires) - 1);
    scenario->faults.push_back(fault);
    when = fault.end + random->between(1ms, 14 * unit);
  }
}

/// What each tracker sees, one thing after the other, whatever befalls its director meanwhile.
void befall_trackers(DirectorId director, Scenario* scenario, Duration unit, Random* random) {
  const auto last = Instant{} + kTrouble * unit;
  for (std::size_t i = 0; i < scenario->trackers[director].size(); ++i) {
    const bool is_file = scenario->trackers[director][i].tracker.key.kind == TrackKind::file;
    auto when = Instant{} + random->between(0ms, 20 * unit);
    while (when < last) {
      Fault fault;
      fault.kind = Fault::Kind::track;
      fault.director = director;
      fault.tracked = i;
      fault.begin = when;
      fault.end = std::min(when + random->between(1ms, 12 * unit), last + unit);
      if (is_file) fault.value = {true, true, random->one_of<std::int64_t>({-300, -60, -20, 1, 20, 60, 300})};
      scenario->faults.push_back(fault);
      when = fault.end + random->between(1ms, 14 * unit);
    }
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
    fault.wires = 1 + random->below((1U << scenario->wires) - 1);
    scenario->faults.push_back(fault);
    when += random->between(unit, 15 * unit);  // they may overlap
  }
}

std::string seconds(Duration duration) {
  return std::to_string(std::chrono::duration<double>(duration).count()) + " s";
}

std::string tracker_words(const Tracked& tracked) {
  const auto& tracker = tracked.tracker;
  return std::string(", ") + name(tracker.key.kind) + " " + tracker.key.name + " weight " +
         std::to_string(tracker.weight) + (tracker.is_reversed ? " reverse" : "") +
         (tracked.wires == kAll ? "" : " on wires " + std::to_string(tracked.wires));
}

}  // namespace

bool Scenario::has_network_faults() const {
  return std::ranges::any_of(faults, [](const Fault& fault) { return fault.kind < Fault::Kind::stall; });
}

Params Scenario::on_wire(Params params, unsigned wire) const {
  params.advertisement_interval *= slowness.at(wire);
  params.is_grouped = is_grouped;
  if (wire > 0 && params.primary_address.is_v4()) {
    const auto octets = params.primary_address.octets();
    params.primary_address = IpAddress::v4({octets[0], static_cast<std::uint8_t>(wire), octets[2], octets[3]});
  }
  return params;
}

const std::vector<Tracked>& Scenario::trackers_of(DirectorId director) const {
  static const std::vector<Tracked> kNone;
  return director < trackers.size() ? trackers[director] : kNone;
}

Scenario random_scenario(std::uint64_t seed) {
  Random random(seed);
  Scenario scenario;
  scenario.seed = random.next();
  scenario.family = random.one_of({Family::ipv4, Family::ipv4, Family::ipv6});
  scenario.is_unicast = random.chance(400);
  scenario.wires = random.one_of({1U, 1U, 1U, 2U, 2U, 3U});
  scenario.is_grouped = scenario.wires > 1 && random.chance(800);
  scenario.directors = random_directors(scenario.family, &random);
  if (scenario.wires > 1 && random.chance(300))
    for (auto& factor : scenario.slowness)
      factor = random.one_of({1U, 1U, 2U, 3U});
  const auto unit = longest_interval(scenario);
  const bool tracks = random.chance(500);
  for (std::size_t i = 0; i < scenario.directors.size(); ++i) {
    scenario.starts.push_back(Instant{} + random.between(0ms, random.chance(500) ? Duration(1ms) : 6 * unit));
    scenario.trackers.push_back(tracks ? random_trackers(scenario, &random) : std::vector<Tracked>());
  }
  for (DirectorId i = 0; i < scenario.directors.size(); ++i) {
    if (random.chance(600)) befall_director(i, &scenario, unit, &random);
    if (random.chance(700)) befall_trackers(i, &scenario, unit, &random);
  }
  if (random.chance(600)) befall_network(&scenario, unit, &random);
  scenario.end = Instant{} + (kTrouble + kQuiet) * unit + 2 * AnnouncementPlan{}.delay;
  return scenario;
}

std::string words(const Scenario& scenario, const Fault& fault) {
  static const std::array<const char*, 12> names = {"loss",      "duplication", "corruption", "delay",
                                                    "partition", "one way",     "stall",      "crash",
                                                    "stop",      "link",        "reload",     "track"};
  using Kind = Fault::Kind;
  std::string result = names.at(static_cast<std::size_t>(fault.kind));
  if (fault.kind >= Kind::one_way) result += " of d" + std::to_string(fault.director + 1);
  if (fault.kind == Kind::partition || fault.kind == Kind::one_way) result += ", side " + std::to_string(fault.side);
  if (scenario.wires > 1 && (fault.kind == Kind::link || fault.kind == Kind::partition || fault.kind == Kind::one_way))
    result += ", wires " + std::to_string(fault.wires);
  if (fault.kind == Kind::reload)
    result += ", priority " + std::to_string(unsigned{fault.params.priority}) +
              (fault.params.preempt_mode ? "" : ", nopreempt") + ", every " +
              seconds(fault.params.advertisement_interval);
  if (fault.kind == Kind::track)
    result += ": " + scenario.trackers_of(fault.director)[fault.tracked].tracker.key.name + " says " +
              (fault.value.up ? std::to_string(fault.value.number) : "down");
  return result + ", " + seconds(fault.begin - Instant{}) + " to " + seconds(fault.end - Instant{});
}

std::string words(const Scenario& scenario) {
  std::string result = std::string(scenario.family == Family::ipv4 ? "IPv4" : "IPv6") +
                       (scenario.is_unicast ? " by unicast, " : " by multicast, ") + std::to_string(scenario.wires) +
                       " wires" + (scenario.is_grouped ? ", sync groups" : "");
  for (unsigned wire = 0; wire < scenario.wires; ++wire)
    if (scenario.slowness.at(wire) != 1)
      result += ", wire " + std::to_string(wire + 1) + " slower by " + std::to_string(scenario.slowness.at(wire));
  for (DirectorId i = 0; i < scenario.directors.size(); ++i) {
    const auto& params = scenario.directors[i];
    result += "\nd" + std::to_string(i + 1) + ": v" + std::to_string(static_cast<int>(params.version)) + ", priority " +
              std::to_string(unsigned{params.priority}) + ", every " + seconds(params.advertisement_interval) +
              (params.preempt_mode ? "" : ", nopreempt") +
              (params.preempt_delay == Duration::zero() ? "" : ", preempt_delay " + seconds(params.preempt_delay)) +
              ", " + std::to_string(params.down_timer_adverts) + " adverts, from " +
              seconds(scenario.starts[i] - Instant{});
    for (const auto& tracked : scenario.trackers_of(i))
      result += tracker_words(tracked);
  }
  return result + "\n";
}

}  // namespace baton::vrrp::sim
