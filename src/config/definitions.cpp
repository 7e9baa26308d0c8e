#include "config/definitions.hpp"

#include <charconv>
#include <utility>

#include "config/values.hpp"

namespace baton::config {
namespace {

constexpr std::uint64_t kMaxRandom = 32767;  // keepalived's default

bool parse_natural(std::string_view text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value <= std::uint64_t{1} << 32U;
}

/// Takes the first word off `text`.
std::string_view take_word(std::string_view& text) {
  text = trimmed(text);
  std::size_t end = 0;
  while (end < text.size() && !is_blank(text[end]))
    ++end;
  const std::string_view word = text.substr(0, end);
  text = trimmed(text.substr(end));
  return word;
}

}  // namespace

bool Definitions::set(Definition definition) {
  const auto known = by_name_.find(definition.name);
  if (known == by_name_.end() && by_name_.size() >= settings_->limits.definitions) return false;
  std::string name = definition.name;
  auto value = std::make_shared<const Definition>(std::move(definition));
  if (known != by_name_.end())
    known->second = std::move(value);
  else
    by_name_.emplace(std::move(name), std::move(value));
  return true;
}

DefinitionPointer Definitions::find(const std::string& name) const {
  const auto known = by_name_.find(name);
  return known == by_name_.end() ? nullptr : known->second;
}

std::string Definitions::nearest_to(const std::string& name) const {
  std::vector<std::string_view> names = {"_PWD", "_INSTANCE", "_RANDOM", "_ENV", "_HASH", "_BANG"};
  names.reserve(names.size() + by_name_.size());
  for (const auto& [known, value] : by_name_)
    names.push_back(known);
  return std::string(nearest(name, names));
}

Definitions::Outcome Definitions::built_in(std::string_view name, std::string_view arguments,
                                           std::string& value) const {
  if (name == "_RANDOM") return random(arguments, value);
  if (name == "_ENV") {
    const std::string variable(take_word(arguments));
    if (variable.empty() || !arguments.empty()) return Outcome::wrong;
    value = files_->environment ? files_->environment(variable).value_or("") : "";
    return Outcome::found;
  }
  if (name == "_PWD")
    value = folder_;
  else if (name == "_INSTANCE")
    value = settings_->config_id;
  else if (name == "_HASH")
    value = "#";
  else if (name == "_BANG")
    value = "!";
  else
    return Outcome::unknown;
  return arguments.empty() ? Outcome::found : Outcome::wrong;
}

Definitions::Outcome Definitions::random(std::string_view arguments, std::string& value) const {
  std::uint64_t least = 0;
  std::uint64_t most = kMaxRandom;
  for (std::uint64_t* bound : {&least, &most}) {
    const std::string_view word = take_word(arguments);
    if (!word.empty() && !parse_natural(word, *bound)) return Outcome::wrong;
  }
  if (!arguments.empty() || least > most) return Outcome::wrong;
  value = std::to_string(least + (files_->random ? files_->random() : 0) % (most - least + 1));
  return Outcome::found;
}

}  // namespace baton::config
