// encap: a tunnel that the packets of a route are put into.
#include <array>

#include "config/set_route.hpp"

namespace baton::config {
namespace {

std::optional<Encapsulation> read_tunnel(Builder& builder, const Line& line) {
  const bool is_v4 = line.words[1].text == "ip";
  builder.entry.encap_ip = {};
  builder.entry.encap_ip.family = is_v4 ? Family::ipv4 : Family::ipv6;
  if (!read_options(builder, is_v4 ? Block::encap_ip : Block::encap_ip6, line.words.subspan(2), "encap"))
    return std::nullopt;
  const EncapIp& tunnel = builder.entry.encap_ip;
  if (tunnel.id || tunnel.dst || tunnel.src) return tunnel;
  reject(builder, line.words[1], "an encap needs an id or an address", "encap ip id N dst ADDRESS");
  return std::nullopt;
}

std::optional<Encapsulation> read_labels(Builder& builder, const Line& line) {
  constexpr std::uint64_t kMost = (1U << 20U) - 1U;  // 20 bits (RFC 3032 2.1)
  std::string_view rest = line.words[2].text;
  EncapMpls encap;
  for (bool is_last = false; !is_last;) {
    const std::size_t slash = rest.find('/');
    is_last = slash == std::string_view::npos;
    const auto label = parse_unsigned(rest.substr(0, slash), kMost);
    if (!label) {
      reject(builder, line.words[2],
             concat("labels are 0 to ", kMost, " with / between them, not ", quoted(line.words[2].text)));
      return std::nullopt;
    }
    encap.labels.push_back(static_cast<std::uint32_t>(*label));
    if (!is_last) rest.remove_prefix(slash + 1);
  }
  return encap;
}

std::optional<Encapsulation> read_locator(Builder& builder, const Line& line) {
  constexpr std::size_t kGroups = 4;
  constexpr std::uint64_t kMost = 0xffff;
  std::string_view rest = line.words[2].text;
  EncapIla encap;
  std::size_t groups = 0;
  for (bool is_last = false; !is_last && groups < kGroups; ++groups) {
    const std::size_t colon = rest.find(':');
    is_last = colon == std::string_view::npos;
    const auto group = parse_unsigned(concat("0x", rest.substr(0, colon)), kMost);
    if (!group || is_last != (groups + 1 == kGroups)) break;
    encap.locator = encap.locator << 16U | *group;
    if (!is_last) rest.remove_prefix(colon + 1);
  }
  if (groups == kGroups) return encap;
  reject(builder, line.words[2], concat("a locator is four groups such as 1:2:3:4, not ", quoted(line.words[2].text)));
  return std::nullopt;
}

}  // namespace

bool set_encap(Builder& builder, const Line& line) {
  constexpr std::array<std::string_view, 4> kTypes = {"ip", "ip6", "mpls", "ila"};
  const std::string_view type = line.words[1].text;
  std::optional<Encapsulation> encap;
  if (type == "ip" || type == "ip6")
    encap = read_tunnel(builder, line);
  else if (type == "mpls")
    encap = read_labels(builder, line);
  else if (type == "ila")
    encap = read_locator(builder, line);
  else
    reject(builder, line.words[1], concat("encap is ", listed(kTypes), ", not ", quoted(type)));
  if (encap) (line.block == Block::nexthop ? builder.entry.nexthop.encap : builder.route.encap) = std::move(encap);
  return line.block == Block::nexthop ? builder.entry.nexthop.encap.has_value() : builder.route.encap.has_value();
}

}  // namespace baton::config
