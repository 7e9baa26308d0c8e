// ledger.hpp - what a role put into the kernel, on a small file, so that its successor can adopt it.
//
// One file per role and network namespace under /run/baton: kernel state belongs to a namespace, and /run is empty
// after a boot as the kernel is.  Text, one line per entry; unreadable lines are skipped, because a damaged ledger must
// cost no more than one adoption.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/ip_address.hpp"
#include "core/result.hpp"
#include "daemon/instance_key.hpp"
#include "ipvs/model.hpp"

namespace baton::daemon {

/// One virtual address that an instance has put on an interface.
struct HeldAddress {
  IpAddress address;
  std::uint8_t prefix_length = 32;
  std::string device;
  std::optional<IpAddress> peer{};  // its other end; the prefix is that of the peer then
  friend auto operator<=>(const HeldAddress&, const HeldAddress&) = default;
};

/// An instance that is master, and its addresses.
struct HeldInstance {
  InstanceKey key;
  std::vector<HeldAddress> addresses;
  friend bool operator==(const HeldInstance&, const HeldInstance&) = default;
};

using VrrpLedger = std::vector<HeldInstance>;
using IpvsLedger = std::set<ipvs::ServiceKey>;

std::string encode(const VrrpLedger& ledger);
std::string encode(const IpvsLedger& ledger);
VrrpLedger decode_vrrp_ledger(std::string_view text);
IpvsLedger decode_ipvs_ledger(std::string_view text);

/// "/run/baton/<role>-<network namespace>-<number of pid_file>.ledger": two daemons of one namespace have two pid
/// files.
std::string ledger_path(std::string_view role, std::string_view pid_file);

/// Empty when there is none.  At most 16 MiB are read.
std::string read_ledger(const std::string& path);

/// Writes a new file of mode 0600 beside the old one and renames it over; removes it when there is nothing to hold.
Result<void> write_ledger(const std::string& path, std::string_view text);

}  // namespace baton::daemon
