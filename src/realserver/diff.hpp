// diff.hpp - the fewest operations, in a safe order, from a machine as it is to what is wanted of it (pure).
#pragma once

#include <string>
#include <vector>

#include "realserver/model.hpp"

namespace baton::realserver {

struct Operation {
  enum class Kind : std::uint8_t {
    remove_route,
    remove_address,
    set_down,
    restore_sysctl,
    forget_sysctl,  // somebody else has changed it since: no longer ours
    make_device,
    write_sysctl,
    set_up,
    add_address,
    add_route
  };
  Kind kind = Kind::add_address;
  std::string name;       // the device, or the sysctl's path below /proc/sys
  IpAddress address{};    // of the addresses and routes
  std::string made_of{};  // make_device: its kind
  int value = 0;          // of the sysctl
  int former = 0;         // write_sysctl: what it was
  friend bool operator==(const Operation&, const Operation&) = default;
};

/// First away with what is ours and no longer wanted, addresses before the silence about them; then silence, devices,
/// addresses, routes.  What others have put there stays, and is not taken into the ledger.  For a device that is
/// missing all is listed; once it is made the machine must be read again.
std::vector<Operation> diff(const Machine& actual, const Wanted& wanted, const Ledger& ledger);

/// The ledger once the operation has been carried out: before it, for what adds; after it, for what removes.
void record(Ledger& ledger, const Operation& operation);

/// Whether the operation gives up something: then it is recorded afterwards.
bool gives_up(const Operation& operation);

/// As a person reads it: "put 192.0.2.1 on lo", "set net.ipv4.conf.lo.arp_ignore=1 (it was 0)".
std::string describe(const Operation& operation);

/// The same as something that is missing: "192.0.2.1 is not on lo"; empty for what is too much.
std::string describe_missing(const Operation& operation);

}  // namespace baton::realserver
