#include "net/rtnetlink.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

namespace baton::net {
namespace {

constexpr std::size_t kAttributeHeader = sizeof(nlattr);

/// The first octets of `bytes` as a T; nothing when there are too few.
template <class T>
std::optional<T> read(std::span<const std::byte> bytes) {
  if (bytes.size() < sizeof(T)) return std::nullopt;
  T value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

std::span<const std::byte> skip(std::span<const std::byte> bytes, std::size_t count) {
  return bytes.subspan(std::min(bytes.size(), count));
}

/// The attributes of a message one after the other.
class AttributeReader {
 public:
  explicit AttributeReader(std::span<const std::byte> bytes) : rest_(bytes) {}

  /// Goes to the next one; false at the end or where a length does not fit.
  bool next() {
    const auto header = read<nlattr>(rest_);
    if (!header || header->nla_len < sizeof(nlattr) || header->nla_len > rest_.size()) return false;
    type_ = header->nla_type & NLA_TYPE_MASK;
    payload_ = rest_.subspan(kAttributeHeader, header->nla_len - kAttributeHeader);
    rest_ = skip(rest_, NLA_ALIGN(header->nla_len));
    return true;
  }
  [[nodiscard]] int type() const { return type_; }
  [[nodiscard]] std::span<const std::byte> payload() const { return payload_; }

 private:
  std::span<const std::byte> rest_;
  std::span<const std::byte> payload_;
  int type_ = 0;
};

/// A name of at most IFNAMSIZ - 1 octets, up to its zero.
std::string name_of(std::span<const std::byte> payload) {
  std::string name;
  for (const auto octet : payload.first(std::min<std::size_t>(payload.size(), IFNAMSIZ - 1))) {
    if (octet == std::byte{0}) break;
    name += static_cast<char>(octet);
  }
  return name;
}

/// Of the attributes within IFLA_LINKINFO.
std::optional<std::string> kind_of(std::span<const std::byte> payload) {
  AttributeReader attributes(payload);
  while (attributes.next())
    if (attributes.type() == IFLA_INFO_KIND) return name_of(attributes.payload());
  return std::nullopt;
}

std::optional<IpAddress> address_of(std::span<const std::byte> payload) {
  if (payload.size() == 4) return IpAddress::v4(*read<std::array<std::uint8_t, 4>>(payload));
  if (payload.size() == 16) return IpAddress::v6(*read<std::array<std::uint8_t, 16>>(payload));
  return std::nullopt;
}

/// Of IFLA_LINKINFO, when it is that of a VRF.
std::optional<std::uint32_t> vrf_table_of(std::span<const std::byte> link_info) {
  std::optional<std::uint32_t> table;
  bool is_vrf = false;
  AttributeReader attributes(link_info);
  while (attributes.next()) {
    if (attributes.type() == IFLA_INFO_KIND) is_vrf = name_of(attributes.payload()) == "vrf";
    if (attributes.type() != IFLA_INFO_DATA) continue;
    AttributeReader data(attributes.payload());
    while (data.next())
      if (data.type() == IFLA_VRF_TABLE) table = read<std::uint32_t>(data.payload());
  }
  return is_vrf ? table : std::nullopt;
}

template <class Body>
std::vector<std::byte> dump_request(std::uint16_t type, std::uint32_t sequence, const Body& body,
                                    std::uint16_t attribute, std::uint32_t value) {
  struct Request {
    nlmsghdr header;
    Body body;
    nlattr attribute;
    std::uint32_t value;
  };
  static_assert(sizeof(Request) == NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(Body)) + kAttributeHeader + sizeof value);
  Request request{};
  // Without an attribute the message ends behind the body.
  const std::size_t length = attribute == 0 ? offsetof(Request, attribute) : sizeof request;
  request.header = {.nlmsg_len = static_cast<std::uint32_t>(length),
                    .nlmsg_type = type,
                    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
                    .nlmsg_seq = sequence,
                    .nlmsg_pid = 0};
  request.body = body;
  request.attribute = {.nla_len = static_cast<std::uint16_t>(kAttributeHeader + sizeof value), .nla_type = attribute};
  request.value = value;
  const auto bytes = std::as_bytes(std::span(&request, 1)).first(length);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

void for_each_message(std::span<const std::byte> datagram,
                      const std::function<void(const nlmsghdr& header, std::span<const std::byte> message)>& each) {
  for (;;) {
    const auto header = read<nlmsghdr>(datagram);
    if (!header || header->nlmsg_len < sizeof(nlmsghdr) || header->nlmsg_len > datagram.size()) return;
    each(*header, datagram.first(header->nlmsg_len));
    datagram = skip(datagram, NLMSG_ALIGN(header->nlmsg_len));
  }
}

int error_code(std::span<const std::byte> message) {
  const auto header = read<nlmsghdr>(message);
  const auto code = read<int>(skip(message, NLMSG_HDRLEN));
  if (!code) return header && header->nlmsg_type == NLMSG_DONE ? 0 : EBADMSG;
  return *code < 0 ? -*code : 0;
}

std::optional<LinkMessage> parse_link(std::span<const std::byte> message) {
  const auto header = read<nlmsghdr>(message);
  if (!header || (header->nlmsg_type != RTM_NEWLINK && header->nlmsg_type != RTM_DELLINK)) return std::nullopt;
  const auto body = read<ifinfomsg>(skip(message, NLMSG_HDRLEN));
  // AF_BRIDGE: a port joined or left a bridge; the link itself is not concerned.
  if (!body || body->ifi_family != AF_UNSPEC || body->ifi_index <= 0) return std::nullopt;
  LinkMessage link;
  link.removed = header->nlmsg_type == RTM_DELLINK;
  link.index = static_cast<IfIndex>(body->ifi_index);
  link.up = (body->ifi_flags & IFF_UP) != 0 && (body->ifi_flags & IFF_RUNNING) != 0;
  AttributeReader attributes(skip(message, NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(ifinfomsg))));
  while (attributes.next()) {
    const auto payload = attributes.payload();
    if (attributes.type() == IFLA_IFNAME) {
      link.name = name_of(payload);
    } else if (attributes.type() == IFLA_ADDRESS) {
      const bool is_mac = payload.size() == sizeof(vrrp::MacAddress);
      link.mac = is_mac ? *read<vrrp::MacAddress>(payload) : vrrp::MacAddress{};
    } else if (attributes.type() == IFLA_MTU) {
      link.mtu = read<std::uint32_t>(payload);
    } else if (attributes.type() == IFLA_LINK) {
      if (const auto parent = read<std::uint32_t>(payload)) link.parent = static_cast<IfIndex>(*parent);
    } else if (attributes.type() == IFLA_LINKINFO) {
      link.kind = kind_of(payload);
      link.vrf_table = vrf_table_of(payload);
    }
  }
  return link;
}

std::optional<AddressMessage> parse_address(std::span<const std::byte> message) {
  const auto header = read<nlmsghdr>(message);
  if (!header || (header->nlmsg_type != RTM_NEWADDR && header->nlmsg_type != RTM_DELADDR)) return std::nullopt;
  const auto body = read<ifaddrmsg>(skip(message, NLMSG_HDRLEN));
  if (!body || body->ifa_index == 0 || (body->ifa_family != AF_INET && body->ifa_family != AF_INET6))
    return std::nullopt;
  const auto family = body->ifa_family == AF_INET ? Family::ipv4 : Family::ipv6;
  if (body->ifa_prefixlen > max_prefix_length(family)) return std::nullopt;
  AddressMessage found;
  found.removed = header->nlmsg_type == RTM_DELADDR;
  found.link = static_cast<IfIndex>(body->ifa_index);
  found.prefix_length = body->ifa_prefixlen;
  found.scope = body->ifa_scope;
  found.secondary = (body->ifa_flags & IFA_F_SECONDARY) != 0;
  found.is_duplicate = (body->ifa_flags & IFA_F_DADFAILED) != 0;
  std::optional<IpAddress> local;
  std::optional<IpAddress> address;  // the peer's, where local is another
  AttributeReader attributes(skip(message, NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(ifaddrmsg))));
  while (attributes.next()) {
    const auto payload = attributes.payload();
    switch (attributes.type()) {
      case IFA_LOCAL: local = address_of(payload); break;
      case IFA_ADDRESS: address = address_of(payload); break;
      case IFA_BROADCAST: found.broadcast = address_of(payload); break;
      case IFA_LABEL: found.label = name_of(payload); break;
      case IFA_PROTO: found.protocol = read<std::uint8_t>(payload).value_or(0); break;
      case IFA_CACHEINFO:
        if (const auto cache = read<ifa_cacheinfo>(payload); cache && cache->ifa_valid != kForEver)
          found.valid = std::chrono::seconds(cache->ifa_valid);
        break;
      default: break;
    }
  }
  if (!local && !address) return std::nullopt;
  found.address = local ? *local : *address;
  if (found.address.family() != family) return std::nullopt;
  if (local && address && *local != *address) found.peer = address;
  return found;
}

std::vector<std::byte> link_dump_request(std::uint32_t sequence) {
  ifinfomsg body{};
  body.ifi_family = AF_UNSPEC;
  return dump_request(RTM_GETLINK, sequence, body, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
}

std::vector<std::byte> address_dump_request(std::uint32_t sequence) {
  ifaddrmsg body{};
  body.ifa_family = AF_UNSPEC;
  return dump_request(RTM_GETADDR, sequence, body, 0, 0);
}

}  // namespace baton::net
