// promises_cluster.cpp - promises of a whole director with its group, and of the cluster in the end.
#include <algorithm>

#include "sim/promises.hpp"
#include "sim/world.hpp"

namespace baton::vrrp::sim {

using namespace std::chrono_literals;

namespace {

std::string name_of(DirectorId director) {
  return "d" + std::to_string(director + 1);
}

std::string text_of(Duration duration) {
  return std::to_string(std::chrono::duration<double>(duration).count()) + " s";
}

/// What the manual says of a tracked thing, once more.
struct Consequence {
  bool waits = false, fails = false;
  std::int64_t change = 0;
};

Consequence consequence(const Tracker& tracker, const Director& director) {
  const auto found = director.known.find(tracker.key);
  if (found == director.known.end()) return {.waits = tracker.weight == 0};
  const auto& value = found->second;
  const std::int64_t sign = tracker.is_reversed ? -1 : 1;
  if (tracker.key.kind == TrackKind::file) {
    if (tracker.weight == 0) return {.fails = (value.number != 0) != tracker.is_reversed};
    const auto change = value.number * tracker.weight * sign;
    if (change < -253) return {.fails = true};
    return {.change = std::min<std::int64_t>(change, 253)};
  }
  if (tracker.weight == 0) return {.fails = tracker.is_reversed ? value.up : !value.up};
  if (tracker.weight > 0) return {.change = value.up ? sign * tracker.weight : 0};
  return {.change = value.up ? 0 : sign * tracker.weight};
}

/// Of all that an instance tracks, and its link.
Consequence consequence(const World& world, const Instance& instance) {
  Consequence all;
  all.fails = !instance.link_up;
  for (const auto& tracked : world.scenario().trackers_of(instance.director)) {
    if ((tracked.wires >> instance.wire & 1U) == 0) continue;
    const auto one = consequence(tracked.tracker, world.directors()[instance.director]);
    all.waits = all.waits || one.waits;
    all.fails = all.fails || one.fails;
    all.change += one.change;
  }
  return all;
}

}  // namespace

void Promises::check_group(const World& world, DirectorId director) {
  const auto& first = world.at(director, 0);
  if (!world.scenario().is_grouped || !first.router || first.stalled) return;
  for (unsigned wire = 1; wire < world.scenario().wires; ++wire) {
    const auto& other = world.at(director, wire);
    if (other.router->state() != first.router->state())
      break_promise(Promise::one_group, "the group of " + name_of(director) +
                                            " is torn: " + users_name(first.router->state()) + " on wire 1, " +
                                            users_name(other.router->state()) + " on wire " + std::to_string(wire + 1));
  }
}

void Promises::check_tracking(const World& world, DirectorId director) {
  if (!world.at(director, 0).router || world.at(director, 0).stalled) return;
  std::array<Consequence, kMostWires> each;
  Consequence group;
  for (unsigned wire = 0; wire < world.scenario().wires; ++wire) {
    each.at(wire) = consequence(world, world.at(director, wire));
    group.waits = group.waits || each.at(wire).waits;
    group.fails = group.fails || each.at(wire).fails;
  }
  for (unsigned wire = 0; wire < world.scenario().wires; ++wire) {
    const auto& instance = world.at(director, wire);
    const auto& own = each.at(wire);
    const bool fails = world.scenario().is_grouped ? group.fails : own.fails;
    const bool waits = world.scenario().is_grouped ? group.waits : own.waits;
    const auto state = instance.router->state();
    const bool takes_part = state == State::backup || state == State::active;
    const auto who = name_of(director) + " on wire " + std::to_string(wire + 1) + " is " + users_name(state);
    if (fails != (state == State::fault) && !(waits && !fails))
      break_promise(Promise::fault, who + (fails ? " in spite of a fault" : " without a fault"));
    if (waits && takes_part && !instance.adopted) break_promise(Promise::waiting, who + " before the first results");
    if (!waits && !fails && !takes_part) break_promise(Promise::waiting, who + " though nothing is waited for");
    if (!takes_part) continue;
    const auto wanted = instance.base == 255 ? 255 : std::clamp<std::int64_t>(instance.base + own.change, 1, 254);
    if (instance.router->params().priority != wanted)
      break_promise(Promise::priority, who + " with priority " +
                                           std::to_string(unsigned{instance.router->params().priority}) +
                                           ", not with " + std::to_string(wanted));
  }
}

/// Since when the instance has run as a backup in full view of all others on its wire; none: it has not.
std::optional<Instant> Promises::hears_all_since(const World& world, InstanceId id) const {
  const auto& instance = world.instances()[id];
  if (!instance.runs() || !instance.backup()) return std::nullopt;
  auto since =
      std::max({instance.awake_since, instance.link_since, instance.state_since, instance.reloaded, instance.weighed});
  for (InstanceId other = instance.wire; other < world.instances().size(); other += world.scenario().wires) {
    if (other == id) continue;
    if (!world.connected(id, other)) return std::nullopt;
    since = std::max(since, world.connected_since(id, other));
  }
  return since;
}

void Promises::check_headless(const World& world, unsigned wire) {
  const auto& scenario = world.scenario();
  const auto& instances = world.instances();
  auto& headless_since = headless_since_.at(wire);
  const auto leads = [&](const Instance& instance) {
    return (scenario.is_grouped || instance.wire == wire) && instance.runs() && instance.active();
  };
  const auto undisturbed = world.undisturbed_since();
  if (!undisturbed || std::ranges::any_of(instances, leads)) {
    headless_since.reset();
    return;
  }
  if (!headless_since) headless_since = world.now();
  Duration longest{};
  for (unsigned each = 0; each < scenario.wires; ++each)
    if (scenario.is_grouped || each == wire) longest = std::max(longest, world.longest_interval(each));
  for (const auto& instance : instances)  // one that woke up active and yielded at once to what had waited
    headless_since = std::max(*headless_since, instance.last_advertisement);
  const auto bound = world.most_adverts() * longest + std::max<Duration>(1s, longest) + kTickLateness + kWireDelay;
  for (DirectorId i = 0; i < world.directors().size(); ++i) {
    auto since = std::max(*headless_since, *undisturbed);
    bool hears_all = true;
    for (unsigned each = 0; each < scenario.wires; ++each) {
      if (!scenario.is_grouped && each != wire) continue;
      const auto its = hears_all_since(world, i * scenario.wires + each);
      hears_all = hears_all && its;
      since = std::max(since, its.value_or(since));
    }
    if (hears_all && world.now() - since > bound)
      break_promise(Promise::never_headless, "nobody is active on wire " + std::to_string(wire + 1) + " for " +
                                                 text_of(world.now() - since) + " though " + name_of(i) + " runs");
  }
}

std::optional<Broken> Promises::settled(const World& world) {
  for (unsigned wire = 0; wire < world.scenario().wires; ++wire)
    settled_on(world, wire);
  return broken_;
}

void Promises::settled_on(const World& world, unsigned wire) {
  std::vector<DirectorId> active;
  Priority highest = 0;
  bool all_preempt = true;
  const auto where = " on wire " + std::to_string(wire + 1) + " in the end";
  for (DirectorId i = 0; i < world.directors().size(); ++i) {
    const auto& instance = world.at(i, wire);
    if (!instance.runs()) return break_promise(Promise::one_in_the_end, name_of(i) + " does not run" + where);
    if (instance.active()) active.push_back(i);
    if (!instance.active() && !instance.backup())
      return break_promise(Promise::one_in_the_end, name_of(i) + " is neither active nor backup" + where);
    highest = std::max(highest, instance.params.priority);
    all_preempt = all_preempt && (instance.params.preempt_mode || instance.params.priority == 255);
  }
  if (active.size() != 1)
    return break_promise(Promise::one_in_the_end, std::to_string(active.size()) + " directors are active" + where);
  const auto master = active.front();
  if (all_preempt && world.at(master, wire).params.priority != highest)
    break_promise(Promise::strongest_in_the_end, name_of(master) + " is active, not the strongest," + where);
  if (!world.scenario().has_network_faults() && world.switch_points_to(wire) != master * world.scenario().wires + wire)
    break_promise(Promise::switch_in_the_end, "the switch does not point to " + name_of(master) + where);
}

}  // namespace baton::vrrp::sim
