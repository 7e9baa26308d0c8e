// member.hpp - what a pointer to member says: the class, the type, and the type inside optional and Placed.
#pragma once

#include <optional>

#include "config/draft.hpp"

namespace baton::config {

template <class T>
struct MemberOf;
template <class Class, class Value>
struct MemberOf<Value Class::*> {
  using Object = Class;
  using Type = Value;
};

template <class T>
struct Unwrapped {
  using Type = T;
  static constexpr bool is_placed = false;
  static constexpr bool is_optional = false;
};
template <class T>
struct Unwrapped<std::optional<T>> : Unwrapped<T> {
  static constexpr bool is_optional = true;
};
template <class T>
struct Unwrapped<Placed<T>> {
  using Type = T;
  static constexpr bool is_placed = true;
  static constexpr bool is_optional = false;
};

}  // namespace baton::config
