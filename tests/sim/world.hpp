// world.hpp - directors, their kernels and the wire between them, in virtual time.
//
// Each director runs the very VirtualRouter and packet codec that the daemon runs, in a process that can crash, stall
// and be restarted, over a kernel that keeps its address as long as the lease.  Equal scenarios give equal runs.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "sim/promises.hpp"
#include "sim/random.hpp"
#include "sim/scenario.hpp"
#include "vrrp/expectation.hpp"

namespace baton::vrrp::sim {

using Bytes = std::vector<std::uint8_t>;

// What an undisturbed machine and an undisturbed wire take at most.
inline constexpr Duration kWireDelay = std::chrono::milliseconds{2};
inline constexpr Duration kTickLateness = std::chrono::milliseconds{1};
inline constexpr Duration kKernelSlack = std::chrono::milliseconds{1040};  // a lease's end: see vrrp/lease.hpp

struct Packet {
  Bytes bytes;
  AdvertisementReceived meant;  // by its sender: what promises are judged by
  bool damaged = false;
};

struct Director {
  Params params;  // its configuration

  // The process.
  std::optional<VirtualRouter> router;  // none: it does not run
  bool stalled = false;
  std::vector<std::shared_ptr<const Packet>> socket;  // arrived, not read
  std::optional<Params> reload;                       // asked for, not done
  std::optional<Instant> armed;                       // the timer
  std::uint16_t identification = 0;
  bool link_known_up = true;

  // The kernel and the disk.
  bool link_up = true;
  std::optional<Instant> address_until;  // when the kernel removes the virtual address; none: it is not there
  bool wants_address = false;            // the process keeps renewing it
  Instant last_renewal{};
  bool ledger_says_active = false;

  // What promises are judged by.
  Instant awake_since{}, link_since{}, state_since{}, reloaded{};
  Instant last_advertisement{};                   // with a priority above 0
  std::array<std::optional<Instant>, 2> on_tick;  // the last two sent because a timer fired
  Ears ears;
  std::vector<Peer> peers;  // the other directors, where they are spoken to one by one

  [[nodiscard]] bool runs() const { return router && !stalled && link_up; }
  [[nodiscard]] bool active() const { return router && router->state() == State::active; }
  [[nodiscard]] bool backup() const { return router && router->state() == State::backup; }
  [[nodiscard]] bool holds_address(Instant now) const { return address_until && now < *address_until; }
};

/// What happened, so that a test can show that something did.
struct Statistics {
  std::uint64_t packets = 0, refused = 0, takeovers = 0, yields = 0, resignations = 0, adoptions = 0,
                leases_run_out = 0, announcements = 0;
  Duration longest_split{};
  void add(const Statistics& other);
};

class World {
 public:
  struct Options {
    bool drain_first = true;  // false: the error that every implementation makes first: timers before the socket
    bool trace = false;
  };
  World(Scenario scenario, Options options);

  /// Runs to the end of the scenario.  The first promise broken, with the time; empty when all were kept.
  std::string run();

  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] const Scenario& scenario() const { return scenario_; }
  [[nodiscard]] const std::vector<Director>& directors() const { return directors_; }
  [[nodiscard]] bool connected(DirectorId one, DirectorId other) const;
  [[nodiscard]] Instant connected_since(DirectorId one, DirectorId other) const;
  /// Nothing is lost, damaged or delayed, nor has been for a while; none while it is.
  [[nodiscard]] std::optional<Instant> undisturbed_since() const;
  /// Over all directors and their reloads so far.
  [[nodiscard]] Duration longest_interval() const { return longest_interval_; }
  [[nodiscard]] Duration shortest_interval() const { return shortest_interval_; }
  /// Of all directors: the most intervals that one of them waits for.
  [[nodiscard]] unsigned most_adverts() const;
  /// Whose gratuitous ARP the switch has seen last.
  [[nodiscard]] std::optional<DirectorId> switch_points_to() const { return switch_points_to_; }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const std::vector<std::string>& trace() const { return trace_; }
  /// Of all that happened: equal runs have equal ones.
  [[nodiscard]] std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  enum class Kind : std::uint8_t { start, arrival, announcement, wake, fault_begins, fault_ends };
  struct Entry {
    Instant when;
    std::uint64_t order = 0;
    Kind kind = Kind::start;
    std::size_t index = 0;  // of a director or a fault
    std::shared_ptr<const Packet> packet;
    friend bool operator<(const Entry& a, const Entry& b) {  // for a queue with the earliest on top
      return a.when != b.when ? a.when > b.when : a.order > b.order;
    }
  };

  void schedule(Instant when, Kind kind, std::size_t index, std::shared_ptr<const Packet> packet = {});
  void happen(const Entry& entry);
  void begin(const Fault& fault);
  void end(const Fault& fault);
  void set_blocked(const Fault& fault, int change);
  void start(DirectorId id);
  void arrive(DirectorId id, const std::shared_ptr<const Packet>& packet);
  void serve(DirectorId id);
  void drain(DirectorId id);
  void tick(DirectorId id);
  void arm(DirectorId id);
  void feed(DirectorId id, const Event& event);
  void carry_out(DirectorId id, const Action& action, const Event& event);
  void send(DirectorId id, Priority priority, const Event& cause);
  void transmit(DirectorId from, const Advertisement& advertisement);
  void deliver(DirectorId to, const std::shared_ptr<const Packet>& packet);
  [[nodiscard]] std::shared_ptr<const Packet> packet_of(DirectorId from, const Advertisement& advertisement,
                                                        const IpAddress& destination) const;
  void hold_address(DirectorId id);
  /// Into the fingerprint, and into the trace what `words` returns.
  template <class Words>
  void note(DirectorId id, std::uint64_t what, const Words& words);
  void note_network(const Fault& fault, const std::string& what);
  [[nodiscard]] std::string clock() const;

  Scenario scenario_;
  IpAddress group_;
  std::vector<IpAddress> addresses_;  // the virtual ones
  Options options_;
  Random random_;
  Instant now_{};
  std::uint64_t orders_ = 0;
  std::priority_queue<Entry> queue_;
  std::vector<Director> directors_;
  std::vector<std::vector<int>> blocked_;  // how many faults keep what [from] sends from [to]
  std::vector<std::vector<Instant>> unblocked_;
  unsigned loss_ = 0, duplication_ = 0, corruption_ = 0;  // permille
  std::vector<Duration> delays_;
  int disturbances_ = 0;
  Instant last_disturbance_{};
  Instant latest_arrival_{};
  Duration longest_interval_{}, shortest_interval_ = std::chrono::hours{1};
  std::optional<DirectorId> switch_points_to_;
  Statistics statistics_;
  Promises promises_;
  std::vector<Action> actions_;
  Received received_;
  std::vector<std::string> trace_;
  std::uint64_t fingerprint_ = 0xcbf29ce484222325U;
};

}  // namespace baton::vrrp::sim
