#include "sim/world.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/assert.hpp"
#include "core/overloaded.hpp"
#include "vrrp/lease.hpp"

namespace baton::vrrp::sim {

using namespace std::chrono_literals;

namespace {

constexpr Vrid kVrid{51};
constexpr std::uint64_t kStorm = 100'000;  // advertisements; no scenario needs a tenth of it

/// The virtual addresses of a family.
std::vector<IpAddress> virtual_addresses(Family family) {
  if (family == Family::ipv4) return {IpAddress::v4({10, 0, 0, 100})};
  return {*IpAddress::parse("fe80::100"), *IpAddress::parse("2001:db8::100")};
}

bool in(std::uint32_t side, DirectorId id) {
  return (side >> id & 1U) != 0;
}

}  // namespace

void Statistics::add(const Statistics& other) {
  packets += other.packets;
  refused += other.refused;
  takeovers += other.takeovers;
  yields += other.yields;
  resignations += other.resignations;
  adoptions += other.adoptions;
  leases_run_out += other.leases_run_out;
  announcements += other.announcements;
  longest_split = std::max(longest_split, other.longest_split);
}

template <class Words>
void World::note(DirectorId id, std::uint64_t what, const Words& words) {
  for (const auto value : {static_cast<std::uint64_t>(now_.time_since_epoch().count()), std::uint64_t{id}, what})
    fingerprint_ = (fingerprint_ ^ value) * 0x100000001b3U;  // FNV
  if (!options_.trace) return;
  trace_.push_back(clock() + "  d" + std::to_string(id + 1) + "  " + words());
}

World::World(Scenario scenario, Options options)
    : scenario_(std::move(scenario)),
      group_(multicast_group(scenario_.family)),
      addresses_(virtual_addresses(scenario_.family)),
      options_(options),
      random_(scenario_.seed) {
  const auto count = scenario_.directors.size();
  blocked_.assign(count, std::vector<int>(count));
  unblocked_.assign(count, std::vector<Instant>(count));
  directors_.resize(count);
  for (DirectorId i = 0; i < count; ++i) {
    directors_[i].params = scenario_.directors[i];
    longest_interval_ = std::max(longest_interval_, directors_[i].params.advertisement_interval);
    shortest_interval_ = std::min(shortest_interval_, directors_[i].params.advertisement_interval);
    for (DirectorId other = 0; other < count; ++other)
      if (other != i) directors_[i].peers.push_back({scenario_.directors[other].primary_address, 0, 255});
    schedule(scenario_.starts[i], Kind::start, i);
  }
  for (std::size_t i = 0; i < scenario_.faults.size(); ++i) {
    schedule(scenario_.faults[i].begin, Kind::fault_begins, i);
    schedule(scenario_.faults[i].end, Kind::fault_ends, i);
  }
}

std::string World::run() {
  std::string broken;
  while (broken.empty() && !queue_.empty() && queue_.top().when <= scenario_.end) {
    const auto entry = queue_.top();
    queue_.pop();
    ASSERT(entry.when >= now_);
    now_ = entry.when;
    happen(entry);
    broken = promises_.check(*this);
    if (broken.empty() && statistics_.packets > kStorm) broken = "a storm: the directors answer each other for ever";
  }
  if (broken.empty()) broken = promises_.settled(*this);
  statistics_.longest_split = promises_.longest_split();
  if (broken.empty()) return broken;
  return "at " + std::to_string(std::chrono::duration<double>(now_ - Instant{}).count()) + " s: " + broken;
}

bool World::connected(DirectorId one, DirectorId other) const {
  return blocked_[one][other] == 0 && blocked_[other][one] == 0;
}

Instant World::connected_since(DirectorId one, DirectorId other) const {
  return std::max(unblocked_[one][other], unblocked_[other][one]);
}

std::optional<Instant> World::undisturbed_since() const {
  if (disturbances_ > 0 || now_ < last_disturbance_) return std::nullopt;
  return last_disturbance_;
}

void World::schedule(Instant when, Kind kind, std::size_t index, std::shared_ptr<const Packet> packet) {
  queue_.push({when, orders_++, kind, index, std::move(packet)});
}

void World::happen(const Entry& entry) {
  switch (entry.kind) {
    case Kind::start: start(entry.index); return;
    case Kind::arrival: arrive(entry.index, entry.packet); return;
    case Kind::announcement: switch_points_to_ = entry.index; return;
    case Kind::wake:
      if (directors_[entry.index].armed == now_) directors_[entry.index].armed.reset();
      serve(entry.index);
      return;
    case Kind::fault_begins: begin(scenario_.faults[entry.index]); return;
    case Kind::fault_ends: end(scenario_.faults[entry.index]); return;
  }
}

std::string World::clock() const {
  auto text = std::to_string(std::chrono::duration<double>(now_ - Instant{}).count());
  return text.insert(0, 12 - std::min<std::size_t>(12, text.size()), ' ');
}

void World::note_network(const Fault& fault, const std::string& what) {
  if (!options_.trace || fault.kind >= Fault::Kind::stall) return;
  static const std::array<const char*, 6> names = {"loss",  "duplication", "corruption",
                                                   "delay", "partition",   "one way"};
  trace_.push_back(clock() + "  --  " + names[static_cast<std::size_t>(fault.kind)] + " (side " +
                   std::to_string(fault.side) + ") " + what);
}

void World::begin(const Fault& fault) {
  note_network(fault, "begins");
  auto& director = directors_[fault.director];
  const auto id = fault.director;
  switch (fault.kind) {
    case Fault::Kind::loss: loss_ += fault.permille, ++disturbances_; return;
    case Fault::Kind::corruption: corruption_ += fault.permille, ++disturbances_; return;
    case Fault::Kind::delay: delays_.push_back(fault.delay), ++disturbances_; return;
    case Fault::Kind::duplication: duplication_ += fault.permille; return;  // harms nobody
    case Fault::Kind::partition:
    case Fault::Kind::one_way: set_blocked(fault, 1); return;
    case Fault::Kind::stall:
      note(id, 1, [] { return "stalls"; });
      director.stalled = true;
      return;
    case Fault::Kind::crash:
      note(id, 2, [] { return "crashes"; });
      director.router.reset();
      director.socket.clear();
      director.armed.reset();
      return;
    case Fault::Kind::stop:
      drain(id);
      feed(id, Shutdown{});
      director.router.reset();
      director.armed.reset();
      return;
    case Fault::Kind::link:
      note(id, 3, [] { return "link down"; });
      director.link_up = false;
      serve(id);
      return;
    case Fault::Kind::reload:
      director.reload = fault.params;
      serve(id);
      return;
  }
}

void World::end(const Fault& fault) {
  note_network(fault, "ends");
  auto& director = directors_[fault.director];
  const auto quiet = [this] {
    --disturbances_;
    last_disturbance_ = std::max({now_, latest_arrival_, last_disturbance_});
  };
  switch (fault.kind) {
    case Fault::Kind::loss: loss_ -= fault.permille, quiet(); return;
    case Fault::Kind::corruption: corruption_ -= fault.permille, quiet(); return;
    case Fault::Kind::delay: delays_.erase(std::ranges::find(delays_, fault.delay)), quiet(); return;
    case Fault::Kind::duplication: duplication_ -= fault.permille; return;
    case Fault::Kind::partition:
    case Fault::Kind::one_way: set_blocked(fault, -1); return;
    case Fault::Kind::stall:
      note(fault.director, 5,
           [&] { return "runs again, " + std::to_string(director.socket.size()) + " packets wait"; });
      director.stalled = false;
      director.awake_since = now_;
      serve(fault.director);
      return;
    case Fault::Kind::crash:
    case Fault::Kind::stop: start(fault.director); return;
    case Fault::Kind::link:
      note(fault.director, 4, [] { return "link up"; });
      director.link_up = true;
      director.link_since = now_;
      serve(fault.director);
      return;
    case Fault::Kind::reload: return;
  }
}

void World::set_blocked(const Fault& fault, int change) {
  for (DirectorId from = 0; from < directors_.size(); ++from)
    for (DirectorId to = 0; to < directors_.size(); ++to) {
      const bool cut = fault.kind == Fault::Kind::partition ? in(fault.side, from) != in(fault.side, to)
                                                            : from == fault.director && in(fault.side, to);
      if (!cut || from == to) continue;
      blocked_[from][to] += change;
      if (blocked_[from][to] == 0) unblocked_[from][to] = now_;
    }
}

/// As the daemon: adopts when its ledger says active and the address is still there; else removes what is left over.
void World::start(DirectorId id) {
  auto& director = directors_[id];
  ASSERT(!director.router);
  director.router.emplace(director.params);
  director.wants_address = false;
  director.awake_since = now_;
  director.link_known_up = true;
  director.ears = {};
  director.on_tick = {};
  if (director.ledger_says_active && director.holds_address(now_)) {
    ++statistics_.adoptions;
    feed(id, Adopt{});
  } else {
    if (director.address_until && !director.holds_address(now_)) ++statistics_.leases_run_out;
    director.address_until.reset();
    feed(id, Startup{});
  }
  serve(id);
}

void World::arrive(DirectorId id, const std::shared_ptr<const Packet>& packet) {
  auto& director = directors_[id];
  if (!director.router || !director.link_up) return;
  director.socket.push_back(packet);
  if (!packet->damaged) director.ears.hear(director.params, packet->meant, now_);
  serve(id);
}

void World::serve(DirectorId id) {
  auto& director = directors_[id];
  if (!director.router || director.stalled) return;
  if (!options_.drain_first) tick(id);
  drain(id);
  if (director.reload) {
    director.params = *std::exchange(director.reload, std::nullopt);
    longest_interval_ = std::max(longest_interval_, director.params.advertisement_interval);
    shortest_interval_ = std::min(shortest_interval_, director.params.advertisement_interval);
    director.reloaded = now_;
    note(id, 8, [&] { return "reloads, priority " + std::to_string(unsigned{director.params.priority}); });
    director.ears.reload(director.params);
    director.on_tick = {};
    feed(id, Reconfigure{director.params});
  }
  if (director.link_up != director.link_known_up) {
    director.link_known_up = director.link_up;
    if (director.link_up)
      feed(id, InterfaceUp{director.params.primary_address});
    else
      feed(id, InterfaceDown{"the link is down"});
  }
  tick(id);
  arm(id);
}

void World::drain(DirectorId id) {
  auto& director = directors_[id];
  const auto packets = std::exchange(director.socket, {});
  for (const auto& packet : packets) {
    Expectation wanted{director.params.version, kVrid, director.params.advertisement_interval, std::nullopt,
                       &addresses_};
    if (scenario_.is_unicast)
      wanted.peers = &director.peers;
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

void World::tick(DirectorId id) {
  const auto deadline = directors_[id].router->deadline();
  if (deadline && *deadline <= now_) feed(id, Tick{});
}

void World::arm(DirectorId id) {
  auto& director = directors_[id];
  const auto deadline = director.router->deadline();
  if (!deadline || (director.armed && *director.armed >= *deadline && *director.armed <= *deadline + kTickLateness))
    return;
  director.armed = std::max(*deadline, now_) + random_.between(0ns, kTickLateness);
  schedule(*director.armed, Kind::wake, id);
}

void World::feed(DirectorId id, const Event& event) {
  auto& director = directors_[id];
  const auto before = director.router->state();
  actions_.clear();
  director.router->handle(event, now_, actions_);
  const auto actions = actions_;  // carrying out feeds nobody, but keeps to the rule
  if (director.router->state() != before) director.state_since = now_;
  for (const auto& action : actions)
    carry_out(id, action, event);
  director.ledger_says_active = director.active();
  if (before == State::backup && director.active()) {
    ++statistics_.takeovers;
    promises_.takeover(*this, id);
  }
  if (before == State::active && director.backup()) ++statistics_.yields;
  const bool starts = std::holds_alternative<Startup>(event) || std::holds_alternative<InterfaceUp>(event);
  if (starts) director.ears = {};
  if (starts && director.backup())  // nothing heard yet is as if somebody had just been
    director.ears.strong = {now_, kOwnerPriority, director.params.advertisement_interval, {}};
}

void World::carry_out(DirectorId id, const Action& action, const Event& event) {
  auto& director = directors_[id];
  std::visit(Overloaded{[&](const SendAdvertisement& advertisement) {
                          send(id, advertisement.priority, event);
                          if (!std::holds_alternative<Tick>(event)) return;
                          promises_.sent_on_tick(*this, id, director.on_tick[0]);
                          director.on_tick = {director.on_tick[1], now_};
                        },
                        [&](const AcquireAddresses&) {
                          director.wants_address = true;
                          hold_address(id);
                        },
                        [&](const ReleaseAddresses&) {
                          director.wants_address = false;
                          director.address_until.reset();
                          director.on_tick = {};
                        },
                        [&](const AnnounceAddresses&) {
                          ++statistics_.announcements;
                          note(id, 6, [] { return "announces"; });
                          if (director.link_up)
                            schedule(now_ + random_.between(100us, kWireDelay), Kind::announcement, id);
                        },
                        [](const AnnounceElsewhere&) {},
                        [&](const StateChanged& change) {
                          note(id, 10 + static_cast<std::uint64_t>(change.to),
                               [&] { return std::string(users_name(change.to)) + ": " + change.reason; });
                        },
                        [&](const PriorityAdopted& change) { note(id, 8, [&] { return change.reason; }); },
                        [](const HeardWeaker&) {}, [](const WantsActive&) {},
                        [&](const Remark& remark) { note(id, 7, [&] { return remark.text; }); }},
             action);
}

void World::send(DirectorId id, Priority priority, const Event& cause) {
  auto& director = directors_[id];
  note(id, 1000U + priority, [&] { return "sends priority " + std::to_string(unsigned{priority}); });
  if (priority == kResignPriority) {
    ++statistics_.resignations;
    promises_.resigned(id, cause);
  }
  ++director.identification;
  if (priority != kResignPriority) {
    director.last_advertisement = now_;
    const auto interval = director.params.advertisement_interval;
    if (director.wants_address && renewal_due(director.last_renewal, now_, interval)) hold_address(id);
  }
  if (!director.link_up) return;
  Advertisement advertisement;
  advertisement.version = director.params.version;
  advertisement.vrid = kVrid;
  advertisement.priority = priority;
  advertisement.max_adver_interval = director.params.advertisement_interval;
  advertisement.addresses = addresses_;
  transmit(id, advertisement);
}

std::shared_ptr<const Packet> World::packet_of(DirectorId from, const Advertisement& advertisement,
                                               const IpAddress& destination) const {
  const auto& source = directors_[from].params.primary_address;
  Packet packet{encode_packet(advertisement, {source, destination, directors_[from].identification}),
                {source, advertisement.priority, advertisement.max_adver_interval}};
  return std::make_shared<const Packet>(std::move(packet));
}

void World::transmit(DirectorId from, const Advertisement& advertisement) {
  ++statistics_.packets;
  const auto to_all = packet_of(from, advertisement, group_);
  for (DirectorId to = 0; to < directors_.size(); ++to) {
    if (to == from || blocked_[from][to] > 0) continue;
    const auto& address = directors_[to].params.primary_address;
    deliver(to, scenario_.is_unicast ? packet_of(from, advertisement, address) : to_all);
  }
}

void World::deliver(DirectorId to, const std::shared_ptr<const Packet>& packet) {
  const int copies = random_.chance(duplication_) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    if (random_.chance(loss_)) continue;
    auto arriving = packet;
    if (random_.chance(corruption_)) {
      auto damaged = *packet;
      const auto header = static_cast<unsigned>(ip_header_size(damaged.bytes));
      const auto bit = header * 8 + random_.below((static_cast<unsigned>(damaged.bytes.size()) - header) * 8);
      damaged.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
      damaged.damaged = true;
      arriving = std::make_shared<const Packet>(std::move(damaged));
    }
    auto delay = random_.between(100us, kWireDelay);
    for (const auto more : delays_)
      delay += random_.between(0ns, more);
    latest_arrival_ = std::max(latest_arrival_, now_ + delay);
    schedule(now_ + delay, Kind::arrival, to, std::move(arriving));
  }
}

unsigned World::most_adverts() const {
  unsigned most = 0;
  for (const auto& director : directors_)
    most = std::max(most, director.params.down_timer_adverts);
  return most;
}

void World::hold_address(DirectorId id) {
  auto& director = directors_[id];
  director.last_renewal = now_;
  director.address_until = now_ +
                           lease_lifetime(director.params.down_timer_adverts * director.params.advertisement_interval) +
                           random_.between(0ns, kKernelSlack);
}

}  // namespace baton::vrrp::sim
