// dns_type.hpp - the query types of DNS_CHECK by their names.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "config/model_check.hpp"

namespace baton::config {

inline constexpr auto kDnsTypes = std::to_array<std::pair<std::string_view, DnsType>>({
    {"A", DnsType::a},
    {"NS", DnsType::ns},
    {"CNAME", DnsType::cname},
    {"SOA", DnsType::soa},
    {"MX", DnsType::mx},
    {"TXT", DnsType::txt},
    {"AAAA", DnsType::aaaa},
    {"RRSIG", DnsType::rrsig},
    {"DNSKEY", DnsType::dnskey},
});

}  // namespace baton::config
