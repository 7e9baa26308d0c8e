// dns_message.hpp - the query of DNS_CHECK and what its answers say (RFC 1035 4.1) (pure).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "checkers/spec.hpp"

namespace baton::checkers {

inline constexpr std::uint16_t kInternet = 1;        // the class IN
inline constexpr unsigned kResponse = 0x80;          // QR, in the third octet
inline constexpr std::size_t kLongestDnsName = 255;  // octets, with lengths and the root's empty label

/// One question, recursion desired.  Labels of more than 63 octets and names of more than 255 are cut.
std::string dns_query(const DnsSpec& spec, std::uint16_t id);

/// The RCODE of a reply to the query `id`; none when it is not one: too short, another id, no response.  Nothing behind
/// the header is looked at, as by keepalived.
std::optional<std::uint8_t> dns_reply_code(std::span<const std::byte> message, std::uint16_t id);

/// "NXDOMAIN", or "RCODE 12".
std::string dns_code_name(std::uint8_t code);

}  // namespace baton::checkers
