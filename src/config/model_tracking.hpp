// model_tracking.hpp - what is tracked, by whom, and what its state does to a priority.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/model_script.hpp"
#include "config/position.hpp"
#include "core/ip_address.hpp"
#include "core/time.hpp"

namespace baton::config {

/// What an object's state adds to a priority: above 0 while it is up, below 0 while it is down; 0: down means FAULT.
/// Of a file it is the factor of its number.
struct TrackWeight {
  int value = 0;
  bool is_reversed = false;  // up and down change places
  friend bool operator==(const TrackWeight&, const TrackWeight&) = default;
};

/// vrrp_script: a command that is run again and again, or a file that must be there.
struct VrrpScript {
  std::string name;
  std::optional<ScriptIndex> script;
  std::string opened_file;  // `script "</path"`: up while it can be opened; then there is no script
  Duration interval = std::chrono::seconds{1};
  std::optional<Duration> timeout;  // absent: the interval
  TrackWeight weight;
  std::uint32_t rise = 1, fall = 1;
  bool init_fail = false;
  Position position;
  friend bool operator==(const VrrpScript&, const VrrpScript&) = default;
};

/// init_file: the number that a tracked file is made with at start.
struct InitialNumber {
  std::int32_t value = 0;
  bool overwrite = false;  // also when the file is there
  friend bool operator==(const InitialNumber&, const InitialNumber&) = default;
};

/// track_file: a number in a file.
struct TrackFile {
  std::string name;
  std::string file;
  TrackWeight weight{1, false};
  std::optional<InitialNumber> init_file;
  Position position;
  friend bool operator==(const TrackFile&, const TrackFile&) = default;
};

/// How the parameters of a process are compared; `plain` is `exact` when there are any.
enum class ParamMatch : std::uint8_t { plain, exact, initial, partial };

/// vrrp_track_process: whether a process is there.
struct TrackProcess {
  std::string name;
  std::string process;
  std::vector<std::string> parameters;
  ParamMatch param_match = ParamMatch::plain;
  TrackWeight weight;
  std::uint16_t quorum = 1;
  std::optional<std::uint16_t> quorum_max;  // absent: unlimited
  Duration terminate_delay{}, fork_delay{};
  bool full_command = false;
  Position position;
  friend bool operator==(const TrackProcess&, const TrackProcess&) = default;
};

/// vrrp_track_gateway: whether an address answers; Baton's own.
struct TrackGateway {
  std::string name;
  std::optional<IpAddress> address;  // there is one in a Config
  std::uint16_t port = 0;            // of a TCP connection; 0: a ping instead
  std::string interface;             // that it goes out of; empty: as the routes say
  Duration interval = std::chrono::seconds{1};
  std::optional<Duration> timeout;  // absent: the interval
  std::uint32_t rise = 2, fall = 3;
  TrackWeight weight;
  Position position;
  friend bool operator==(const TrackGateway&, const TrackGateway&) = default;
};

/// bfd_instance: a BFD session (RFC 5880).
struct BfdInstance {
  std::string name;
  std::optional<IpAddress> source_ip;
  IpAddress neighbor_ip;
  Duration min_rx = std::chrono::milliseconds{10};
  Duration min_tx = std::chrono::milliseconds{10};
  Duration idle_tx = std::chrono::seconds{1};
  std::uint8_t multiplier = 5;
  bool passive = false;
  std::optional<std::uint8_t> ttl;  // absent: 255, of IPv6 64
  std::int16_t max_hops = 0;        // -1 and 255: any
  bool multihop = false;
  TrackWeight weight;
  bool vrrp = false, checker = false;  // who is told; neither: both
  Position position;
  friend bool operator==(const BfdInstance&, const BfdInstance&) = default;
};

/// track_group: instances that follow a static address, route or rule.
struct TrackGroup {
  std::string name;
  std::vector<std::string> instances;  // that there are
  Position position;
  friend bool operator==(const TrackGroup&, const TrackGroup&) = default;
};

/// One line of a track_* block: what it names, and what its state does.
struct Tracked {
  std::string name;
  std::size_t object = 0;  // of the Config's list of its kind; of interfaces without meaning
  TrackWeight weight;      // its own, or the object's
  Position position;
  friend bool operator==(const Tracked&, const Tracked&) = default;
};

/// All that an instance or a sync group tracks.
struct Tracking {
  std::vector<Tracked> interfaces, scripts, files, processes, bfds, gateways;
  friend bool operator==(const Tracking&, const Tracking&) = default;
};

}  // namespace baton::config
