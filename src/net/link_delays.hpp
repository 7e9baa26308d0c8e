// link_delays.hpp - a link that goes down or comes up counts as such only when that has lasted
// (interface_up_down_delays).
//
// Pure: the kernel's messages in, messages out in which `up` is the state that counts.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "net/rtnetlink.hpp"

namespace baton::net {

struct LinkDelay {
  Duration down{}, up{};
  friend bool operator==(const LinkDelay&, const LinkDelay&) = default;
};

class LinkDelays {
 public:
  /// From now on, by the name of the link.  A change that waits goes on waiting; without a delay it is due at once.
  void set(std::unordered_map<std::string, LinkDelay> delays, Instant now);

  /// A link that is new counts as it is, one that is gone is gone.
  [[nodiscard]] LinkMessage filter(LinkMessage message, Instant now);

  /// When due() has something to say, without another message.
  [[nodiscard]] std::optional<Instant> deadline() const;
  /// The changes that have lasted, in the order of their deadlines; nothing but the state is said.
  [[nodiscard]] std::vector<LinkMessage> due(Instant now);

 private:
  struct State {
    std::string name;
    bool is_up = false;   // by the kernel
    bool counts = false;  // as up
    std::optional<Instant> due;
  };
  void wait(IfIndex index, State& state, std::optional<Instant> due);
  [[nodiscard]] Duration delay_of(const State& state) const;

  std::unordered_map<std::string, LinkDelay> delays_;
  std::unordered_map<IfIndex, State> states_;
  std::set<std::pair<Instant, IfIndex>> waiting_;
};

}  // namespace baton::net
