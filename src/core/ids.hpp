// ids.hpp - small numbers that must not be mixed up, as types of their own.
#pragma once

#include <compare>
#include <cstdint>

namespace baton {

/// Virtual Router Identifier, 1..255 (RFC 9568 5.2.3).
enum class Vrid : std::uint8_t {};
constexpr std::uint8_t number(Vrid vrid) {
  return static_cast<std::uint8_t>(vrid);
}

/// The kernel's interface index; 0 means none.
enum class IfIndex : std::uint32_t {};
constexpr std::uint32_t number(IfIndex index) {
  return static_cast<std::uint32_t>(index);
}

/// VRRP priority: 0 resigns, 1..254 backs up, 255 owns the address (RFC 9568 5.2.4).
using Priority = std::uint8_t;
inline constexpr Priority kResignPriority = 0;
inline constexpr Priority kDefaultPriority = 100;
inline constexpr Priority kOwnerPriority = 255;

}  // namespace baton
