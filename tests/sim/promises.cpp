#include "sim/promises.hpp"

#include <algorithm>

#include "sim/world.hpp"
#include "vrrp/lease.hpp"

namespace baton::vrrp::sim {

using namespace std::chrono_literals;

namespace {

/// Written out from the RFCs' text once more, so that an error in the router is not believed.
Duration skew(const Params& params, Duration interval) {
  const auto parts = 256 - int{params.priority};
  return params.version == Version::v2 ? Duration(1s) * parts / 256 : interval * parts / 256;
}

Duration down(const Params& params, Duration interval) {
  const auto unit = params.version == Version::v2 ? params.advertisement_interval : interval;
  auto silence = skew(params, unit);
  for (unsigned i = 0; i < params.down_timer_adverts; ++i)
    silence += unit;
  return silence;
}

bool always_preempts(const Params& params) {
  return params.priority == 255 || (params.preempt_mode && params.preempt_delay == Duration::zero());
}

std::string name(const World& world, InstanceId id) {
  const auto& instance = world.instances()[id];
  return "d" + std::to_string(instance.director + 1) +
         (world.scenario().wires > 1 ? "." + std::to_string(instance.wire + 1) : "");
}

std::string text(Duration duration) {
  return std::to_string(std::chrono::duration<double>(duration).count()) + " s";
}

/// Since when nothing about the instance itself has changed.
Instant steady_since(const Instance& instance) {
  return std::max({instance.awake_since, instance.link_since, instance.state_since, instance.reloaded});
}

/// When a backup has to want to be active.
Instant due(const World& world, const Instance& instance) {
  const auto& params = instance.params;
  const auto& ears = instance.ears;
  const auto since = steady_since(instance);
  const auto interval = world.longest_interval(instance.wire);
  auto due = std::max(since, ears.considered.value_or(since)) + down(params, interval);
  if (ears.resigned && *ears.resigned >= since && *ears.resigned > ears.considered.value_or(Instant{}))
    due = *ears.resigned + skew(params, interval);
  return std::max(due, instance.weighed);
}

}  // namespace

void Ears::hear(const Instance& own, const AdvertisementReceived& advertisement, Instant now) {
  if (advertisement.priority == 0) {
    resigned = now;
    if (!first_resigned) first_resigned = now;
  } else if (advertisement.priority >= own.params.priority) {
    strong = {now, advertisement.priority, advertisement.max_adver_interval, advertisement.source};
    weak_since.reset();
    weak_by.reset();
    first_resigned.reset();
    considered = now;
  } else {
    weak = now;
    if (!weak_since) weak_since = now;
    if (!weak_by) weak_by = now;
    if (always_preempts(own.params)) return;
    // Read at the same moment, unless the process is stalled.
    const auto& params = own.params;
    if (!own.stalled && (!params.preempt_mode || now < *weak_since + params.preempt_delay)) endured = now;
    const auto begun = std::max(*weak_by, own.awake_since);
    if (own.stalled || !params.preempt_mode || now < begun + params.preempt_delay) considered = now;
  }
}

void Ears::begin_backup(bool has_unread, Instant now) {
  weak_since = has_unread && weak_since ? std::optional(now) : std::nullopt;
  weak_by.reset();
  endured.reset();
  first_resigned.reset();
}

void Ears::reload(const Params& params) {
  const auto before = *this;
  *this = {};
  const bool last = before.strong && !before.weak_since;  // else a weaker one may have taught another interval
  if (last && before.strong->priority >= params.priority) strong = before.strong;
  resigned = before.resigned;
  if (!before.weak_since) return;
  weak = before.weak;
  weak_since = Instant{};  // a delay that has begun goes on, since when is of no matter then
}

void Promises::break_promise(Promise promise, const std::string& what) {
  if (!broken_ && (!only_ || *only_ == promise)) broken_ = {promise, what};
}

std::optional<Broken> Promises::check(const World& world) {
  const auto count = world.instances().size();
  const auto wires = world.scenario().wires;
  for (InstanceId i = 0; i < count; ++i) {
    check_address(world, i);
    check_rhythm(world, i);
    for (auto j = i + wires; j < count; j += wires)
      check_split(world, i, j);
  }
  for (DirectorId i = 0; i < world.directors().size(); ++i) {
    check_group(world, i);
    check_tracking(world, i);
    check_lateness(world, i);
  }
  for (unsigned wire = 0; wire < wires; ++wire)
    check_headless(world, wire);
  return broken_;
}

void Promises::check_split(const World& world, InstanceId one, InstanceId other) {
  const auto& a = world.instances()[one];
  const auto& b = world.instances()[other];
  if (!a.active() || !b.active() || !a.runs() || !b.runs()) return;
  const auto undisturbed = world.undisturbed_since();
  if (!undisturbed || !world.connected(one, other)) return;
  const auto since = std::max(
      {*undisturbed, world.connected_since(one, other), steady_since(a), steady_since(b), a.weighed, b.weighed});
  const auto split = world.now() - since;
  longest_split_ = std::max(longest_split_, split);
  // Where the stronger one does not answer, the weaker one waits for its next advertisement.
  const bool answers = !a.params.lower_prio_no_advert && !b.params.lower_prio_no_advert;
  const auto [shorter, longer] = std::minmax(a.params.advertisement_interval, b.params.advertisement_interval);
  const auto bound = (answers ? shorter : longer) + kTickLateness + 2 * kWireDelay;
  if (split > bound)
    break_promise(Promise::one_master, name(world, one) + " and " + name(world, other) + " are both active for " +
                                           text(split) + ", allowed are " + text(bound));
}

void Promises::takeover(const World& world, InstanceId id) {
  const auto& instance = world.instances()[id];
  const auto& params = instance.params;
  const auto& ears = instance.ears;
  const auto now = world.now();
  const auto shortest = world.shortest_interval(instance.wire);
  std::optional<Instant> earliest;
  if (ears.strong) {
    // A weaker one that may have been accepted later may have taught another interval.
    const bool taught = ears.weak && *ears.weak > ears.strong->when && !always_preempts(params);
    const auto interval = taught ? std::min(ears.strong->interval, shortest) : ears.strong->interval;
    earliest = ears.strong->when + down(params, interval);
  }
  const bool resigned = ears.was_resigned();
  if (resigned) {
    earliest = *ears.resigned + skew(params, shortest);
    // A member of a group that wanted to be active before goes on wanting.
    if (params.is_grouped && ears.strong) earliest = std::min(*earliest, ears.strong->when + down(params, shortest));
    if (params.is_grouped && ears.first_resigned)
      earliest = std::min(*earliest, *ears.first_resigned + skew(params, shortest));
  }
  if (earliest && now < *earliest)
    break_promise(Promise::not_too_early, name(world, id) + " takes over " + text(*earliest - now) + " too early");
  check_patience(world, id, resigned);
  if (!resigned) check_succession(world, id);
}

void Promises::check_patience(const World& world, InstanceId id, bool after_resignation) {
  const auto& instance = world.instances()[id];
  const auto& params = instance.params;
  const auto& ears = instance.ears;
  const auto now = world.now();
  if (after_resignation || params.priority == 255) return;
  const auto silence = down(params, world.shortest_interval(instance.wire));
  if (ears.endured && now < *ears.endured + silence)
    break_promise(Promise::no_preemption, name(world, id) + " takes over from a weaker one " +
                                              text(*ears.endured + silence - now) + " before it should");
  const bool preempted = ears.weak_since && now < *ears.weak + silence;
  if (preempted && now < *ears.weak_since + params.preempt_delay)
    break_promise(
        Promise::no_preemption,
        name(world, id) + " preempts " + text(*ears.weak_since + params.preempt_delay - now) + " before its delay");
}

/// Who succeeds a dead or stalled master does not find it still holding the address.
void Promises::check_succession(const World& world, InstanceId id) {
  const auto& instance = world.instances()[id];
  const auto& ears = instance.ears;
  const auto now = world.now();
  const auto undisturbed = world.undisturbed_since();
  const bool endured_weaker = ears.strong && ears.considered && *ears.considered > ears.strong->when;
  if (!ears.strong || endured_weaker || !undisturbed) return;
  for (InstanceId other = instance.wire; other < world.instances().size(); other += world.scenario().wires) {
    const auto& dead = world.instances()[other];
    if (dead.runs() || dead.params.primary_address != ears.strong->source || !dead.address_until) continue;
    const auto known_since = std::max({*undisturbed, world.connected_since(id, other), instance.awake_since});
    if (!world.connected(id, other) || known_since > dead.last_advertisement || ears.strong->interval < 1s) continue;
    if (dead.params.down_timer_adverts > instance.params.down_timer_adverts) continue;  // its lease is as long
    if (dead.last_advertisement > ears.strong->when) continue;  // it had become weaker: preempted, not succeeded
    if (*dead.address_until > now + kKernelSlack)
      break_promise(Promise::succession, name(world, other) + " still holds the address for " +
                                             text(*dead.address_until - now) + " when " + name(world, id) +
                                             " takes over");
  }
}

void Promises::check_lateness(const World& world, DirectorId director) {
  const auto wires = world.scenario().wires;
  Instant all_due{};
  bool all_backup = true;
  for (unsigned wire = 0; wire < wires; ++wire) {
    const auto& instance = world.at(director, wire);
    const bool is_backup = instance.backup() && instance.runs();
    all_backup = all_backup && is_backup;
    if (!is_backup) continue;
    const auto its_due = due(world, instance);
    all_due = std::max(all_due, its_due);
    if (!world.scenario().is_grouped && world.now() > its_due + kTickLateness)
      break_promise(Promise::not_too_late, name(world, director * wires + wire) + " is still backup " +
                                               text(world.now() - its_due) + " after it had to take over");
  }
  if (world.scenario().is_grouped && all_backup && world.now() > all_due + kTickLateness)
    break_promise(Promise::not_too_late, "the group of d" + std::to_string(director + 1) + " is still backup " +
                                             text(world.now() - all_due) + " after it had to take over");
}

void Promises::check_address(const World& world, InstanceId id) {
  const auto& instance = world.instances()[id];
  const auto now = world.now();
  const bool holds = instance.holds_address(now);
  if (instance.router && !instance.stalled) {
    if (instance.active() != holds)
      break_promise(Promise::address, name(world, id) + (holds ? " holds the address and is not active"
                                                               : " is active without the address"));
    return;
  }
  if (!holds) return;
  const auto lease = lease_lifetime(world.most_adverts() * world.longest_interval(instance.wire)) + kKernelSlack;
  if (now > instance.last_advertisement + lease)
    break_promise(Promise::lease, name(world, id) + " does not run and holds the address longer than its lease");
}

void Promises::check_rhythm(const World& world, InstanceId id) {
  const auto& instance = world.instances()[id];
  if (!instance.active() || !instance.runs()) return;
  const auto silence = world.now() - std::max({instance.last_advertisement, instance.awake_since, instance.link_since});
  if (silence > instance.params.advertisement_interval + kTickLateness)
    break_promise(Promise::rhythm, name(world, id) + " is active and silent for " + text(silence));
}

void Promises::sent_on_tick(const World& world, InstanceId id, std::optional<Instant> before_last) {
  const auto interval = world.instances()[id].params.advertisement_interval;
  if (before_last && world.now() - *before_last < interval - kTickLateness)
    break_promise(Promise::no_burst,
                  name(world, id) + " sends a third advertisement within " + text(world.now() - *before_last));
}

void Promises::resigned(const World& world, InstanceId id, const Event& cause) {
  if (!std::holds_alternative<Shutdown>(cause) && !std::holds_alternative<InterfaceDown>(cause))
    break_promise(Promise::resignation, name(world, id) + " resigns without a stop or a fault");
}

}  // namespace baton::vrrp::sim
