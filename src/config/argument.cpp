#include "config/argument.hpp"

#include <algorithm>
#include <utility>

namespace baton::config {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

std::string number(const Argument& argument, std::int64_t value) {
  return argument.kind == Argument::Kind::decimal ? decimal(value) : std::to_string(value);
}

bool is_unlimited(const Argument& argument) {
  return argument.maximum == (argument.kind == Argument::Kind::decimal ? kUnlimitedSeconds : kUnlimited);
}

std::string with_unit(std::string text, std::string_view unit) {
  if (unit.empty()) return text;
  return std::move(text) + " " + std::string(unit);
}

}  // namespace

std::string decimal(std::int64_t millionths) {
  std::string text = millionths < 0 ? "-" : "";
  const std::int64_t magnitude = millionths < 0 ? -millionths : millionths;
  text += std::to_string(magnitude / kMillion);
  std::string fraction = std::to_string(magnitude % kMillion + kMillion).substr(1);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return fraction.empty() ? text : text + "." + fraction;
}

std::string Argument::range() const {
  if (is_unlimited(*this)) return with_unit(number(*this, minimum) + " or more", unit);
  return with_unit(number(*this, minimum) + " to " + number(*this, maximum), unit);
}

std::vector<std::string_view> Argument::choices() const {
  std::vector<std::string_view> found;
  found.reserve(static_cast<std::size_t>(std::ranges::count(words, '|')) + 1);
  for (std::size_t start = 0; start <= words.size();) {
    const std::size_t end = std::min(words.find('|', start), words.size());
    found.push_back(words.substr(start, end - start));
    start = end + 1;
  }
  return found;
}

std::optional<std::size_t> Argument::choice(std::string_view word) const {
  std::size_t place = 0;
  for (std::size_t start = 0; start <= words.size(); ++place) {
    const std::size_t end = std::min(words.find('|', start), words.size());
    if (words.substr(start, end - start) == word) return place;
    start = end + 1;
  }
  return std::nullopt;
}

std::string Argument::grammar() const {
  std::string text;
  switch (kind) {
    case Kind::none: return "";
    case Kind::boolean: return "[on|off|true|false|yes|no]";
    case Kind::integer: text = "<int:"; break;
    case Kind::decimal: text = "<dec:"; break;
    case Kind::address: return is_optional ? "[<ip>]" : "<ip>";
    case Kind::script: text = "<\"command arguments\"|word> [<user> [<group>]]"; break;
    case Kind::block: return words.empty() ? "{ }" : std::string(words) + " { }";
    case Kind::list: return "{ " + std::string(words) + " }";
    case Kind::word:
    case Kind::text: text = words; break;
  }
  if (kind == Kind::integer || kind == Kind::decimal) {
    const std::string most = is_unlimited(*this) ? "" : number(*this, maximum);
    text += with_unit(number(*this, minimum) + "-" + most, unit) + ">";
  }
  return is_optional && !text.starts_with('[') ? "[" + text + "]" : text;
}

}  // namespace baton::config
