// field.hpp - what most rows of the keyword table do: store the value into a member, and print it from there.
#pragma once

#include "config/setters.hpp"
#include "config/show.hpp"

namespace baton::config {

template <auto Member>
constexpr Action integer_field() {
  return {.set = set_integer<Member>, .show = show_number<Member>};
}
template <auto Member>
constexpr Action seconds_field() {
  return {.set = set_seconds<Member>, .show = show_seconds<Member>};
}
template <auto Member>
constexpr Action boolean_field() {
  return {.set = set_boolean<Member>, .show = show_boolean<Member>};
}
/// A keyword without a value.
template <auto Member>
constexpr Action flag_field() {
  return {.set = set_flag<Member>, .show = show_flag<Member>};
}
template <auto Member>
constexpr Action word_field() {
  return {.set = set_text<Member>, .show = show_word<Member>};
}
template <auto Member>
constexpr Action address_field() {
  return {.set = set_address<Member>, .show = show_address<Member>};
}
template <auto Member>
constexpr Action script_field() {
  return {.set = set_script<Member>, .show = show_script<Member>};
}

/// Parsed, checked and stored; Baton does not act on it yet.  `without` says what that means for whoever wrote it.
constexpr Action pending(Action action, std::string_view without = {}) {
  action.standing = Standing::pending;
  if (!without.empty()) action.without = without;
  return action;
}
/// Parsed and checked; it has no effect in Baton, for the reason given.
constexpr Action inert(Action action, std::string_view reason) {
  action.standing = Standing::inert;
  action.without = reason;
  return action;
}
/// The version of keepalived that has the keyword, if later than 2.2.7.
constexpr Action since(std::string_view version, Action action) {
  action.since = version;
  return action;
}
/// A keyword that keepalived does not have: the manual says so.
constexpr Action own(Action action) {
  action.is_own = true;
  return action;
}
/// An old spelling of `present`.
constexpr Action old_spelling(std::string_view present, Action action) {
  action.instead = present;
  return action;
}
/// An old spelling that keepalived passes over in silence.
constexpr Action quiet_spelling(std::string_view present, Action action) {
  action.instead = present;
  action.is_quiet = true;
  return action;
}
/// Of several lines the first one counts.
constexpr Action first_counts(Action action) {
  action.repeat = Repeat::first;
  return action;
}

}  // namespace baton::config
