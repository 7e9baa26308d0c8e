// expectation.hpp - whether an advertisement is one for a given instance.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "vrrp/packet.hpp"

namespace baton::vrrp {

/// A router that is spoken to by unicast.
struct Peer {
  IpAddress address;
  std::uint8_t min_time_to_live = 0, max_time_to_live = 255;  // of what it sends
  friend bool operator==(const Peer&, const Peer&) = default;
};

/// What an instance wants of an advertisement, checked in keepalived's order (compat 10.2).
struct Expectation {
  Version version = Version::v2;
  Vrid vrid{};
  Duration advertisement_interval{};
  std::optional<SimplePassword> password;
  const std::vector<IpAddress>* addresses = nullptr;  // sent by us, in order; compared as a set
  std::optional<AhKey> ah_key{};                      // v2: an Authentication Header is demanded
  std::uint32_t last_sequence = 0;                    // of the Authentication Headers so far
  std::optional<IpAddress> group{};                   // the multicast group; none: unicast
  const std::vector<Peer>* peers = nullptr;           // unicast: who is heard
  bool ignores_all = false;                           // an owner that hears nobody (9568 7.1)
  bool takes_old_checksum = true;                     // unicast: ChecksumForm::as_if_multicast is right
};

/// None when the advertisement is acceptable to `wanted`.  `packet` is what was decoded, for the Authentication Header;
/// without it one that is demanded is refused.  The list of addresses is not looked at: see address_list_differs().
std::optional<Refusal> refusal(const Received& received, const Expectation& wanted,
                               std::span<const std::uint8_t> packet = {});

/// Whether the sender advertises other addresses than we do.  Worth a remark, never a refusal (RFC 9568 7.1, keepalived
/// since 2.3.3).  keepalived 2.2.7 drops such packets as master and as backup, so two directors with lists that differ
/// are both MASTER there; Baton yields to the stronger one whatever its list.
bool address_list_differs(const Received& received, const Expectation& wanted);

}  // namespace baton::vrrp
