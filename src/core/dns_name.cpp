#include "core/dns_name.hpp"

#include <algorithm>

namespace baton {

namespace {

constexpr std::size_t kLongestLabel = 63;

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kLongestLabel && std::ranges::all_of(label, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

}  // namespace

bool is_dns_name(std::string_view name) {
  if (name.size() > kMaxDnsName) return false;
  for (;;) {
    const auto dot = std::min(name.find('.'), name.size());
    if (!is_label(name.substr(0, dot))) return false;
    if (dot == name.size()) return true;
    name.remove_prefix(dot + 1);
  }
}

}  // namespace baton
