#include "sim/world.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"
#include "vrrp/lease.hpp"

namespace baton::vrrp::sim {

using namespace std::chrono_literals;

namespace {

constexpr Vrid kVrid{51};
constexpr std::uint64_t kStorm = 100'000;  // advertisements on a wire; no scenario needs a tenth of it

/// The virtual addresses of a family.
std::vector<IpAddress> virtual_addresses(Family family) {
  if (family == Family::ipv4) return {IpAddress::v4({10, 0, 0, 100})};
  return {*IpAddress::parse("fe80::100"), *IpAddress::parse("2001:db8::100")};
}

bool in(std::uint32_t side, std::size_t id) {
  return (side >> id & 1U) != 0;
}

}  // namespace

void Statistics::add(const Statistics& other) {
  events += other.events;
  packets += other.packets;
  refused += other.refused;
  takeovers += other.takeovers;
  yields += other.yields;
  resignations += other.resignations;
  adoptions += other.adoptions;
  leases_run_out += other.leases_run_out;
  announcements += other.announcements;
  group_orders += other.group_orders;
  priorities += other.priorities;
  faults += other.faults;
  longest_split = std::max(longest_split, other.longest_split);
}

World::World(Scenario scenario, Options options)
    : scenario_(std::move(scenario)),
      group_(multicast_group(scenario_.family)),
      addresses_(virtual_addresses(scenario_.family)),
      options_(options),
      random_(scenario_.seed),
      promises_(options.only) {
  const auto count = scenario_.directors.size() * scenario_.wires;
  shortest_interval_.fill(1h);
  blocked_.assign(count, std::vector<int>(count));
  unblocked_.assign(count, std::vector<Instant>(count));
  directors_.resize(scenario_.directors.size());
  instances_.resize(count);
  for (DirectorId i = 0; i < directors_.size(); ++i) {
    directors_[i].params = scenario_.directors[i];
    for (const auto& tracked : scenario_.trackers_of(i))
      directors_[i].truth.emplace(tracked.tracker.key, kTrackedUp);
    for (unsigned wire = 0; wire < scenario_.wires; ++wire) {
      auto& instance = instances_[first_of(i) + wire];
      instance.director = i;
      instance.wire = wire;
      instance.params = scenario_.on_wire(directors_[i].params, wire);
      instance.base = instance.params.priority;
      note_interval(instance);
      for (DirectorId other = 0; other < directors_.size(); ++other)
        if (other != i)
          instance.peers.push_back({scenario_.on_wire(scenario_.directors[other], wire).primary_address, 0, 255});
    }
    schedule(scenario_.starts[i], Kind::start, i);
  }
  for (std::size_t i = 0; i < scenario_.faults.size(); ++i) {
    schedule(scenario_.faults[i].begin, Kind::fault_begins, i);
    schedule(scenario_.faults[i].end, Kind::fault_ends, i);
  }
}

void World::note_interval(const Instance& instance) {
  auto& longest = longest_interval_.at(instance.wire);
  auto& shortest = shortest_interval_.at(instance.wire);
  longest = std::max(longest, instance.params.advertisement_interval);
  shortest = std::min(shortest, instance.params.advertisement_interval);
}

std::string World::run() {
  std::optional<Broken> broken;
  while (!broken && !queue_.empty() && queue_.top().when <= scenario_.end) {
    const auto entry = queue_.top();
    queue_.pop();
    ASSERT(entry.when >= now_);
    now_ = entry.when;
    ++statistics_.events;
    happen(entry);
    broken = promises_.check(*this);
    if (!broken && statistics_.packets > kStorm * scenario_.wires)
      broken = {Promise::no_burst, "a storm: the directors answer each other for ever"};
  }
  if (!broken) broken = promises_.settled(*this);
  statistics_.longest_split = promises_.longest_split();
  if (!broken) return {};
  broken_ = broken->promise;
  return "at " + std::to_string(std::chrono::duration<double>(now_ - Instant{}).count()) + " s: " + broken->what;
}

bool World::connected(InstanceId one, InstanceId other) const {
  return instances_[one].wire == instances_[other].wire && blocked_[one][other] == 0 && blocked_[other][one] == 0;
}

Instant World::connected_since(InstanceId one, InstanceId other) const {
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
    case Kind::results:
      if (directors_[entry.index].first_results == now_) serve(entry.index);
      return;
    case Kind::arrival: arrive(entry.index, entry.packet); return;
    case Kind::announcement: switch_points_to_.at(instances_[entry.index].wire) = entry.index; return;
    case Kind::wake:
      if (instances_[entry.index].armed == now_) instances_[entry.index].armed.reset();
      serve(instances_[entry.index].director);
      return;
    case Kind::fault_begins: begin(scenario_.faults[entry.index]); return;
    case Kind::fault_ends: end(scenario_.faults[entry.index]); return;
  }
}

std::string World::clock() const {
  auto text = std::to_string(std::chrono::duration<double>(now_ - Instant{}).count());
  return text.insert(0, 12 - std::min<std::size_t>(12, text.size()), ' ');
}

void World::note_number(InstanceId id, std::uint64_t what) {
  for (const auto value : {static_cast<std::uint64_t>(now_.time_since_epoch().count()), std::uint64_t{id}, what})
    fingerprint_ = (fingerprint_ ^ value) * 0x100000001b3U;  // FNV
}

void World::note_words(InstanceId id, const std::string& words) {
  const auto& instance = instances_[id];
  const auto wire = scenario_.wires == 1 ? std::string() : "." + std::to_string(instance.wire + 1);
  trace_.push_back(clock() + "  d" + std::to_string(instance.director + 1) + wire + "  " + words);
}

void World::note_network(const Fault& fault, const std::string& what) {
  if (options_.trace && fault.kind < Fault::Kind::stall)
    trace_.push_back(clock() + "  --  " + words(scenario_, fault) + ": " + what);
}

void World::begin(const Fault& fault) {
  note_network(fault, "begins");
  switch (fault.kind) {
    case Fault::Kind::loss: loss_ += fault.permille, ++disturbances_; return;
    case Fault::Kind::corruption: corruption_ += fault.permille, ++disturbances_; return;
    case Fault::Kind::delay: delays_.push_back(fault.delay), ++disturbances_; return;
    case Fault::Kind::duplication: duplication_ += fault.permille; return;  // harms nobody
    case Fault::Kind::partition:
    case Fault::Kind::one_way: set_blocked(fault, 1); return;
    default: begin_of_director(fault); return;
  }
}

void World::begin_of_director(const Fault& fault) {
  auto& director = directors_[fault.director];
  const auto first = first_of(fault.director);
  switch (fault.kind) {
    case Fault::Kind::stall:
      note(first, 1, [] { return "stalls"; });
      for (unsigned wire = 0; wire < scenario_.wires; ++wire)
        instances_[first + wire].stalled = true;
      return;
    case Fault::Kind::crash:
      note(first, 2, [] { return "crashes"; });
      kill(fault.director);
      return;
    case Fault::Kind::stop:
      for (unsigned wire = 0; wire < scenario_.wires; ++wire)
        drain(first + wire);
      for (unsigned wire = 0; wire < scenario_.wires; ++wire)
        feed(first + wire, Shutdown{});
      kill(fault.director);
      return;
    case Fault::Kind::link:
      for (unsigned wire = 0; wire < scenario_.wires; ++wire) {
        if (!in(fault.wires, wire)) continue;
        note(first + wire, 3, [] { return "link down"; });
        instances_[first + wire].link_up = false;
      }
      break;
    case Fault::Kind::reload: director.reload = fault.params; break;
    case Fault::Kind::track:
      director.truth.at(scenario_.trackers_of(fault.director)[fault.tracked].tracker.key) = fault.value;
      break;
    default: return;
  }
  serve(fault.director);
}

void World::end(const Fault& fault) {
  note_network(fault, "ends");
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
    default: end_of_director(fault); return;
  }
}

void World::end_of_director(const Fault& fault) {
  const auto first = first_of(fault.director);
  switch (fault.kind) {
    case Fault::Kind::stall:
      for (unsigned wire = 0; wire < scenario_.wires; ++wire) {
        auto& instance = instances_[first + wire];
        note(first + wire, 5,
             [&] { return "runs again, " + std::to_string(instance.socket.size()) + " packets wait"; });
        instance.stalled = false;
        instance.awake_since = now_;
      }
      break;
    case Fault::Kind::crash:
    case Fault::Kind::stop: start(fault.director); return;
    case Fault::Kind::link:
      for (unsigned wire = 0; wire < scenario_.wires; ++wire) {
        if (!in(fault.wires, wire)) continue;
        note(first + wire, 4, [] { return "link up"; });
        instances_[first + wire].link_up = true;
        instances_[first + wire].link_since = now_;
      }
      break;
    case Fault::Kind::track:
      directors_[fault.director].truth.at(scenario_.trackers_of(fault.director)[fault.tracked].tracker.key) =
          kTrackedUp;
      break;
    default: return;
  }
  serve(fault.director);
}

void World::set_blocked(const Fault& fault, int change) {
  for (InstanceId from = 0; from < instances_.size(); ++from)
    for (InstanceId to = 0; to < instances_.size(); ++to) {
      const auto sender = instances_[from].director, hearer = instances_[to].director;
      if (sender == hearer || instances_[from].wire != instances_[to].wire || !in(fault.wires, instances_[to].wire))
        continue;
      const bool cut = fault.kind == Fault::Kind::partition ? in(fault.side, sender) != in(fault.side, hearer)
                                                            : sender == fault.director && in(fault.side, hearer);
      if (!cut) continue;
      blocked_[from][to] += change;
      if (blocked_[from][to] == 0) unblocked_[from][to] = now_;
    }
}

void World::arrive(InstanceId id, const std::shared_ptr<const Packet>& packet) {
  auto& instance = instances_[id];
  if (!instance.router || !instance.link_up) return;
  instance.socket.push_back(packet);
  if (!packet->damaged) instance.ears.hear(instance, packet->meant, now_);
  serve(instance.director);
}

void World::send(InstanceId id, Priority priority, const Event& cause) {
  auto& instance = instances_[id];
  note(id, 1000U + priority, [&] { return "sends priority " + std::to_string(unsigned{priority}); });
  if (priority == kResignPriority) {
    ++statistics_.resignations;
    promises_.resigned(*this, id, cause);
  }
  ++instance.identification;
  if (priority != kResignPriority) {
    instance.last_advertisement = now_;
    const auto interval = instance.params.advertisement_interval;
    if (instance.wants_address && renewal_due(instance.last_renewal, now_, interval)) hold_address(id);
  }
  if (!instance.link_up) return;
  Advertisement advertisement;
  advertisement.version = instance.params.version;
  advertisement.vrid = kVrid;
  advertisement.priority = priority;
  advertisement.max_adver_interval = instance.params.advertisement_interval;
  advertisement.addresses = addresses_;
  transmit(id, advertisement);
}

std::shared_ptr<const Packet> World::packet_of(InstanceId from, const Advertisement& advertisement,
                                               const IpAddress& destination) const {
  const auto& source = instances_[from].params.primary_address;
  Packet packet{encode_packet(advertisement, {source, destination, instances_[from].identification}),
                {source, advertisement.priority, advertisement.max_adver_interval}};
  return std::make_shared<const Packet>(std::move(packet));
}

void World::transmit(InstanceId from, const Advertisement& advertisement) {
  ++statistics_.packets;
  const auto to_all = packet_of(from, advertisement, group_);
  for (InstanceId to = instances_[from].wire; to < instances_.size(); to += scenario_.wires) {
    if (to == from || blocked_[from][to] > 0) continue;
    const auto& address = instances_[to].params.primary_address;
    deliver(to, scenario_.is_unicast ? packet_of(from, advertisement, address) : to_all);
  }
}

void World::deliver(InstanceId to, const std::shared_ptr<const Packet>& packet) {
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

void World::hold_address(InstanceId id) {
  auto& instance = instances_[id];
  instance.last_renewal = now_;
  const auto silence = instance.params.down_timer_adverts * instance.params.advertisement_interval;
  instance.address_until = now_ + lease_lifetime(silence) + random_.between(0ns, kKernelSlack);
  if (is(Mutant::lasting_lease)) *instance.address_until += 1h;
}

}  // namespace baton::vrrp::sim
