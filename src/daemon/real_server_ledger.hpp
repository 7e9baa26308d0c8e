// real_server_ledger.hpp - the text of the ledger of a real server: what Baton has put on the machine.
#pragma once

#include <string>
#include <string_view>

#include "realserver/model.hpp"

namespace baton::daemon {

/// One line per entry; empty for an empty ledger.
std::string encode(const realserver::Ledger& ledger);

/// Lines that cannot be read are skipped.  A sysctl below anything but net/ipv4/conf is: what is restored is written
/// as root.
realserver::Ledger decode_real_server_ledger(std::string_view text);

}  // namespace baton::daemon
