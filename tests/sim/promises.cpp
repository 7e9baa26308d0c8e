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

std::string name(DirectorId id) {
  return "d" + std::to_string(id + 1);
}

std::string text(Duration duration) {
  return std::to_string(std::chrono::duration<double>(duration).count()) + " s";
}

}  // namespace

void Ears::hear(const Params& own, const AdvertisementReceived& advertisement, Instant now) {
  if (advertisement.priority == 0) {
    resigned = now;
  } else if (advertisement.priority >= own.priority) {
    strong = {now, advertisement.priority, advertisement.max_adver_interval, advertisement.source};
    weak_since.reset();
    considered = now;
  } else {
    weak = now;
    if (!weak_since) weak_since = now;
    if (!always_preempts(own)) considered = now;
  }
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

void Promises::break_promise(const std::string& what) {
  if (broken_.empty()) broken_ = what;
}

std::string Promises::check(const World& world) {
  const auto count = world.directors().size();
  for (DirectorId i = 0; i < count; ++i) {
    check_lateness(world, i);
    check_address(world, i);
    check_rhythm(world, i);
    for (DirectorId j = i + 1; j < count; ++j)
      check_split(world, i, j);
  }
  check_headless(world);
  return broken_;
}

void Promises::check_split(const World& world, DirectorId one, DirectorId other) {
  const auto& a = world.directors()[one];
  const auto& b = world.directors()[other];
  const auto undisturbed = world.undisturbed_since();
  if (!a.runs() || !b.runs() || !a.active() || !b.active() || !undisturbed || !world.connected(one, other)) return;
  const auto since = std::max({*undisturbed, world.connected_since(one, other), a.awake_since, b.awake_since,
                               a.link_since, b.link_since, a.state_since, b.state_since, a.reloaded, b.reloaded});
  const auto split = world.now() - since;
  longest_split_ = std::max(longest_split_, split);
  // Where the stronger one does not answer, the weaker one waits for its next advertisement.
  const bool answers = !a.params.lower_prio_no_advert && !b.params.lower_prio_no_advert;
  const auto [shorter, longer] = std::minmax(a.params.advertisement_interval, b.params.advertisement_interval);
  const auto bound = (answers ? shorter : longer) + kTickLateness + 2 * kWireDelay;
  if (split > bound)
    break_promise(name(one) + " and " + name(other) + " are both active for " + text(split) + ", allowed are " +
                  text(bound));
}

void Promises::takeover(const World& world, DirectorId id) {
  const auto& director = world.directors()[id];
  const auto& params = director.params;
  const auto& ears = director.ears;
  const auto now = world.now();
  std::optional<Instant> earliest;
  if (ears.strong) {
    // A weaker one that may have been accepted later may have taught another interval.
    const bool taught = ears.weak && *ears.weak > ears.strong->when && !always_preempts(params);
    const auto interval = taught ? std::min(ears.strong->interval, world.shortest_interval()) : ears.strong->interval;
    earliest = ears.strong->when + down(params, interval);
  }
  const bool resigned = ears.resigned && (!ears.strong || *ears.resigned > ears.strong->when);
  if (resigned) earliest = *ears.resigned + skew(params, world.shortest_interval());
  if (earliest && now < *earliest) break_promise(name(id) + " takes over " + text(*earliest - now) + " too early");

  const bool preempted = !resigned && ears.weak_since && now < *ears.weak + down(params, world.shortest_interval());
  if (preempted && params.priority != 255 && now < *ears.weak_since + params.preempt_delay)
    break_promise(name(id) + " preempts " + text(*ears.weak_since + params.preempt_delay - now) + " before its delay");
  if (!resigned) check_succession(world, id);
}

/// Who succeeds a dead or stalled master does not find it still holding the address.
void Promises::check_succession(const World& world, DirectorId id) {
  const auto& director = world.directors()[id];
  const auto& ears = director.ears;
  const auto now = world.now();
  const auto undisturbed = world.undisturbed_since();
  const bool endured_weaker = ears.strong && ears.considered && *ears.considered > ears.strong->when;
  if (!ears.strong || endured_weaker || !undisturbed) return;
  for (DirectorId other = 0; other < world.directors().size(); ++other) {
    const auto& dead = world.directors()[other];
    if (dead.runs() || dead.params.primary_address != ears.strong->source || !dead.address_until) continue;
    const auto known_since = std::max({*undisturbed, world.connected_since(id, other), director.awake_since});
    if (!world.connected(id, other) || known_since > dead.last_advertisement || ears.strong->interval < 1s) continue;
    if (dead.params.down_timer_adverts > director.params.down_timer_adverts) continue;  // its lease is as long
    if (dead.last_advertisement > ears.strong->when) continue;  // it had become weaker: preempted, not succeeded
    if (*dead.address_until > now + kKernelSlack)
      break_promise(name(other) + " still holds the address for " + text(*dead.address_until - now) + " when " +
                    name(id) + " takes over");
  }
}

void Promises::check_lateness(const World& world, DirectorId id) {
  const auto& director = world.directors()[id];
  if (!director.runs() || !director.backup()) return;
  const auto& params = director.params;
  const auto& ears = director.ears;
  const auto since = std::max({director.awake_since, director.link_since, director.state_since, director.reloaded});
  auto due = std::max(since, ears.considered.value_or(since)) + down(params, world.longest_interval());
  if (ears.resigned && *ears.resigned >= since && *ears.resigned > ears.considered.value_or(Instant{}))
    due = *ears.resigned + skew(params, world.longest_interval());
  if (world.now() > due + kTickLateness)
    break_promise(name(id) + " is still backup " + text(world.now() - due) + " after it had to take over");
}

void Promises::check_address(const World& world, DirectorId id) {
  const auto& director = world.directors()[id];
  const auto now = world.now();
  const bool holds = director.holds_address(now);
  if (director.router && !director.stalled) {
    if (director.active() != holds)
      break_promise(name(id) + (holds ? " holds the address and is not active" : " is active without the address"));
    return;
  }
  const auto lease = lease_lifetime(world.most_adverts() * world.longest_interval()) + kKernelSlack;
  if (holds && now > director.last_advertisement + lease)
    break_promise(name(id) + " does not run and holds the address longer than its lease");
}

void Promises::check_rhythm(const World& world, DirectorId id) {
  const auto& director = world.directors()[id];
  if (!director.runs() || !director.active()) return;
  const auto silence = world.now() - std::max({director.last_advertisement, director.awake_since, director.link_since});
  if (silence > director.params.advertisement_interval + kTickLateness)
    break_promise(name(id) + " is active and silent for " + text(silence));
}

void Promises::sent_on_tick(const World& world, DirectorId id, std::optional<Instant> before_last) {
  const auto interval = world.directors()[id].params.advertisement_interval;
  if (before_last && world.now() - *before_last < interval - kTickLateness)
    break_promise(name(id) + " sends a third advertisement within " + text(world.now() - *before_last));
}

void Promises::resigned(DirectorId id, const Event& cause) {
  if (!std::holds_alternative<Shutdown>(cause) && !std::holds_alternative<InterfaceDown>(cause))
    break_promise(name(id) + " resigns without a stop or a fault");
}

void Promises::check_headless(const World& world) {
  const auto& directors = world.directors();
  const auto leads = [](const Director& director) { return director.runs() && director.active(); };
  const auto undisturbed = world.undisturbed_since();
  if (!undisturbed || std::ranges::any_of(directors, leads)) {
    headless_since_.reset();
    return;
  }
  if (!headless_since_) headless_since_ = world.now();
  for (const auto& director : directors)  // one that woke up active and yielded at once to what had waited
    headless_since_ = std::max(*headless_since_, director.last_advertisement);
  const auto longest = world.longest_interval();
  const auto bound = world.most_adverts() * longest + std::max<Duration>(1s, longest) + kTickLateness + kWireDelay;
  for (DirectorId i = 0; i < directors.size(); ++i) {
    const auto& director = directors[i];
    if (!director.runs() || !director.backup()) continue;
    auto since = std::max({*headless_since_, *undisturbed, director.awake_since, director.link_since,
                           director.state_since, director.reloaded});
    bool hears_all = true;
    for (DirectorId j = 0; j < directors.size(); ++j) {
      hears_all = hears_all && (i == j || world.connected(i, j));
      if (i != j) since = std::max(since, world.connected_since(i, j));
    }
    if (hears_all && world.now() - since > bound)
      break_promise("nobody is active for " + text(world.now() - since) + " though " + name(i) + " runs");
  }
}

std::string Promises::settled(const World& world) const {
  const auto& directors = world.directors();
  std::vector<DirectorId> active;
  Priority highest = 0;
  bool all_preempt = true;
  for (DirectorId i = 0; i < directors.size(); ++i) {
    if (!directors[i].runs()) return name(i) + " does not run at the end: the scenario is wrong";
    if (directors[i].active()) active.push_back(i);
    if (!directors[i].active() && !directors[i].backup()) return name(i) + " is neither active nor backup at the end";
    highest = std::max(highest, directors[i].params.priority);
    all_preempt = all_preempt && (directors[i].params.preempt_mode || directors[i].params.priority == 255);
  }
  if (active.size() != 1) return std::to_string(active.size()) + " directors are active at the end";
  const auto master = active.front();
  if (all_preempt && directors[master].params.priority != highest)
    return name(master) + " is active at the end, not the strongest";
  if (!world.scenario().has_network_faults() && world.switch_points_to() != master)
    return "the switch does not point to " + name(master) + " at the end";
  return {};
}

}  // namespace baton::vrrp::sim
