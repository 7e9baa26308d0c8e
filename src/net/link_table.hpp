// link_table.hpp - what is known of the machine's interfaces, built from the kernel's messages.
//
// Pure: messages in, reports out.  net::Links feeds it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/ids.hpp"
#include "core/ip_address.hpp"
#include "net/rtnetlink.hpp"
#include "vrrp/announcement.hpp"

namespace baton::net {

struct Link {
  IfIndex index{};
  std::string name;
  bool exists = true;      // false only in a report of disappearance
  bool up = false;         // IFF_UP and IFF_RUNNING
  vrrp::MacAddress mac{};  // zero when the link has none of 6 octets
  unsigned mtu = 0;
  std::uint32_t vrf_table = 0;  // of a VRF: its routing table; 0: it is none
  std::optional<IpAddress> primary_ipv4{};
  std::optional<IpAddress> primary_ipv6{};  // a link-local one: what VRRP over IPv6 is sent from (RFC 9568 5.1.2.1)
  [[nodiscard]] const std::optional<IpAddress>& primary(Family family) const {
    return family == Family::ipv4 ? primary_ipv4 : primary_ipv6;
  }
  friend bool operator==(const Link&, const Link&) = default;
};

/// Called in the order the kernel reported.  Empty functions are not called.
struct LinkObserver {
  /// Any field changed, or the link appeared.  Gone: `exists` and `up` are false, the rest as it last was.  A rename is
  /// the old name gone, then the new name there.
  std::function<void(const Link&)> on_change;
  /// An address that was not there; renewals of a lifetime are not reported.
  std::function<void(IfIndex, const IpAddress&, std::uint8_t prefix_length)> on_address_added;
  std::function<void(IfIndex, const IpAddress&, std::uint8_t prefix_length)> on_address_removed;
};

/// The primary address of a link is keepalived's choice, as measured: the first in the kernel's order (wider scopes
/// last, secondary ones behind all) that is no virtual address, and that one as long as it is there.  Over IPv6 only
/// link-local ones count; one that waits for the end of duplicate address detection does, as with keepalived.
class LinkTable {
 public:
  /// Addresses that carry `own_protocol` (0: none do) are virtual ones too.
  explicit LinkTable(std::uint8_t own_protocol) : own_protocol_(own_protocol) {}

  /// Reports from now on.
  void set_observer(LinkObserver observer) { observer_ = std::move(observer); }

  [[nodiscard]] const Link* find(std::string_view name) const;
  [[nodiscard]] const Link* find(IfIndex index) const;

  /// Whether some link has this address, as a virtual one or otherwise.
  [[nodiscard]] bool has(const IpAddress& address) const { return address_counts_.contains(address); }

  void set_virtual_addresses(std::unordered_set<IpAddress> addresses);

  void apply(const LinkMessage& message);
  void apply(const AddressMessage& message);

  /// Around a dump of all links and all addresses: what the dump did not name is gone.
  void begin_dump() { ++generation_; }
  void end_dump();

 private:
  using AddressKey = std::pair<IpAddress, std::uint8_t>;  // address, prefix length: the kernel's identity
  struct AddressHash {
    std::size_t operator()(const AddressKey& key) const noexcept {
      return std::hash<IpAddress>{}(key.first) * 33 + key.second;
    }
  };
  /// The kernel's order: primary ones first, narrower scopes (greater numbers) first, then as they came.
  struct Rank {
    bool secondary = false;
    int scope = 0;  // negated
    std::uint64_t arrival = 0;
    friend auto operator<=>(const Rank&, const Rank&) = default;
  };
  struct Address {
    Rank rank;
    bool ours = false;          // carries our protocol number
    bool is_duplicate = false;  // another host has it
    std::uint64_t generation = 0;
  };
  /// Of one family.
  struct Choice {
    std::map<Rank, AddressKey> candidates;  // those that may be the primary address
    std::optional<AddressKey> primary;
  };
  struct Entry {
    Link link;
    std::unordered_map<AddressKey, Address, AddressHash> addresses;
    Choice ipv4, ipv6;
    std::uint64_t generation = 0;
    Choice& choice(Family family) { return family == Family::ipv4 ? ipv4 : ipv6; }
  };

  void count(const IpAddress& address, int change);
  void remove(IfIndex index);
  void remove_addresses(Entry& entry, bool only_unseen);
  /// Another link has been given this name while we were not told.
  void take_name(const std::string& name, IfIndex new_holder);
  void report_gone(const Link& link) const;
  void choose_primary(Entry& entry);
  static bool choose(Entry& entry, Choice& choice, std::optional<IpAddress>& chosen);
  [[nodiscard]] bool is_candidate(const AddressKey& key, const Address& address) const;

  std::uint8_t own_protocol_;
  LinkObserver observer_;
  std::unordered_map<IfIndex, Entry> entries_;
  std::unordered_map<std::string, IfIndex> names_;
  std::unordered_set<IpAddress> virtual_addresses_;
  std::unordered_map<IpAddress, int> address_counts_;  // on how many links, and with how many prefixes
  std::uint64_t generation_ = 0;
  std::uint64_t arrivals_ = 0;
};

}  // namespace baton::net
