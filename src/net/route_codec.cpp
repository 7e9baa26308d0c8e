#include "net/route_codec.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>

#include <arpa/inet.h>
#include <endian.h>
#include <linux/fib_rules.h>
#include <linux/ila.h>
#include <linux/lwtunnel.h>
#include <linux/mpls_iptunnel.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "core/overloaded.hpp"
#include "net/family_number.hpp"

namespace baton::net {
namespace {

constexpr std::size_t kMaxObject = 16384;  // octets: a multipath route of hundreds of ways
constexpr unsigned kLabelShift = 12;       // MPLS (RFC 3032 2.1)
constexpr unsigned kBottomOfStack = 1U << 8U;

std::size_t aligned(std::size_t length) {
  return (length + 3U) & ~std::size_t{3U};
}

/// Netlink attributes, one behind the other.
class AttributeList {
 public:
  void put_bytes(std::uint16_t type, const void* data, std::size_t length) {
    nlattr header{};
    header.nla_type = type;
    header.nla_len = static_cast<std::uint16_t>(sizeof header + length);
    append(&header, sizeof header);
    append(data, length);
    bytes_.resize(aligned(bytes_.size()));
  }
  template <class T>
  void put(std::uint16_t type, T value) {
    static_assert(std::is_trivially_copyable_v<T>);
    put_bytes(type, &value, sizeof value);
  }
  template <class T>
  void put(std::uint16_t type, const std::optional<T>& value) {
    if (value) put(type, *value);
  }
  void put_address(std::uint16_t type, const IpAddress& address) {
    const auto octets = address.octets();
    put_bytes(type, octets.data(), octets.size());
  }
  void put_text(std::uint16_t type, const std::string& text) {
    if (!text.empty()) put_bytes(type, text.c_str(), text.size() + 1);
  }
  void put_nested(std::uint16_t type, const AttributeList& inner) {
    put_bytes(type, inner.bytes_.data(), inner.bytes_.size());
  }
  void append(const void* data, std::size_t length) {
    const auto* first = static_cast<const std::byte*>(data);
    bytes_.insert(bytes_.end(), first, first + length);
  }
  [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

template <class Body>
ObjectBytes whole(std::uint16_t type, std::uint16_t flags, const Body& body, const AttributeList& attributes) {
  nlmsghdr header{};
  header.nlmsg_type = type;
  header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_CREATE | flags);
  header.nlmsg_len = static_cast<std::uint32_t>(NLMSG_LENGTH(sizeof body) + attributes.bytes().size());
  AttributeList message;
  message.append(&header, sizeof header);
  message.append(&body, sizeof body);
  message.append(attributes.bytes().data(), attributes.bytes().size());
  return message.bytes();
}

AttributeList inner(const vrrp::TunnelHeader& tunnel) {
  // The attributes of IPv6 have the same numbers, in the same order.
  static_assert(int{LWTUNNEL_IP_TTL} == int{LWTUNNEL_IP6_HOPLIMIT} &&
                int{LWTUNNEL_IP_FLAGS} == int{LWTUNNEL_IP6_FLAGS});
  AttributeList list;
  if (tunnel.id) list.put(LWTUNNEL_IP_ID, htobe64(*tunnel.id));
  if (tunnel.destination) list.put_address(LWTUNNEL_IP_DST, *tunnel.destination);
  if (tunnel.source) list.put_address(LWTUNNEL_IP_SRC, *tunnel.source);
  list.put(LWTUNNEL_IP_TTL, tunnel.ttl);
  list.put(LWTUNNEL_IP_TOS, tunnel.tos);
  if (tunnel.flags) list.put(LWTUNNEL_IP_FLAGS, htobe16(*tunnel.flags));
  return list;
}

AttributeList inner(const vrrp::LabelStack& stack) {
  std::vector<std::uint32_t> entries;
  for (const auto label : stack.labels)
    entries.push_back(htobe32(label << kLabelShift));
  if (!entries.empty()) entries.back() |= htobe32(kBottomOfStack);
  AttributeList list;
  list.put_bytes(MPLS_IPTUNNEL_DST, entries.data(), entries.size() * sizeof(std::uint32_t));
  return list;
}

AttributeList inner(const vrrp::Locator& locator) {
  AttributeList list;
  list.put(ILA_ATTR_LOCATOR, htobe64(locator.value));
  return list;
}

std::uint16_t encapsulation_type(const vrrp::Encapsulation& encapsulation) {
  if (const auto* tunnel = std::get_if<vrrp::TunnelHeader>(&encapsulation))
    return tunnel->family == Family::ipv4 ? LWTUNNEL_ENCAP_IP : LWTUNNEL_ENCAP_IP6;
  return std::holds_alternative<vrrp::LabelStack>(encapsulation) ? LWTUNNEL_ENCAP_MPLS : LWTUNNEL_ENCAP_ILA;
}

/// The way's own attributes, which are the route's when it is the only one.
void put_hop(AttributeList* list, const vrrp::RouteHop& hop, Family family) {
  if (hop.gateway && hop.gateway->family() == family) {
    list->put_address(RTA_GATEWAY, *hop.gateway);
  } else if (hop.gateway) {
    AttributeList via;
    const std::uint16_t other = family_number(hop.gateway->family());
    const auto octets = hop.gateway->octets();
    via.append(&other, sizeof other);
    via.append(octets.data(), octets.size());
    list->put_nested(RTA_VIA, via);
  }
  list->put(RTA_FLOW, hop.realms);
  if (!hop.encapsulation) return;
  list->put(RTA_ENCAP_TYPE, encapsulation_type(*hop.encapsulation));
  const auto nested = std::visit([](const auto& one) { return inner(one); }, *hop.encapsulation);
  list->put_nested(RTA_ENCAP | NLA_F_NESTED, nested);
}

Result<std::uint32_t> link_of(const std::string& device, const LinkNumber& link_number) {
  if (device.empty()) return 0U;
  const auto index = link_number(device);
  if (!index) return failure("no interface " + device);
  return number(*index);
}

Result<void> put_hops(AttributeList* list, rtmsg* body, const vrrp::KernelRoute& route, const LinkNumber& link_number) {
  if (route.hops.size() == 1) {
    const auto& hop = route.hops.front();
    const auto link = link_of(hop.device, link_number);
    if (!link) return tl::unexpected<Error>(link.error());
    put_hop(list, hop, route.family);
    if (*link != 0) list->put(RTA_OIF, *link);
    if (hop.is_on_link) body->rtm_flags |= RTNH_F_ONLINK;
    return {};
  }
  AttributeList all;
  for (const auto& hop : route.hops) {
    const auto link = link_of(hop.device, link_number);
    if (!link) return tl::unexpected<Error>(link.error());
    AttributeList own;
    put_hop(&own, hop, route.family);
    rtnexthop header{};
    header.rtnh_len = static_cast<std::uint16_t>(sizeof header + own.bytes().size());
    header.rtnh_flags = hop.is_on_link ? RTNH_F_ONLINK : 0;
    header.rtnh_hops = static_cast<std::uint8_t>(hop.weight - 1);
    header.rtnh_ifindex = static_cast<int>(*link);
    all.append(&header, sizeof header);
    all.append(own.bytes().data(), own.bytes().size());
  }
  if (!route.hops.empty()) list->put_nested(RTA_MULTIPATH, all);
  return {};
}

void put_metrics(AttributeList* list, const vrrp::KernelRoute& route) {
  if (route.metrics.empty() && route.congestion_control.empty()) return;
  AttributeList metrics;
  for (const auto& [which, value] : route.metrics)
    metrics.put(which, value);
  metrics.put_text(RTAX_CC_ALGO, route.congestion_control);
  list->put_nested(RTA_METRICS, metrics);
}

void put_ports(AttributeList* list, std::uint16_t type, const std::optional<vrrp::NumberSpan>& ports) {
  if (!ports) return;
  fib_rule_port_range range{};
  range.start = static_cast<std::uint16_t>(ports->first);
  range.end = static_cast<std::uint16_t>(ports->last);
  list->put(type, range);
}

template <class Body>
bool read_body(std::span<const std::byte> message, Body* body) {
  if (message.size() < NLMSG_LENGTH(sizeof *body)) return false;
  std::memcpy(body, message.data() + NLMSG_HDRLEN, sizeof *body);
  return true;
}

/// The payload of an attribute of the message, which begins at `at`; empty when there is none.
std::span<const std::byte> attribute(std::span<const std::byte> message, std::size_t at, unsigned type) {
  while (at + sizeof(nlattr) <= message.size()) {
    nlattr header{};
    std::memcpy(&header, message.data() + at, sizeof header);
    if (header.nla_len < sizeof header || header.nla_len > message.size() - at) break;
    if ((header.nla_type & NLA_TYPE_MASK) == type)
      return message.subspan(at + sizeof header, header.nla_len - sizeof header);
    at += aligned(header.nla_len);
  }
  return {};
}

std::optional<std::uint32_t> number_in(std::span<const std::byte> payload) {
  std::uint32_t value = 0;
  if (payload.size() != sizeof value) return std::nullopt;
  std::memcpy(&value, payload.data(), sizeof value);
  return value;
}

std::optional<IpAddress> address_in(std::span<const std::byte> payload, Family family) {
  if (family == Family::ipv4) {
    std::array<std::uint8_t, 4> octets{};
    if (payload.size() == octets.size()) std::memcpy(octets.data(), payload.data(), octets.size());
    return payload.empty() || payload.size() == octets.size() ? std::optional(IpAddress::v4(octets)) : std::nullopt;
  }
  std::array<std::uint8_t, 16> octets{};
  if (payload.size() == octets.size()) std::memcpy(octets.data(), payload.data(), octets.size());
  return payload.empty() || payload.size() == octets.size() ? std::optional(IpAddress::v6(octets)) : std::nullopt;
}

std::optional<ObjectKey> route_key(std::span<const std::byte> message) {
  rtmsg body{};
  if (!read_body(message, &body) || (body.rtm_family != AF_INET && body.rtm_family != AF_INET6)) return std::nullopt;
  constexpr std::size_t kAttributes = NLMSG_LENGTH(sizeof body);
  ObjectKey key;
  key.family = body.rtm_family == AF_INET ? Family::ipv4 : Family::ipv6;
  const auto destination = address_in(attribute(message, kAttributes, RTA_DST), key.family);
  if (!destination || body.rtm_dst_len > max_prefix_length(key.family)) return std::nullopt;
  key.destination = {*destination, body.rtm_dst_len};
  key.table = number_in(attribute(message, kAttributes, RTA_TABLE)).value_or(body.rtm_table);
  return key;
}

std::optional<ObjectKey> rule_key(std::span<const std::byte> message) {
  fib_rule_hdr body{};
  if (!read_body(message, &body) || (body.family != AF_INET && body.family != AF_INET6)) return std::nullopt;
  constexpr std::size_t kAttributes = NLMSG_LENGTH(sizeof body);
  ObjectKey key;
  key.is_rule = true;
  key.family = body.family == AF_INET ? Family::ipv4 : Family::ipv6;
  key.destination.address = key.family == Family::ipv4 ? IpAddress{} : IpAddress::v6({});
  key.priority = number_in(attribute(message, kAttributes, FRA_PRIORITY)).value_or(0);
  return key;
}

std::optional<nlmsghdr> header_of(std::span<const std::byte> message) {
  nlmsghdr header{};
  if (message.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, message.data(), sizeof header);
  if (header.nlmsg_len < sizeof header || header.nlmsg_len > message.size()) return std::nullopt;
  return header;
}

}  // namespace

Result<ObjectBytes> encode(const vrrp::KernelRoute& route, const LinkNumber& link_number) {
  rtmsg body{};
  body.rtm_family = family_number(route.family);
  body.rtm_dst_len = route.destination.length;
  body.rtm_src_len = route.source ? route.source->length : std::uint8_t{0};
  body.rtm_tos = route.tos;
  body.rtm_table = route.table < 256 ? static_cast<std::uint8_t>(route.table) : std::uint8_t{RT_TABLE_UNSPEC};
  body.rtm_protocol = route.protocol;
  body.rtm_scope = route.scope;
  body.rtm_type = route.type;
  AttributeList list;
  if (route.destination.length > 0) list.put_address(RTA_DST, route.destination.address);
  if (route.source) list.put_address(RTA_SRC, route.source->address);
  if (route.preferred_source) list.put_address(RTA_PREFSRC, *route.preferred_source);
  if (route.table >= 256) list.put(RTA_TABLE, route.table);
  list.put(RTA_PRIORITY, route.priority);
  list.put(RTA_EXPIRES, route.expires);
  list.put(RTA_PREF, route.preference);
  list.put(RTA_TTL_PROPAGATE, route.ttl_propagate);
  put_metrics(&list, route);
  if (auto done = put_hops(&list, &body, route, link_number); !done) return tl::unexpected<Error>(done.error());
  return whole(RTM_NEWROUTE, route.placement, body, list);
}

ObjectBytes encode(const vrrp::KernelRule& rule) {
  fib_rule_hdr body{};
  body.family = family_number(rule.family);
  body.dst_len = rule.destination ? rule.destination->length : std::uint8_t{0};
  body.src_len = rule.source ? rule.source->length : std::uint8_t{0};
  body.tos = rule.tos;
  body.table = rule.table < 256 ? static_cast<std::uint8_t>(rule.table) : std::uint8_t{RT_TABLE_UNSPEC};
  body.action = rule.action;
  body.flags = rule.is_inverted ? FIB_RULE_INVERT : 0;
  AttributeList list;
  list.put(FRA_PRIORITY, rule.priority);
  if (rule.source && rule.source->length > 0) list.put_address(FRA_SRC, rule.source->address);
  if (rule.destination && rule.destination->length > 0) list.put_address(FRA_DST, rule.destination->address);
  if (rule.table >= 256) list.put(FRA_TABLE, rule.table);
  list.put(FRA_GOTO, rule.go_to);
  list.put(FRA_FWMARK, rule.mark);
  list.put(FRA_FWMASK, rule.mask);
  list.put(FRA_FLOW, rule.realms);
  list.put(FRA_SUPPRESS_PREFIXLEN, rule.suppress_prefix_length);
  list.put(FRA_SUPPRESS_IFGROUP, rule.suppress_group);
  list.put_text(FRA_IIFNAME, rule.input_device);
  list.put_text(FRA_OIFNAME, rule.output_device);
  if (rule.tunnel_id) list.put(FRA_TUN_ID, htobe64(*rule.tunnel_id));
  if (rule.users) {
    const fib_rule_uid_range users{rule.users->first, rule.users->last};
    list.put(FRA_UID_RANGE, users);
  }
  if (rule.uses_master_device) list.put(FRA_L3MDEV, std::uint8_t{1});
  list.put(FRA_PROTOCOL, rule.protocol);
  list.put(FRA_IP_PROTO, rule.ip_protocol);
  put_ports(&list, FRA_SPORT_RANGE, rule.source_ports);
  put_ports(&list, FRA_DPORT_RANGE, rule.destination_ports);
  return whole(RTM_NEWRULE, NLM_F_EXCL, body, list);
}

bool is_object(std::span<const std::byte> bytes) {
  const auto header = header_of(bytes);
  if (!header || header->nlmsg_len != bytes.size() || bytes.size() > kMaxObject) return false;
  return (header->nlmsg_type == RTM_NEWROUTE || header->nlmsg_type == RTM_NEWRULE) && object_key(bytes).has_value();
}

bool is_rule(const ObjectBytes& bytes) {
  const auto header = header_of(bytes);
  return header && header->nlmsg_type == RTM_NEWRULE;
}

std::string to_hex(const ObjectBytes& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const auto byte : bytes) {
    text += kDigits[std::to_integer<unsigned>(byte >> 4U)];
    text += kDigits[std::to_integer<unsigned>(byte & std::byte{15})];
  }
  return text;
}

std::optional<ObjectBytes> from_hex(std::string_view text) {
  const auto digit = [](char letter) -> unsigned {
    if (letter >= '0' && letter <= '9') return static_cast<unsigned>(letter - '0');
    return letter >= 'a' && letter <= 'f' ? static_cast<unsigned>(letter - 'a' + 10) : 16U;
  };
  if (text.size() % 2 != 0 || text.size() > 2 * kMaxObject) return std::nullopt;
  ObjectBytes bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = digit(text[i]);
    const auto low = digit(text[i + 1]);
    if (high > 15 || low > 15) return std::nullopt;
    bytes.push_back(static_cast<std::byte>(16 * high + low));
  }
  if (!is_object(bytes)) return std::nullopt;
  return bytes;
}

std::optional<ObjectKey> object_key(std::span<const std::byte> message) {
  const auto header = header_of(message);
  if (!header) return std::nullopt;
  const auto body = message.first(header->nlmsg_len);
  switch (header->nlmsg_type) {
    case RTM_NEWROUTE:
    case RTM_DELROUTE: return route_key(body);
    case RTM_NEWRULE:
    case RTM_DELRULE: return rule_key(body);
    default: return std::nullopt;
  }
}

std::optional<ObjectKey> removed_object(std::span<const std::byte> message) {
  const auto header = header_of(message);
  const bool is_removal = header && (header->nlmsg_type == RTM_DELROUTE || header->nlmsg_type == RTM_DELRULE);
  return is_removal ? object_key(message) : std::nullopt;
}

}  // namespace baton::net
