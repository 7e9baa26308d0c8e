// route_codec.hpp - routes and policy rules as rtnetlink messages; what the kernel says of removed ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "vrrp/kernel_route.hpp"

namespace baton::net {

/// The whole message that adds an object, header included; the kernel takes the same one, as a deletion, to remove it.
using ObjectBytes = std::vector<std::byte>;

/// The number of an interface; none when there is none of this name.
using LinkNumber = std::function<std::optional<IfIndex>(const std::string&)>;

/// An error when a device does not exist: "no interface eth1".
Result<ObjectBytes> encode(const vrrp::KernelRoute& route, const LinkNumber& link_number);
ObjectBytes encode(const vrrp::KernelRule& rule);

/// Whether these bytes are one whole message that encode() can have made, of a route or of a rule.
[[nodiscard]] bool is_object(std::span<const std::byte> bytes);
[[nodiscard]] bool is_rule(const ObjectBytes& bytes);

/// Two hexadecimal digits for each octet; none for anything that is_object() does not know.
std::string to_hex(const ObjectBytes& bytes);
std::optional<ObjectBytes> from_hex(std::string_view text);

/// What tells objects apart as far as the kernel says it of every one: more than one may fit.
struct ObjectKey {
  bool is_rule = false;
  Family family = Family::ipv4;
  vrrp::Prefix destination;    // of a route
  std::uint32_t table = 0;     // of a route
  std::uint32_t priority = 0;  // of a rule
  friend bool operator==(const ObjectKey&, const ObjectKey&) = default;
};

/// Of any message about a route or a rule, added or removed; none when it is malformed or about something else.
[[nodiscard]] std::optional<ObjectKey> object_key(std::span<const std::byte> message);

/// The same when it says that one was removed.
[[nodiscard]] std::optional<ObjectKey> removed_object(std::span<const std::byte> message);

}  // namespace baton::net
