#include "vrrp/packet_filter.hpp"

#include <set>

namespace baton::vrrp {

namespace {

bool is_link_local(const IpAddress& address) {
  const auto octets = address.octets();
  return address.is_v6() && octets[0] == 0xfe && (octets[1] & 0xc0U) == 0x80U;
}

std::string quoted_list(const std::vector<FilteredLink>& links) {
  std::string text;
  for (const auto& link : links)
    text += (text.empty() ? "\"" : ", \"") + link.name + '"';
  return "{ " + text + " }";
}

/// What a VMAC would send by itself.
std::string silence(const PacketFilter& filter, bool is_v4, const std::string& drop) {
  if (filter.virtual_links.empty()) return {};
  const auto where = "  oifname " + quoted_list(filter.virtual_links);
  if (is_v4) return where + " ip protocol igmp" + drop;
  std::string parents;
  for (const auto& link : filter.virtual_links)
    if (!link.parent.empty()) parents += (parents.empty() ? "\"" : ", \"") + link.name + "\" : \"" + link.parent + '"';
  std::string text;
  if (filter.moves_reports && !parents.empty())
    text = "  icmpv6 type { mld-listener-report, mld2-listener-report } dup to ip6 daddr device oifname map { " +
           parents + " }" + drop;
  return text + where +
         " icmpv6 type { mld-listener-report, mld-listener-done, mld2-listener-report, nd-router-solicit }" + drop;
}

std::string chain(const char* name, const char* hook, int priority, const std::string& rules) {
  return std::string(" chain ") + name + " {\n  type filter hook " + hook + " priority " + std::to_string(priority) +
         "; policy accept;\n" + rules + " }\n";
}

std::string table(const PacketFilter& filter, Family family) {
  const bool is_v4 = family == Family::ipv4;
  const std::string ip = is_v4 ? "ip" : "ip6";
  const std::string drop = filter.counts ? " counter drop\n" : " drop\n";
  std::set<std::string> addresses;
  std::string in, out, in_local, out_local;
  for (const auto& one : filter.addresses) {
    if (one.address.family() != family) continue;
    const auto text = one.address.to_string();
    if (!is_link_local(one.address)) {
      addresses.insert(text);
      continue;
    }
    in_local += "  iifname \"" + one.device + "\" ip6 daddr " + text + drop;
    out_local += "  oifname \"" + one.device + "\" ip6 saddr " + text + drop;
  }
  out += silence(filter, is_v4, drop);
  std::string set;
  const bool filters = !addresses.empty() || !in_local.empty();
  if (filters && !is_v4) {
    const std::string discovery = "  icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept\n";
    in += discovery;
    out += discovery;
  }
  if (!addresses.empty()) {
    std::string elements;
    for (const auto& address : addresses)
      elements += (elements.empty() ? "" : ", ") + address;
    set = std::string(" set vips {\n  type ") + (is_v4 ? "ipv4_addr" : "ipv6_addr") + "\n  elements = { " + elements +
          " }\n }\n";
    in += "  " + ip + " daddr @vips" + drop;
    out += "  " + ip + " saddr @vips" + drop;
  }
  in += in_local;
  out += out_local;
  if (in.empty() && out.empty()) return {};
  return "table " + ip + ' ' + filter.table + " {\n" + set +
         (in.empty() ? std::string() : chain("in", "input", filter.priority, in)) +
         chain("out", "output", filter.priority, out) + "}\n";
}

}  // namespace

std::string nft_script(const PacketFilter& filter) {
  std::string text;
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    const std::string name = std::string("table ") + (family == Family::ipv4 ? "ip " : "ip6 ") + filter.table + '\n';
    // To take away what may not be there, it is made first: nft has no other way in one transaction.
    text += name + "delete " + name + table(filter, family);
  }
  return text;
}

}  // namespace baton::vrrp
