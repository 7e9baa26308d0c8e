// process.cpp - what the daemon does around its routers (vrrp_engine.cpp, vrrp_engine_faults.cpp), and what mutants do.
#include <algorithm>
#include <utility>

#include "core/assert.hpp"
#include "core/overloaded.hpp"
#include "sim/world.hpp"

namespace baton::vrrp::sim {

using namespace std::chrono_literals;

namespace {

constexpr Vrid kVrid{51};

bool is_start(const Event& event) {
  return std::holds_alternative<Startup>(event) || std::holds_alternative<InterfaceUp>(event);
}

}  // namespace

/// The parameters that a mutant believes in.
Params World::as_run(Params params) const {
  if (is(Mutant::impatient)) params.down_timer_adverts = std::max(1U, params.down_timer_adverts - 1);
  if (is(Mutant::patient)) params.down_timer_adverts += 3;
  if (is(Mutant::never_preempts)) params.preempt_mode = false;
  if (is(Mutant::always_preempts)) {
    params.preempt_mode = true;
    params.preempt_delay = {};
  }
  return params;
}

/// As the daemon: adopts when its ledger says active and the address is still there; else removes what is left over.
void World::start(DirectorId id) {
  auto& director = directors_[id];
  director.known.clear();
  for (const auto& tracked : scenario_.trackers_of(id))
    if (const auto& key = tracked.tracker.key; key.kind != TrackKind::script)
      director.known.emplace(key, director.truth.at(key));
  for (unsigned wire = 0; wire < scenario_.wires; ++wire) {
    auto& instance = instances_[first_of(id) + wire];
    ASSERT(!instance.router);
    std::vector<Tracker> trackers;
    for (const auto& tracked : scenario_.trackers_of(id))
      if ((tracked.wires >> wire & 1U) != 0) trackers.push_back(tracked.tracker);
    instance.tracking = {};
    instance.tracking.replace(std::move(trackers));
    for (const auto& [key, value] : director.known)
      instance.tracking.set(key, value);
    instance.params.priority = instance.tracking.effective(instance.base);
    instance.router.emplace(as_run(instance.params));
    instance.faults = {};
    instance.wants_address = false;
    instance.awake_since = instance.state_since = now_;
    instance.link_known_up = instance.link_up;
    instance.ears = {};
    instance.on_tick = {};
    instance.adopted = false;
  }
  director.first_results = now_ + random_.between(1ms, kSlowestScript);
  schedule(*director.first_results, Kind::results, id);
  for (const auto each : adoptable(id)) {
    if (!instances_[each].link_up) continue;
    ++statistics_.adoptions;
    instances_[each].adopted = true;
    feed(each, Adopt{});
  }
  for (unsigned wire = 0; wire < scenario_.wires; ++wire)
    assess(first_of(id) + wire, "started");
  serve(id);
}

/// As the daemon's adopt(): members of a group go on all or none.  What nobody adopts is removed.
std::vector<InstanceId> World::adoptable(DirectorId id) {
  std::vector<InstanceId> adopted;
  for (unsigned wire = 0; wire < scenario_.wires; ++wire) {
    auto& instance = instances_[first_of(id) + wire];
    if (instance.ledger_says_active && instance.holds_address(now_)) adopted.push_back(first_of(id) + wire);
    if (instance.address_until && !instance.holds_address(now_)) ++statistics_.leases_run_out;
  }
  if (scenario_.is_grouped && adopted.size() < scenario_.wires && !is(Mutant::adopts_alone)) adopted.clear();
  for (unsigned wire = 0; wire < scenario_.wires; ++wire)
    if (std::ranges::find(adopted, first_of(id) + wire) == adopted.end())
      instances_[first_of(id) + wire].address_until.reset();
  return adopted;
}

void World::kill(DirectorId director) {
  directors_[director].first_results.reset();
  for (unsigned wire = 0; wire < scenario_.wires; ++wire) {
    auto& instance = instances_[first_of(director) + wire];
    instance.router.reset();
    instance.socket.clear();
    instance.armed.reset();
  }
}

void World::serve(DirectorId id) {
  const auto first = first_of(id);
  if (!instances_[first].router || instances_[first].stalled) return;
  const auto each = [&](auto&& what) {
    for (unsigned wire = 0; wire < scenario_.wires; ++wire)
      what(first + wire);
  };
  if (is(Mutant::timers_first)) each([this](InstanceId instance) { tick(instance); });
  each([this](InstanceId instance) { drain(instance); });
  if (directors_[id].reload) reload(id);
  follow_links(id);
  learn(id);
  each([this](InstanceId instance) { tick(instance); });
  each([this](InstanceId instance) { announce(instance); });
  each([this](InstanceId instance) { arm(instance); });
}

/// After all that has happened at this moment: who has meanwhile yielded announces nothing.
void World::announce(InstanceId id) {
  auto& instance = instances_[id];
  const bool is_due = std::exchange(instance.has_to_announce, false);
  if (!is_due || is(Mutant::unannounced) || (!instance.active() && !is(Mutant::announces_late))) return;
  ++statistics_.announcements;
  note(id, 6, [] { return "announces"; });
  if (instance.link_up) schedule(now_ + random_.between(100us, kWireDelay), Kind::announcement, id);
}

void World::reload(DirectorId id) {
  auto& director = directors_[id];
  auto params = *std::exchange(director.reload, std::nullopt);
  params.primary_address = director.params.primary_address;
  director.params = params;
  for (unsigned wire = 0; wire < scenario_.wires; ++wire) {
    auto& instance = instances_[first_of(id) + wire];
    instance.params = scenario_.on_wire(director.params, wire);
    instance.base = instance.params.priority;
    instance.params.priority = instance.tracking.effective(instance.base);
    note_interval(instance);
    instance.reloaded = now_;
    note(first_of(id) + wire, 8,
         [&] { return "reloads, priority " + std::to_string(unsigned{instance.params.priority}); });
    instance.ears.reload(instance.params);
    instance.on_tick = {};
  }
  if (is(Mutant::ignores_reload)) return;
  for (unsigned wire = 0; wire < scenario_.wires; ++wire)
    feed(first_of(id) + wire, Reconfigure{as_run(instances_[first_of(id) + wire].params)});
  for (unsigned wire = 0; wire < scenario_.wires; ++wire)
    assess(first_of(id) + wire, "the configuration has changed");
}

void World::follow_links(DirectorId id) {
  for (unsigned wire = 0; wire < scenario_.wires; ++wire) {
    auto& instance = instances_[first_of(id) + wire];
    if (instance.link_up == instance.link_known_up) continue;
    instance.link_known_up = instance.link_up;
    assess(first_of(id) + wire, "the link is up");
  }
}

/// Of scripts nothing before they have all ended once.
void World::learn(DirectorId id) {
  auto& director = directors_[id];
  for (const auto& [key, value] : director.truth) {
    if (key.kind == TrackKind::script && (!director.first_results || now_ < *director.first_results)) continue;
    const auto found = director.known.find(key);
    if (found != director.known.end() && found->second == value) continue;
    director.known.insert_or_assign(key, value);
    for (unsigned wire = 0; wire < scenario_.wires; ++wire) {
      auto& tracking = instances_[first_of(id) + wire].tracking;
      if (tracking.set(key, value)) assess(first_of(id) + wire, tracking.last_change());
    }
  }
}

std::vector<GroupMember> World::views(DirectorId director) const {
  std::vector<GroupMember> views;
  const auto count = is(Mutant::forgets_member) ? scenario_.wires - 1 : scenario_.wires;
  for (unsigned wire = 0; wire < count; ++wire) {
    const auto& instance = at(director, wire);
    views.push_back({"w" + std::to_string(wire + 1), instance.router->state(), instance.router->wants_active(),
                     instance.router->wish(), instance.faults.own_reason()});
  }
  return views;
}

/// Its own faults first, and what its group makes of them; then what follows for all of them.
void World::assess(InstanceId id, const std::string& why) {
  auto& instance = instances_[id];
  instance.faults.set(Faults::Kind::link, instance.link_known_up ? "" : "the link is down");
  instance.faults.set(Faults::Kind::tracking, instance.tracking.fault().value_or(std::string()));
  if (!scenario_.is_grouped) return apply(id, why);
  const auto first = first_of(instance.director);
  const auto members = views(instance.director);
  if (!is(Mutant::fails_alone))
    for (std::size_t i = 0; i < members.size(); ++i)
      instances_[first + i].faults.set(Faults::Kind::group, group_fault(members, i));
  apply(id, why);
  for (unsigned wire = 0; wire < scenario_.wires; ++wire)
    if (first + wire != id) apply(first + wire, why);
}

bool World::is_held_back(InstanceId id) const {
  if (is(Mutant::does_not_wait)) return false;
  if (!scenario_.is_grouped) return instances_[id].tracking.waits();
  for (unsigned wire = 0; wire < scenario_.wires; ++wire)
    if (at(instances_[id].director, wire).tracking.waits()) return true;
  return false;
}

void World::set_priority(InstanceId id, const std::string& why) {
  auto& instance = instances_[id];
  const auto priority = instance.tracking.effective(instance.base);
  if (priority != instance.params.priority) {
    instance.weighed = now_;
    ++statistics_.priorities;
  }
  instance.params.priority = priority;
  if (!is(Mutant::ignores_weights)) feed(id, PriorityChanged{priority, why});
}

void World::apply(InstanceId id, const std::string& why) {
  auto& instance = instances_[id];
  const auto state = instance.router->state();
  if (const auto& fault = instance.faults.reason(); !fault.empty()) {
    set_priority(id, why);
    if (state != State::fault && !is(Mutant::ignores_fault)) feed(id, InterfaceDown{fault});
    return;
  }
  const bool is_out = state == State::initialize || state == State::fault;
  if (is_out && is_held_back(id)) return;
  if (state == State::fault && is(Mutant::never_recovers)) return;
  if (state == State::initialize) {
    instance.params.priority = instance.tracking.effective(instance.base);
    feed(id, Reconfigure{as_run(instance.params)});
    feed(id, Startup{});
    return;
  }
  set_priority(id, why);
  if (state == State::fault) feed(id, InterfaceUp{instance.params.primary_address, why});
}

void World::drain(InstanceId id) {
  auto& instance = instances_[id];
  const auto packets = std::exchange(instance.socket, {});
  for (const auto& packet : packets) {
    Expectation wanted{instance.params.version, kVrid, instance.params.advertisement_interval, std::nullopt,
                       &addresses_};
    if (scenario_.is_unicast)
      wanted.peers = &instance.peers;
    else
      wanted.group = group_;
    const auto unreadable = decode_packet_into(packet->bytes, &received_);
    ASSERT(unreadable.has_value() == packet->damaged);  // a single bit never passes, nothing else is refused
    if (unreadable) {
      ++statistics_.refused;
      continue;
    }
    ASSERT(!refusal(received_, wanted));
    ASSERT(!address_list_differs(received_, wanted));
    const auto& advertisement = received_.advertisement;
    feed(id, AdvertisementReceived{received_.source, advertisement.priority, advertisement.max_adver_interval});
  }
}

void World::tick(InstanceId id) {
  const auto deadline = instances_[id].router->deadline();
  if (deadline && *deadline <= now_) feed(id, Tick{});
}

void World::arm(InstanceId id) {
  auto& instance = instances_[id];
  const auto deadline = instance.router->deadline();
  if (!deadline || (instance.armed && *instance.armed >= *deadline && *instance.armed <= *deadline + kTickLateness))
    return;
  instance.armed = std::max(*deadline, now_) + random_.between(0ns, kTickLateness);
  schedule(*instance.armed, Kind::wake, id);
}

/// What a mutant does not hear.
bool World::is_deaf(InstanceId id, const Event& event) const {
  const auto* heard = std::get_if<AdvertisementReceived>(&event);
  if (heard == nullptr) return false;
  const auto& instance = instances_[id];
  if (is(Mutant::deaf_to_resignation)) return heard->priority == kResignPriority;
  return is(Mutant::deaf_to_stronger) && instance.active() && heard->priority >= instance.params.priority;
}

void World::feed(InstanceId id, const Event& event) {
  if (is_deaf(id, event)) return;
  auto& instance = instances_[id];
  const auto before = instance.router->state();
  const bool wanted = instance.router->wants_active();
  std::vector<Action> actions;  // of its own: what follows for its group is fed from here, too
  instance.router->handle(event, now_, actions);
  if (instance.router->state() != before) instance.state_since = now_;
  for (const auto& action : actions)
    carry_out(id, action, event);
  instance.ledger_says_active = instance.active();
  judge(id, before, event);
  const bool is_news = before != instance.router->state() || wanted != instance.router->wants_active();
  if (is_news && scenario_.is_grouped && !std::holds_alternative<Shutdown>(event)) follow_group(id);
}

void World::follow_group(InstanceId id) {
  const auto members = views(instances_[id].director);
  const auto cause = id - first_of(instances_[id].director);
  if (cause >= members.size()) return;  // forgotten
  for (const auto& order : settle(members, cause)) {
    ++statistics_.group_orders;
    feed(first_of(instances_[id].director) + order.member, order.event);
  }
}

/// What promises are to know of an event that has been carried out.
void World::judge(InstanceId id, State before, const Event& event) {
  auto& instance = instances_[id];
  const auto state = instance.router->state();
  if (state == State::fault && before != State::fault) ++statistics_.faults;
  if (before == State::backup && instance.active()) {
    ++statistics_.takeovers;
    promises_.takeover(*this, id);
  }
  if (before == State::active && instance.backup()) ++statistics_.yields;
  // What a stalled process has not read yet is still to come.
  const bool has_unread = !instance.socket.empty();
  const bool was_resigned = has_unread && instance.ears.was_resigned();
  if (state == State::backup && before != State::backup && !std::holds_alternative<AdvertisementReceived>(event))
    instance.ears.begin_backup(has_unread, now_);
  if (is_start(event)) instance.ears = {};
  const bool owns = is_start(event) && instance.params.start_active;  // which waits for nobody but its group
  const bool anew = !owns && (is_start(event) || std::holds_alternative<GroupBackup>(event));
  if (!anew || before == State::backup || state != State::backup) return;
  // As if somebody had just been heard.
  const auto interval = has_unread ? shortest_interval(instance.wire) : instance.params.advertisement_interval;
  instance.ears.strong = {now_, kOwnerPriority, interval, {}};
  if (was_resigned) instance.ears.resigned = now_;
}

void World::carry_out(InstanceId id, const Action& action, const Event& event) {
  auto& instance = instances_[id];
  const auto advertise = [&](const SendAdvertisement& advertisement) {
    const bool on_tick = std::holds_alternative<Tick>(event);
    if (on_tick && is(Mutant::mute) && random_.chance(600)) return;
    const int copies = on_tick && is(Mutant::hectic) ? 3 : 1;
    for (int i = 0; i < copies; ++i) {
      send(id, advertisement.priority, event);
      if (!on_tick) continue;
      promises_.sent_on_tick(*this, id, instance.on_tick[0]);
      instance.on_tick = {instance.on_tick[1], now_};
    }
  };
  const auto release = [&] {
    instance.on_tick = {};
    if (is(Mutant::leaves_politely) && std::holds_alternative<AdvertisementReceived>(event))
      send(id, kResignPriority, event);
    if (is(Mutant::keeps_address)) return;
    instance.wants_address = false;
    instance.address_until.reset();
  };
  std::visit(
      Overloaded{[&](const SendAdvertisement& advertisement) { advertise(advertisement); },
                 [&](const AcquireAddresses&) {
                   if (is(Mutant::takes_no_address)) return;
                   instance.wants_address = true;
                   hold_address(id);
                 },
                 [&](const ReleaseAddresses&) { release(); },
                 [&](const AnnounceAddresses&) { instance.has_to_announce = true; }, [](const AnnounceElsewhere&) {},
                 [&](const StateChanged& change) {
                   note(id, 10 + static_cast<std::uint64_t>(change.to),
                        [&] { return std::string(users_name(change.to)) + ": " + change.reason; });
                 },
                 [&](const PriorityAdopted& change) {
                   note(id, 2000U + change.to,
                        [&] { return "priority " + std::to_string(unsigned{change.to}) + ": " + change.reason; });
                 },
                 [](const HeardWeaker&) {},
                 [&](const WantsActive&) { note(id, 9, [] { return "wants to be active"; }); },
                 [&](const Remark& remark) { note(id, 7, [&] { return remark.text; }); }},
      action);
}

}  // namespace baton::vrrp::sim
