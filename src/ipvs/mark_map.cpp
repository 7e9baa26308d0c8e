#include "ipvs/mark_map.hpp"

#include <algorithm>

#include "ipvs/nft_protocol.hpp"

namespace baton::ipvs {
namespace {

std::string element(const MarkedRange& range) {
  auto text = range.first.to_string();
  if (range.last != range.first) text += '-' + range.last.to_string();
  return text + " . " + (range.port == 0 ? "0-65535" : std::to_string(range.port)) + " : " +
         std::to_string(range.fwmark);
}

std::string nft_table(const MarkMap& map, Family family) {
  const std::string ip = family == Family::ipv4 ? "ip" : "ip6";
  std::string maps;
  std::string rules;
  for (const auto protocol : kProtocols) {
    std::string elements;
    for (const auto& range : map.ranges)
      if (range.protocol == protocol && range.first.family() == family)
        elements += (elements.empty() ? "" : ", ") + element(range);
    if (elements.empty()) continue;
    maps += " map " + nft_name(protocol) + "_map {\n  type " + (family == Family::ipv4 ? "ipv4_addr" : "ipv6_addr") +
            " . inet_service : mark\n  flags interval\n" + (map.has_counters ? "  counter\n" : "") + "  elements = { " +
            elements + " }\n }\n";
    rules += "  meta mark set " + ip + " daddr . " + nft_name(protocol) + " dport map @" + nft_name(protocol) + "_map" +
             (map.has_counters ? " counter" : "") + " return\n";
  }
  return "table " + ip + ' ' + map.table + " {\n" + maps + " chain in {\n  type filter hook input priority " +
         std::to_string(map.priority) + "; policy accept;\n" + rules + " }\n}\n";
}

}  // namespace

std::string nft_script(const MarkMap& map) {
  std::string text;
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    const std::string table = std::string("table ") + (family == Family::ipv4 ? "ip " : "ip6 ") + map.table + '\n';
    // To take away what may not be there, it is made first: nft has no other way in one transaction.
    text += table + "delete " + table;
    if (std::ranges::any_of(map.ranges, [&](const auto& range) { return range.first.family() == family; }))
      text += nft_table(map, family);
  }
  return text;
}

}  // namespace baton::ipvs
