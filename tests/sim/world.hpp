// world.hpp - directors, their kernels and the wires between them, in virtual time.
//
// Each director runs the very VirtualRouter, sync groups, tracking and packet codec that the daemon runs, in a process
// that can crash, stall and be restarted, over a kernel that keeps its addresses as long as the lease.  Equal scenarios
// give equal runs.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "sim/mutant.hpp"
#include "sim/promises.hpp"
#include "sim/random.hpp"
#include "sim/scenario.hpp"
#include "vrrp/expectation.hpp"
#include "vrrp/sync_group.hpp"

namespace baton::vrrp::sim {

using Bytes = std::vector<std::uint8_t>;

// What an undisturbed machine and an undisturbed wire take at most.
inline constexpr Duration kWireDelay = std::chrono::milliseconds{2};
inline constexpr Duration kTickLateness = std::chrono::milliseconds{1};
inline constexpr Duration kKernelSlack = std::chrono::milliseconds{1040};  // a lease's end: see vrrp/lease.hpp
inline constexpr Duration kSlowestScript = std::chrono::seconds{2};        // until a tracker's first result

struct Packet {
  Bytes bytes;
  AdvertisementReceived meant;  // by its sender: what promises are judged by
  bool damaged = false;
};

/// A director's virtual router on one wire.
struct Instance {
  DirectorId director = 0;
  unsigned wire = 0;
  Params params;  // in force: with the priority that tracking makes
  Priority base = kDefaultPriority;

  // The process.
  std::optional<VirtualRouter> router;  // none: it does not run
  bool stalled = false;
  std::vector<std::shared_ptr<const Packet>> socket;  // arrived, not read
  std::optional<Instant> armed;                       // the timer
  std::uint16_t identification = 0;
  bool link_known_up = true;
  Tracking tracking;
  Faults faults;

  // The kernel and the disk.
  bool link_up = true;
  std::optional<Instant> address_until;  // when the kernel removes the virtual address; none: it is not there
  bool has_to_announce = false;
  bool wants_address = false;  // the process keeps renewing it
  Instant last_renewal{};
  bool ledger_says_active = false;

  // What promises are judged by.
  Instant awake_since{}, link_since{}, state_since{}, reloaded{}, weighed{};
  Instant last_advertisement{};                   // with a priority above 0
  std::array<std::optional<Instant>, 2> on_tick;  // the last two sent because a timer fired
  Ears ears;
  bool adopted = false;     // went on as the master that a former process was
  std::vector<Peer> peers;  // the other directors, where they are spoken to one by one

  [[nodiscard]] bool runs() const { return router && !stalled && link_up; }
  [[nodiscard]] bool active() const { return router && router->state() == State::active; }
  [[nodiscard]] bool backup() const { return router && router->state() == State::backup; }
  [[nodiscard]] bool holds_address(Instant now) const { return address_until && now < *address_until; }
};

struct Director {
  Params params;                         // its configuration
  std::optional<Params> reload;          // asked for, not done
  std::map<TrackKey, TrackValue> truth;  // of what it tracks
  std::map<TrackKey, TrackValue> known;  // to its process
  std::optional<Instant> first_results;  // when its scripts have all ended once
};

/// What happened, so that a test can show that something did.
struct Statistics {
  std::uint64_t events = 0, packets = 0, refused = 0, takeovers = 0, yields = 0, resignations = 0, adoptions = 0,
                leases_run_out = 0, announcements = 0, group_orders = 0, priorities = 0, faults = 0;
  Duration longest_split{};
  void add(const Statistics& other);
};

class World {
 public:
  struct Options {
    Mutant mutant = Mutant::none;   // what all directors are
    std::optional<Promise> only{};  // the only promise that is looked at
    bool trace = false;
  };
  World(Scenario scenario, Options options);

  /// Runs to the end of the scenario.  The first promise broken, with the time; empty when all were kept.
  std::string run();
  [[nodiscard]] std::optional<Promise> broken() const { return broken_; }

  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] const Scenario& scenario() const { return scenario_; }
  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] const std::vector<Instance>& instances() const { return instances_; }
  [[nodiscard]] const std::vector<Director>& directors() const { return directors_; }
  [[nodiscard]] const Instance& at(DirectorId director, unsigned wire) const {
    return instances_[director * scenario_.wires + wire];
  }
  /// Both ways, on the wire of both.
  [[nodiscard]] bool connected(InstanceId one, InstanceId other) const;
  [[nodiscard]] Instant connected_since(InstanceId one, InstanceId other) const;
  /// Nothing is lost, damaged or delayed, nor has been for a while; none while it is.
  [[nodiscard]] std::optional<Instant> undisturbed_since() const;
  /// Over all directors and their reloads so far.
  [[nodiscard]] Duration longest_interval(unsigned wire) const { return longest_interval_.at(wire); }
  [[nodiscard]] Duration shortest_interval(unsigned wire) const { return shortest_interval_.at(wire); }
  /// Of all directors: the most intervals that one of them waits for.
  [[nodiscard]] unsigned most_adverts() const;
  /// Whose gratuitous ARP the switch of a wire has seen last.
  [[nodiscard]] std::optional<InstanceId> switch_points_to(unsigned wire) const { return switch_points_to_.at(wire); }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const std::vector<std::string>& trace() const { return trace_; }
  /// Of all that happened: equal runs have equal ones.
  [[nodiscard]] std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  enum class Kind : std::uint8_t { start, results, arrival, announcement, wake, fault_begins, fault_ends };
  struct Entry {
    Instant when;
    std::uint64_t order = 0;
    Kind kind = Kind::start;
    std::size_t index = 0;  // of a director, an instance or a fault
    std::shared_ptr<const Packet> packet;
    friend bool operator<(const Entry& a, const Entry& b) {  // for a queue with the earliest on top
      return a.when != b.when ? a.when > b.when : a.order > b.order;
    }
  };

  // world.cpp: time, the wires, the kernels
  void note_interval(const Instance& instance);
  void schedule(Instant when, Kind kind, std::size_t index, std::shared_ptr<const Packet> packet = {});
  void happen(const Entry& entry);
  void begin(const Fault& fault);
  void begin_of_director(const Fault& fault);
  void end(const Fault& fault);
  void end_of_director(const Fault& fault);
  void set_blocked(const Fault& fault, int change);
  void arrive(InstanceId id, const std::shared_ptr<const Packet>& packet);
  void send(InstanceId id, Priority priority, const Event& cause);
  void transmit(InstanceId from, const Advertisement& advertisement);
  void deliver(InstanceId to, const std::shared_ptr<const Packet>& packet);
  [[nodiscard]] std::shared_ptr<const Packet> packet_of(InstanceId from, const Advertisement& advertisement,
                                                        const IpAddress& destination) const;
  void hold_address(InstanceId id);
  void note_network(const Fault& fault, const std::string& what);
  [[nodiscard]] std::string clock() const;
  /// Into the fingerprint, and into the trace what `words` returns.
  template <class Words>
  void note(InstanceId id, std::uint64_t what, const Words& words) {
    note_number(id, what);
    if (options_.trace) note_words(id, words());
  }
  void note_number(InstanceId id, std::uint64_t what);
  void note_words(InstanceId id, const std::string& words);

  // process.cpp: what the daemon does
  void start(DirectorId director);
  void kill(DirectorId director);
  std::vector<InstanceId> adoptable(DirectorId director);
  void serve(DirectorId director);
  void drain(InstanceId id);
  void reload(DirectorId director);
  void follow_links(DirectorId director);
  void learn(DirectorId director);
  void assess(InstanceId id, const std::string& why);
  void apply(InstanceId id, const std::string& why);
  void set_priority(InstanceId id, const std::string& why);
  [[nodiscard]] std::vector<GroupMember> views(DirectorId director) const;
  [[nodiscard]] bool is_held_back(InstanceId id) const;
  void tick(InstanceId id);
  void announce(InstanceId id);
  void arm(InstanceId id);
  void feed(InstanceId id, const Event& event);
  void follow_group(InstanceId id);
  void judge(InstanceId id, State before, const Event& event);
  void carry_out(InstanceId id, const Action& action, const Event& event);
  [[nodiscard]] bool is_deaf(InstanceId id, const Event& event) const;
  [[nodiscard]] bool is(Mutant mutant) const { return options_.mutant == mutant; }
  [[nodiscard]] Params as_run(Params params) const;
  [[nodiscard]] InstanceId first_of(DirectorId director) const { return director * scenario_.wires; }

  Scenario scenario_;
  IpAddress group_;
  std::vector<IpAddress> addresses_;  // the virtual ones
  Options options_;
  Random random_;
  Instant now_{};
  std::uint64_t orders_ = 0;
  std::priority_queue<Entry> queue_;
  std::vector<Director> directors_;
  std::vector<Instance> instances_;
  std::vector<std::vector<int>> blocked_;  // how many faults keep what [from] sends from [to]
  std::vector<std::vector<Instant>> unblocked_;
  unsigned loss_ = 0, duplication_ = 0, corruption_ = 0;  // permille
  std::vector<Duration> delays_;
  int disturbances_ = 0;
  Instant last_disturbance_{};
  Instant latest_arrival_{};
  std::array<Duration, kMostWires> longest_interval_{}, shortest_interval_{};
  std::array<std::optional<InstanceId>, kMostWires> switch_points_to_;
  Statistics statistics_;
  Promises promises_;
  std::optional<Promise> broken_;
  Received received_;
  std::vector<std::string> trace_;
  std::uint64_t fingerprint_ = 0xcbf29ce484222325U;
};

}  // namespace baton::vrrp::sim
