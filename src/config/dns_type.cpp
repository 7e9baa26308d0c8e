#include "config/dns_type.hpp"

#include <algorithm>

#include "config/values.hpp"

namespace baton::config {
namespace {

/// IANA's registry of record types, but for those of kDnsTypes and those that no question asks for.
constexpr auto kOtherTypes = std::to_array<std::pair<std::string_view, std::uint16_t>>({
    {"PTR", std::uint16_t{12}},     {"HINFO", std::uint16_t{13}},      {"RP", std::uint16_t{17}},
    {"AFSDB", std::uint16_t{18}},   {"LOC", std::uint16_t{29}},        {"SRV", std::uint16_t{33}},
    {"NAPTR", std::uint16_t{35}},   {"KX", std::uint16_t{36}},         {"CERT", std::uint16_t{37}},
    {"DNAME", std::uint16_t{39}},   {"DS", std::uint16_t{43}},         {"SSHFP", std::uint16_t{44}},
    {"NSEC", std::uint16_t{47}},    {"NSEC3", std::uint16_t{50}},      {"NSEC3PARAM", std::uint16_t{51}},
    {"TLSA", std::uint16_t{52}},    {"SMIMEA", std::uint16_t{53}},     {"CDS", std::uint16_t{59}},
    {"CDNSKEY", std::uint16_t{60}}, {"OPENPGPKEY", std::uint16_t{61}}, {"CSYNC", std::uint16_t{62}},
    {"ZONEMD", std::uint16_t{63}},  {"SVCB", std::uint16_t{64}},       {"HTTPS", std::uint16_t{65}},
    {"SPF", std::uint16_t{99}},     {"EUI48", std::uint16_t{108}},     {"EUI64", std::uint16_t{109}},
    {"ANY", std::uint16_t{255}},    {"URI", std::uint16_t{256}},       {"CAA", std::uint16_t{257}},
});

}  // namespace

std::optional<DnsType> dns_type(std::string_view name) {
  for (const auto& [known, type] : kDnsTypes)
    if (equal_ignoring_case(known, name)) return type;
  for (const auto& [known, type] : kOtherTypes)
    if (equal_ignoring_case(known, name)) return static_cast<DnsType>(type);
  constexpr std::string_view kPrefix = "TYPE";
  if (name.size() <= kPrefix.size() || !equal_ignoring_case(name.substr(0, kPrefix.size()), kPrefix))
    return std::nullopt;
  const auto number = parse_integer(name.substr(kPrefix.size()));
  if (!number || *number < 1 || *number > 65535) return std::nullopt;
  return static_cast<DnsType>(*number);
}

std::string name_of(DnsType type) {
  for (const auto& [known, number] : kDnsTypes)
    if (number == type) return std::string(known);
  for (const auto& [known, number] : kOtherTypes)
    if (static_cast<DnsType>(number) == type) return std::string(known);
  return "TYPE" + std::to_string(static_cast<std::uint16_t>(type));
}

}  // namespace baton::config
