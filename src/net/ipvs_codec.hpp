// ipvs_codec.hpp - IPVS operations and tables as generic netlink messages (linux/ip_vs.h).
//
// No socket here.  Decoders trust no length and no value, and read nothing past a message's end.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "core/result.hpp"
#include "ipvs/diff.hpp"
#include "ipvs/model.hpp"
#include "net/netlink_message.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): the kernel's name
struct nlmsghdr;
namespace baton::net {

/// The number that the kernel has given to the family "IPVS": another one each time its module is loaded.
enum class IpvsFamily : std::uint16_t {};

/// Asks for the family's number.
NetlinkMessage encode_family_request();
Result<IpvsFamily> decode_family(const nlmsghdr& message);

NetlinkMessage encode(const ipvs::Operation& operation, IpvsFamily family);
NetlinkMessage encode_flush(IpvsFamily family);

NetlinkMessage encode_service_dump(IpvsFamily family);
NetlinkMessage encode_dest_dump(const ipvs::ServiceKey& service, IpvsFamily family);

/// One message of a service dump: as settings() has it, without dests.
Result<std::pair<ipvs::ServiceKey, ipvs::Service>> decode_service(const nlmsghdr& message);

struct DestEntry {
  ipvs::DestKey key;
  ipvs::Dest dest;
  ipvs::TunnelSupport kernel = ipvs::TunnelSupport::unknown;  // what its words say of the kernel
};
/// One message of a dest dump.  `service` is the family of the service, which old kernels take for granted.
Result<DestEntry> decode_dest(const nlmsghdr& message, Family service);

}  // namespace baton::net
