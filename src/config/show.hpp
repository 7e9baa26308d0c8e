// show.hpp - what the rows of the keyword table print of a member: the counterpart of setters.hpp.
#pragma once

#include <type_traits>

#include "config/keyword.hpp"
#include "config/member.hpp"
#include "config/printer.hpp"

namespace baton::config {

/// A member that is an std::optional is printed when there is a value, an empty text never.
enum class When : std::uint8_t { unless_default, always };

/// The value to print, or nullptr: there is none, or it is what a new object has.
template <auto Member, When kWhen>
auto shown(const Printer& printer) -> const typename Unwrapped<typename MemberOf<decltype(Member)>::Type>::Type* {
  using Object = typename MemberOf<decltype(Member)>::Object;
  const auto& value = printer.current<Object>().*Member;
  if constexpr (Unwrapped<typename MemberOf<decltype(Member)>::Type>::is_optional) {
    return value ? &*value : nullptr;
  } else {
    static const Object kNew{};
    return kWhen == When::unless_default && value == kNew.*Member ? nullptr : &value;
  }
}

template <auto Member, When kWhen = When::unless_default>
void show_number(Printer& printer, const Keyword& keyword) {
  const auto* value = shown<Member, kWhen>(printer);
  if (value == nullptr) return;
  if constexpr (std::is_enum_v<std::remove_cvref_t<decltype(*value)>>)
    printer.line(keyword.name, " ",
                 +static_cast<std::underlying_type_t<std::remove_cvref_t<decltype(*value)>>>(*value));
  else
    printer.line(keyword.name, " ", +*value);
}

template <auto Member, When kWhen = When::unless_default>
void show_seconds(Printer& printer, const Keyword& keyword) {
  if (const auto* value = shown<Member, kWhen>(printer)) printer.line(keyword.name, " ", in_seconds(*value));
}

/// A keyword without a value.
template <auto Member, bool kValue = true>
void show_flag(Printer& printer, const Keyword& keyword) {
  const auto* value = shown<Member, When::always>(printer);
  if (value != nullptr && *value == kValue) printer.line(keyword.name);
}

template <auto Member, When kWhen = When::unless_default>
void show_boolean(Printer& printer, const Keyword& keyword) {
  if (const auto* value = shown<Member, kWhen>(printer)) printer.line(keyword.name, *value ? " on" : " off");
}

template <auto Member>
void show_word(Printer& printer, const Keyword& keyword) {
  const auto* value = shown<Member, When::always>(printer);
  if (value != nullptr && !value->empty()) printer.line(keyword.name, " ", as_word(*value));
}

template <auto Member>
void show_address(Printer& printer, const Keyword& keyword) {
  if (const auto* value = shown<Member, When::unless_default>(printer))
    printer.line(keyword.name, " ", value->to_string());
}

template <auto Member>
void show_script(Printer& printer, const Keyword& keyword) {
  if (const auto* index = shown<Member, When::unless_default>(printer))
    printer.line(keyword.name, " ", as_script_line(printer.config().scripts.at(*index)));
}

}  // namespace baton::config
