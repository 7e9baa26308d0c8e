// ipvs_sync_codec.hpp - sync daemons and timeouts of IPVS as generic netlink messages (linux/ip_vs.h).
#pragma once

#include "ipvs/sync_daemon.hpp"
#include "net/ipvs_codec.hpp"

namespace baton::net {

NetlinkMessage encode(const ipvs::SyncStep& step, IpvsFamily family);
NetlinkMessage encode_sync_dump(IpvsFamily family);
/// One message of that dump.
Result<ipvs::SyncDaemon> decode_sync_daemon(const nlmsghdr& message);

NetlinkMessage encode(const ipvs::Timeouts& timeouts, IpvsFamily family);
NetlinkMessage encode_timeouts_request(IpvsFamily family);
Result<ipvs::Timeouts> decode_timeouts(const nlmsghdr& message);

}  // namespace baton::net
