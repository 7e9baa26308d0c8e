// dns_name.hpp - which texts are names that DNS may be asked for.
#pragma once

#include <cstddef>
#include <string_view>

namespace baton {

/// The longest name, without a dot at its end (RFC 1035 2.3.4).
inline constexpr std::size_t kMaxDnsName = 253;

/// Labels of 1 to 63 letters, digits, `-` and `_`, between dots; no dot at the end.
bool is_dns_name(std::string_view name);

}  // namespace baton
