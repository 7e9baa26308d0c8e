// plan.hpp - from the services that a machine answers to the state it must be in for them (pure).
#pragma once

#include <string>
#include <vector>

#include "realserver/model.hpp"

namespace baton::realserver {

/// DR: the virtual address on lo, a host route to it, silence about it in ARP.  TUN: on the device that unwraps the
/// packets, without a filter that drops what comes out.  NAT: nothing is set; a trouble where the default gateway is
/// no address of the directors.  An address that is the machine's own way out is never put anywhere.
Wanted plan(const Part& part, const Machine& machine);

/// Paths below /proc/sys of all that plan() might set and the ledger holds, for whoever reads the machine.
std::vector<std::string> sysctls_of_interest(const Ledger& ledger);

/// Whether this value of a sysctl does as well as the wanted one (arp_ignore 2 and 8 are silent, too).
bool is_as_good(const std::string& sysctl, int value, int wanted);

}  // namespace baton::realserver
