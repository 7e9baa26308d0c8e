// setters.hpp - what the rows of the keyword table do with a line: store it into the object that is being read.
#pragma once

#include <optional>
#include <string>

#include "config/builder.hpp"
#include "config/member.hpp"
#include "config/values.hpp"

namespace baton::config {

/// Stores `value` in the member, with the place of the word when the member keeps it.
template <auto Member, class Value>
bool store(Builder& builder, const Line& line, Value value) {
  using Traits = MemberOf<decltype(Member)>;
  using Inner = Unwrapped<typename Traits::Type>;
  auto& member = builder.current<typename Traits::Object>().*Member;
  auto converted = static_cast<typename Inner::Type>(value);
  if constexpr (Inner::is_placed) {
    const Place place = line.has_value() ? line.first().place : line.words[0].place;
    member = Placed<typename Inner::Type>{std::move(converted), place};
  } else {
    member = std::move(converted);
  }
  return true;
}

/// The member takes the range that the row gives: the table's test tries both ends.
template <auto Member>
bool set_integer(Builder& builder, const Line& line) {
  const auto value = read_integer(builder, line);
  return value && store<Member>(builder, line, *value);
}

template <auto Member>
bool set_seconds(Builder& builder, const Line& line) {
  const auto value = read_seconds(builder, line);
  return value && store<Member>(builder, line, *value);
}

template <auto Member>
bool set_boolean(Builder& builder, const Line& line) {
  const auto value = read_boolean(builder, line);
  return value && store<Member>(builder, line, *value);
}

template <auto Member>
bool set_address(Builder& builder, const Line& line) {
  const auto value = read_address(builder, line);
  return value && store<Member>(builder, line, *value);
}

template <auto Member>
bool set_text(Builder& builder, const Line& line) {
  return store<Member>(builder, line, std::string(line.first().text));
}

/// A keyword without a value.
template <auto Member, bool kValue = true>
bool set_flag(Builder& builder, const Line& line) {
  return store<Member>(builder, line, kValue);
}

// The timing of a check, or the default of it that a real or virtual server gives.
template <auto Member>
bool set_timing(Builder& builder, const Line& line) {
  const auto value = read_seconds(builder, line);
  if (value) builder.timing(line.block).*Member = *value;
  return value.has_value();
}
bool set_retry(Builder& builder, const Line& line);

/// Opens a block that begins no object of its own.
bool open_plain(Builder& builder, const Line& line);
/// Keeps the script and gives its index; absent when it is none, which is reported.
std::optional<ScriptIndex> read_script(Builder& builder, const Line& line);
template <auto Member>
bool set_script(Builder& builder, const Line& line) {
  const auto index = read_script(builder, line);
  return index && store<Member>(builder, line, *index);
}

}  // namespace baton::config
