// announcement_queue.hpp - bursts of announcements that wait for the network: which frame goes next, and when.
//
// Sans-I/O.  Bursts without a distance go out as fast as the device takes them, each once before any is repeated: when
// hundreds of routers take over together, none waits for another's repeats.  keepalived's
// garp_interval and gna_interval keep the frames of a lane apart: those of one interface, or of the interfaces of one
// garp_group; lanes do not wait for one another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "vrrp/announcement.hpp"

namespace baton::vrrp {

/// All of `addresses`, then all again, `repeat` times.
struct AnnouncementBurst {
  const void* owner = nullptr;  // whose it is, for cancel(); never looked into
  std::uint32_t lane = 0;       // 0: the one without a distance
  Duration distance{};          // between two frames of the lane
  IfIndex link{};
  MacAddress sender{};
  bool is_router = false;
  std::vector<IpAddress> addresses;
  unsigned repeat = 1;
};

class AnnouncementQueue {
 public:
  /// Frames of one burst: 1,600 addresses five times.  With more addresses the repeats become fewer, never the
  /// addresses announced.
  static constexpr std::size_t kMaxFrames = 8192;

  struct Frame {
    AnnouncementFrame frame;
    IfIndex link{};
  };

  /// Nothing when there is nothing to announce.
  void add(AnnouncementBurst burst, Instant now);

  /// Takes back what has not been sent of this owner: its addresses are no longer here.
  void cancel(const void* owner);

  /// Fills `out` with frames that may go now, as many as there are; they stay until taken().  All are of one lane.
  std::size_t ready(std::span<Frame> out, Instant now);
  /// The first `count` of what ready() gave have been sent.
  void taken(std::size_t count, Instant now);
  /// The burst whose frame ready() gave first cannot be sent: how many of how many frames are lost with it.
  struct Loss {
    std::size_t unsent = 0, total = 0;
    IfIndex link{};
  };
  Loss drop();

  /// Addresses wait that have not been announced once and that nothing keeps back.
  [[nodiscard]] bool has_news(Instant now) const;
  /// When ready() gives something; none when nothing waits.
  [[nodiscard]] std::optional<Instant> deadline() const;
  [[nodiscard]] bool empty() const { return lanes_.empty(); }

 private:
  struct Waiting {
    AnnouncementBurst burst;
    std::size_t done = 0, total = 0;
    [[nodiscard]] bool is_spaced() const { return burst.distance > Duration::zero(); }
    [[nodiscard]] bool is_news() const { return done < burst.addresses.size(); }
    /// Frames left until another burst's turn: a spaced one is sent to its end.
    [[nodiscard]] std::size_t turn(std::size_t at) const;
  };
  struct Lane {
    std::deque<Waiting> bursts;  // those that are news first, then in the order of their turns
    Instant next{};              // the first frame may go then
  };
  std::map<std::uint32_t, Lane> lanes_;  // a lane that has sent all stays until its distance is over
  std::uint32_t current_ = 0;            // the lane that ready() chose
};

}  // namespace baton::vrrp
