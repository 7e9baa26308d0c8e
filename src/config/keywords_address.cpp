#include "config/field.hpp"
#include "config/keywords.hpp"
#include "config/set_instance.hpp"
#include "config/show_instance.hpp"

namespace baton::config {
namespace {

constexpr auto kIpEntry = std::to_array<Keyword>({
    {"(address)", text("<ip>[/<prefix>] [option ...]"), "/32, IPv6 /128",
     "First word; one entry per line. Used by static_ipaddress, virtual_ipaddress, virtual_ipaddress_excluded"},
    {"brd", word("<ip>|+|-"), "", "Same as broadcast", {.set = set_broadcast}},
    {"broadcast",
     word("<ip>|+|-"),
     "",
     "IPv4 only; + all host bits one, - all zero (prefix ≤30); not together with peer",
     {.set = set_broadcast, .show = show_broadcast}},
    {"peer",
     word("<ip>[/<prefix>]"),
     "",
     "Point-to-point peer; the local address must have no prefix",
     {.set = set_peer, .show = show_peer}},
    {"dev",
     word("<if>"),
     "instance interface; default_interface for static",
     "Interface that gets the address; twice is an error",
     {.set = set_device, .show = show_device}},
    {"scope",
     word("site|link|host|nowhere|global|<table name>|<0-255>"),
     "global",
     "IPv4 only; ignored with an error for IPv6",
     {.set = set_scope, .show = show_scope}},
    {"label", word("<name ≤15>"), "", "IPv4 only; too long drops the address", {.set = set_label, .show = show_label}},
    {"home",
     none(),
     "off",
     "Mobile IPv6 home address flag",
     {.set = set_flag<&VirtualAddress::home>, .show = show_option<&VirtualAddress::home>}},
    {"-nodad",
     none(),
     "IPv6 addresses are added with NODAD",
     "Do perform duplicate address detection",
     {.set = set_flag<&VirtualAddress::dad>, .show = show_option<&VirtualAddress::dad>}},
    {"mngtmpaddr",
     none(),
     "off",
     "Kernel-managed temporary addresses flag",
     {.set = set_flag<&VirtualAddress::mngtmpaddr>, .show = show_option<&VirtualAddress::mngtmpaddr>}},
    {"noprefixroute",
     none(),
     "off",
     "Do not create the prefix route",
     {.set = set_flag<&VirtualAddress::noprefixroute>, .show = show_option<&VirtualAddress::noprefixroute>}},
    {"autojoin",
     none(),
     "off",
     "Join the multicast group of the address",
     {.set = set_flag<&VirtualAddress::autojoin>, .show = show_option<&VirtualAddress::autojoin>}},
    {"no_track",
     none(),
     "tracked",
     "Do not track the interface of this address / do not reinstate a static one",
     {.set = set_flag<&VirtualAddress::no_track>, .show = show_option<&VirtualAddress::no_track>}},
    {"preferred_lft",
     word("forever|<int:0-4294967295 s>"),
     "IPv6: 0 for /128, else forever",
     "IPv6 only: seconds from when it is acquired until it is deprecated; 0 = at once",
     {.set = set_preferred_lft, .show = show_preferred_lft}},
    {"track_group",
     word("<name>"),
     "",
     "Static addresses with dev only: instances of the group track the interface",
     {.set = set_track_group, .show = show_track_group}},
    {"use_vmac",
     none(),
     "off",
     "VIPs/eVIPs with dev only: put the address on a VMAC of that interface",
     {.set = set_address_vmac, .show = show_option<&VirtualAddress::use_vmac>}},
});

constexpr auto kUnicastPeer = std::to_array<Keyword>({
    {"(address)", repeated(address()), "", "Peer of the family of the instance; one per line"},
    {"min_ttl",
     integer(0, 255),
     "0",
     "Lowest accepted TTL; turns check_unicast_src on",
     {.set = set_min_ttl, .show = show_min_ttl}},
    {"max_ttl",
     integer(0, 255),
     "255",
     "Highest accepted TTL; turns check_unicast_src on",
     {.set = set_max_ttl, .show = show_max_ttl}},
});

constexpr auto kAddressSections = std::to_array<Section>({
    {{Block::ip_entry}, kIpEntry},
    {{Block::unicast_peer}, kUnicastPeer},
});

}  // namespace

std::span<const Section> address_keywords() {
  return kAddressSections;
}

}  // namespace baton::config
