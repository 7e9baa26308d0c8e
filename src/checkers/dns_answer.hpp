// dns_answer.hpp - the addresses and servers that an answer of DNS names (RFC 1035 4.1, RFC 2782, RFC 3596) (pure).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/ip_address.hpp"

namespace baton::checkers {

/// Names are in small letters, without a dot at their end.
struct DnsAnswer {
  struct Address {
    std::string owner;
    IpAddress address;
    friend bool operator==(const Address&, const Address&) = default;
  };
  struct Service {
    std::uint16_t priority = 0, weight = 0, port = 0;
    std::string target;  // empty: the root, "no such service"
    friend bool operator==(const Service&, const Service&) = default;
  };
  std::vector<Address> addresses;   // of the answer: those of the name that was asked for, behind all aliases
  std::vector<Service> services;    // likewise
  std::vector<Address> additional;  // of the additional section: of targets
  std::chrono::seconds ttl{0};      // the lowest of what is used; of no records: 0
};

/// None when it is no well-formed response: cut, a record that is longer than the message, a name that loops.  Records
/// of other types and classes are passed over; at most kMaxRecords are looked at.
std::optional<DnsAnswer> decode_dns_answer(std::span<const std::byte> message);

inline constexpr std::size_t kMaxRecords = 2048;  // with their targets' addresses, far more than kMaxPoolServers need

}  // namespace baton::checkers
