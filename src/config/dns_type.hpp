// dns_type.hpp - the query types of DNS_CHECK by their names.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "config/model_check.hpp"

namespace baton::config {

/// Those that keepalived knows.
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

/// Any record type by its name, in whatever case, or as TYPE and its number (RFC 3597 5).
std::optional<DnsType> dns_type(std::string_view name);
std::string name_of(DnsType type);

}  // namespace baton::config
