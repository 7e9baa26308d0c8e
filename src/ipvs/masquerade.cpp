#include "ipvs/masquerade.hpp"

#include <algorithm>
#include <vector>

#include "ipvs/nft_protocol.hpp"

namespace baton::ipvs {
namespace {

/// "a, b": the services that are chosen, each as `word` has it.
template <class Chosen, class Word>
std::string list(const std::set<ServiceKey>& services, Chosen chosen, Word word) {
  std::string text;
  for (const auto& service : services)
    if (chosen(service)) text += (text.empty() ? "" : ", ") + word(service);
  return text;
}

/// A set of the nft table and the rule that looks into it; nothing when the set would be empty.
void add_set(std::string& sets, std::string& rules, const std::string& name, const std::string& elements,
             const std::string& type, const std::string& match) {
  if (elements.empty()) return;
  sets += " set " + name + " {\n  type " + type + "\n  elements = { " + elements + " }\n }\n";
  rules += "  " + match + " @" + name + " masquerade\n";
}

std::string nft_table(const std::set<ServiceKey>& services, Family family) {
  const std::string ip = family == Family::ipv4 ? "ip" : "ip6";
  const std::string address_type = family == Family::ipv4 ? "ipv4_addr" : "ipv6_addr";
  const std::string destination = "ct original " + ip + " daddr";
  std::string sets;
  std::string rules;
  for (const auto protocol : kProtocols) {
    const auto of = [&](bool any_port) {
      return [=](const ServiceKey& key) {
        return key.family == family && key.fwmark == 0 && key.protocol == protocol && (key.port == 0) == any_port;
      };
    };
    const auto one = list(services, of(false), [](const ServiceKey& key) {
      return key.address.to_string() + " . " + std::to_string(key.port);
    });
    const auto all = list(services, of(true), [](const ServiceKey& key) { return key.address.to_string(); });
    const auto with_protocol = "meta l4proto " + nft_name(protocol) + ' ' + destination;
    add_set(sets, rules, nft_name(protocol) + "_services", one, address_type + " . inet_service",
            with_protocol + " . ct original proto-dst");
    add_set(sets, rules, nft_name(protocol) + "_all_ports", all, address_type, with_protocol);
  }
  const auto marks = list(
      services, [=](const ServiceKey& key) { return key.family == family && key.fwmark != 0; },
      [](const ServiceKey& key) { return std::to_string(key.fwmark); });
  add_set(sets, rules, "marks", marks, "mark", "meta mark");
  return "table " + ip + ' ' + kMasqueradeTable + " {\n" + sets +
         " chain postrouting {\n  type nat hook postrouting priority 100; policy accept;\n" + rules + " }\n}\n";
}

}  // namespace

bool has_family(const std::set<ServiceKey>& services, Family family) {
  return std::ranges::any_of(services, [family](const ServiceKey& key) { return key.family == family; });
}

std::string nft_masquerade(const std::set<ServiceKey>& services) {
  std::string text;
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    const std::string table =
        std::string("table ") + (family == Family::ipv4 ? "ip " : "ip6 ") + kMasqueradeTable + '\n';
    // To take away what may not be there, it is made first: nft has no other way in one transaction.
    text += table + "delete " + table;
    if (has_family(services, family)) text += nft_table(services, family);
  }
  return text;
}

std::string iptables_masquerade(const std::set<ServiceKey>& services, Family family) {
  std::string text = std::string("*nat\n:") + kMasqueradeChain + " - [0:0]\n";
  for (const auto& key : services) {
    if (key.family != family) continue;
    text += std::string("-A ") + kMasqueradeChain;
    if (key.fwmark != 0) {
      text += " -m mark --mark " + std::to_string(key.fwmark) + " -m ipvs --ipvs --vmethod MASQ";
    } else {
      text += " -m ipvs --vproto " + std::to_string(static_cast<unsigned>(key.protocol)) + " --vaddr " +
              key.address.to_string();
      if (key.port != 0) text += " --vport " + std::to_string(key.port);
    }
    text += " -j MASQUERADE\n";
  }
  return text + "COMMIT\n";
}

std::string iptables_without_masquerade() {
  const std::string chain = kMasqueradeChain;
  return "*nat\n-D POSTROUTING -j " + chain + "\n-F " + chain + "\n-X " + chain + "\nCOMMIT\n";
}

}  // namespace baton::ipvs
