// model_address.hpp - an address that the kernel is given: virtual, excluded or static.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "config/position.hpp"
#include "core/ip_address.hpp"

namespace baton::config {

/// rtnetlink's RT_SCOPE_*.
enum class Scope : std::uint8_t { global = 0, site = 200, link = 253, host = 254, nowhere = 255 };

/// rtnetlink's INFINITY_LIFE_TIME: `preferred_lft forever`.
inline constexpr std::chrono::seconds kForever{0xFFFFFFFF};

/// The other end of a point-to-point address.
struct PeerAddress {
  IpAddress address;
  std::uint8_t prefix_length = 32;
  friend bool operator==(const PeerAddress&, const PeerAddress&) = default;
};

struct VirtualAddress {
  IpAddress address;
  std::uint8_t prefix_length = 32;
  std::string device;                  // empty: the instance's interface, of a static one default_interface
  Scope scope = Scope::global;         // IPv4 only: of an IPv6 address the kernel knows it
  std::string label;                   // IPv4 only; empty: none
  std::optional<IpAddress> broadcast;  // `brd`; IPv4 only
  std::optional<PeerAddress> peer;
  std::optional<std::chrono::seconds> preferred_lft;  // absent: 0 of an IPv6 /128, else kForever
  std::string track_group;                            // static addresses only; empty: none
  bool home = false;
  bool dad = false;  // `-nodad`: duplicate address detection is done, though keepalived's default is not to
  bool mngtmpaddr = false;
  bool noprefixroute = false;
  bool autojoin = false;
  bool no_track = false;
  bool use_vmac = false;  // virtual addresses with an interface only
  Position position;
  friend bool operator==(const VirtualAddress&, const VirtualAddress&) = default;
};

}  // namespace baton::config
