// model_tracking.hpp - what is tracked, by whom, and what its state does to a priority.
#pragma once

#include <string>
#include <vector>

#include "config/model_script.hpp"
#include "config/position.hpp"
#include "core/time.hpp"

namespace baton::config {

/// vrrp_script: a command that is run again and again.
struct VrrpScript {
  std::string name;
  Position position;
  friend bool operator==(const VrrpScript&, const VrrpScript&) = default;
};

/// track_file: a number in a file.
struct TrackFile {
  std::string name;
  Position position;
  friend bool operator==(const TrackFile&, const TrackFile&) = default;
};

/// vrrp_track_process: whether a process is there.
struct TrackProcess {
  std::string name;
  Position position;
  friend bool operator==(const TrackProcess&, const TrackProcess&) = default;
};

/// bfd_instance: a BFD session (RFC 5880).
struct BfdInstance {
  std::string name;
  Position position;
  friend bool operator==(const BfdInstance&, const BfdInstance&) = default;
};

/// track_group: instances that follow a static address, route or rule.
struct TrackGroup {
  std::string name;
  std::vector<std::string> instances;
  Position position;
  friend bool operator==(const TrackGroup&, const TrackGroup&) = default;
};

/// One line of a track_* block: what it names, and what its state does.
struct Tracked {
  std::string name;
  Position position;
  friend bool operator==(const Tracked&, const Tracked&) = default;
};

/// All that an instance or a sync group tracks.
struct Tracking {
  std::vector<Tracked> interfaces, scripts, files, processes, bfds;
  friend bool operator==(const Tracking&, const Tracking&) = default;
};

}  // namespace baton::config
