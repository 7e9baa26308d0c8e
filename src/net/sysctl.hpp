// sysctl.hpp - numbers under /proc/sys.
#pragma once

#include <optional>
#include <string>

#include "core/result.hpp"

namespace baton::net {

/// `name` with slashes, without /proc/sys: "net/ipv4/conf/eth0/rp_filter".  None when there is none.
std::optional<int> read_sysctl(const std::string& name);
Result<void> write_sysctl(const std::string& name, int value);

}  // namespace baton::net
