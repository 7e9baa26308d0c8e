// The interface that an instance makes for itself, its source, and the peers that it sends to.
#include <algorithm>
#include <array>

#include "config/keywords.hpp"
#include "config/set_instance.hpp"

namespace baton::config {
namespace {

constexpr std::size_t kLongestInterfaceName = 15;  // IFNAMSIZ without its NUL

bool is_interface_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestInterfaceName && name.find_first_of("/: \t") == std::string_view::npos;
}

/// The word after `name` or `group`; nullptr and reported when there is none.
const Word* value_of(Builder& builder, const Line& line, std::size_t at) {
  if (at + 1 < line.words.size()) return &line.words[at + 1];
  builder.error(line.words[at].place,
                concat(line.keyword->name, ": ", quoted(line.words[at].text), " lacks its value and is ignored"));
  return nullptr;
}

void take_name(Builder& builder, const Line& line, const Word& word, std::string& name) {
  if (!name.empty())
    builder.error(word.place, concat(line.keyword->name, " has a name already, ", quoted(name), ": ", quoted(word.text),
                                     " is ignored"));
  else if (!is_interface_name(word.text))
    builder.error(word.place, concat(quoted(word.text), " cannot be the name of an interface: it is ignored"),
                  concat("at most ", kLongestInterfaceName, " octets, without / and :"));
  else
    name = word.text;
}

/// "02:00:00:0a:0b:0c" to octets; none when it is not that.
std::vector<std::uint8_t> parse_mac(std::string_view text) {
  std::vector<std::uint8_t> octets;
  while (octets.size() <= kMacOctets) {
    const std::size_t end = std::min(text.find(':'), text.size());
    unsigned value = 0;
    if (end == 0 || end > 2) return {};
    for (const char c : text.substr(0, end)) {
      const char small = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
      const bool is_letter = small >= 'a' && small <= 'f';
      if (!is_letter && (small < '0' || small > '9')) return {};
      value = value * 16 + static_cast<unsigned>(is_letter ? small - 'a' + 10 : small - '0');
    }
    octets.push_back(static_cast<std::uint8_t>(value));
    if (end == text.size()) break;
    text.remove_prefix(end + 1);
  }
  return octets;
}

void take_mac(Builder& builder, const Word& word, Vmac& vmac) {
  constexpr std::array<std::uint8_t, 4> kRfc = {0x00, 0x00, 0x5e, 0x00};
  const std::vector<std::uint8_t> mac = parse_mac(word.text);
  std::string_view fault;
  if (mac.size() != kMacOctets && mac.size() + 1 != kMacOctets)
    fault = " is no MAC address";
  else if ((mac[0] & 1U) != 0)
    fault = " is a multicast MAC address";
  else if (std::equal(kRfc.begin(), kRfc.end(), mac.begin()) && (mac[4] == 1 || mac[4] == 2))
    fault = " is in the range of virtual routers, whose last octet is the VRID";
  if (fault.empty())
    vmac.mac = mac;
  else
    builder.error(word.place, concat(quoted(word.text), fault, ": it is ignored"),
                  "without one the MAC address is 00:00:5e:00:01:VRID, for IPv6 00:00:5e:00:02:VRID");
}

std::optional<IpvlanMode> mode_of(std::string_view word) {
  if (word == "bridge") return IpvlanMode::bridge;
  if (word == "private") return IpvlanMode::private_mode;
  if (word == "vepa") return IpvlanMode::vepa;
  return std::nullopt;
}

/// "192.0.2.1" or "192.0.2.1/24"; absent when it is neither.
std::optional<PeerAddress> parse_prefix(std::string_view text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  const std::uint8_t most = max_prefix_length(address->family());
  if (slash == text.size()) return PeerAddress{*address, most};
  const auto length = parse_integer(text.substr(slash + 1));
  if (!length || *length < 0 || *length > most) return std::nullopt;
  return PeerAddress{*address, static_cast<std::uint8_t>(*length)};
}

/// An address for which a mask makes no sense: people write one all the same, and keepalived drops it.
std::optional<IpAddress> read_unmasked(Builder& builder, const Word& word, std::string_view keyword,
                                       std::string_view effect) {
  const std::size_t slash = std::min(word.text.find('/'), word.text.size());
  const auto address = IpAddress::parse(word.text.substr(0, slash));
  if (!address)
    builder.error(word.place, concat(keyword, ": ", quoted(word.text), " is no IP address"), std::string(effect));
  else if (slash != word.text.size())
    builder.advise(word.place, concat(keyword, " takes no mask: ", quoted(word.text.substr(slash)), " is dropped"),
                   concat("write ", word.text.substr(0, slash), ", the address of one router"));
  return address;
}

}  // namespace

bool fits_family(Builder& builder, const Place& place, const IpAddress& address) {
  auto& family = builder.instance.family;
  if (!family) family = Placed<Family>{address.family(), place};
  if (family->value == address.family()) return true;
  builder.error(
      place, "all addresses of an instance are of one family: this one is left out",
      concat("it is one of ", family->value == Family::ipv4 ? "IPv4" : "IPv6", " since ", builder.at(family->place)));
  return false;
}

/// Several lines add up.
bool set_vmac(Builder& builder, const Line& line) {
  Vmac vmac = builder.instance.settled.vmac.value_or(Vmac{});
  for (std::size_t i = 1; i < line.words.size(); ++i) {
    const Word& word = line.words[i];
    if (word.text == "netlink_notify_msg") {
      vmac.netlink_notify_msg = true;
    } else if (word.text == "name" || word.text == "group") {
      const Word* value = value_of(builder, line, i++);
      if (value != nullptr && word.text == "name") take_name(builder, line, *value, vmac.interface);
      if (value != nullptr && word.text == "group") vmac.group = value->text;
    } else if (word.text.find(':') != std::string_view::npos) {
      take_mac(builder, word, vmac);
    } else {
      take_name(builder, line, word, vmac.interface);
    }
  }
  builder.instance.settled.vmac = std::move(vmac);
  return true;
}

bool set_ipvlan(Builder& builder, const Line& line) {
  Ipvlan ipvlan;
  bool has_mode = false;
  for (std::size_t i = 1; i < line.words.size(); ++i) {
    const Word& word = line.words[i];
    const auto mode = mode_of(word.text);
    const auto address = parse_prefix(word.text);
    const auto again = [&](std::string_view what) {
      builder.error(word.place, concat("use_ipvlan has ", what, " already: ", quoted(word.text), " is ignored"));
    };
    if (word.text == "name" || word.text == "group") {
      const Word* value = value_of(builder, line, i++);
      if (value != nullptr && word.text == "name") take_name(builder, line, *value, ipvlan.interface);
      if (value != nullptr && word.text == "group") ipvlan.group = value->text;
    } else if (mode && has_mode) {
      again("a mode");
    } else if (mode) {
      ipvlan.mode = *mode;
      has_mode = true;
    } else if (address && ipvlan.address) {
      again("an address");
    } else if (address) {
      if (!fits_family(builder, word.place, address->address)) continue;
      ipvlan.address = address->address;
      ipvlan.prefix_length = address->prefix_length;
    } else {
      take_name(builder, line, word, ipvlan.interface);
    }
  }
  builder.instance.settled.ipvlan = std::move(ipvlan);
  return true;
}

/// `address [min_ttl N] [max_ttl N]`.
bool add_unicast_peer(Builder& builder, const Line& line) {
  const std::span<const Word> words = line.words;
  VrrpInstance& instance = builder.instance.settled;
  builder.unicast_peer = {};
  const auto address = read_unmasked(builder, words[0], "unicast_peer", "the peer is left out");
  if (!address || !fits_family(builder, words[0].place, *address)) return false;
  builder.unicast_peer.address = *address;
  builder.unicast_peer.position = words[0].place.position;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const Keyword* option = find_keyword(Block::unicast_peer, words[i].text);
    if (option == nullptr) {
      builder.error(words[i].place, concat(quoted(words[i].text), " is no option of a peer: it is ignored"),
                    IpAddress::parse(words[i].text) ? "one peer per line" : "min_ttl and max_ttl are");
      continue;
    }
    if (i + 1 == words.size()) {
      builder.error(words[i].place, concat("'", option->name, "' lacks its value: it is ignored"));
      break;
    }
    option->action.set(builder, {option, Block::unicast_peer, words.subspan(i, 2), {}});
    ++i;
  }
  const UnicastPeer& peer = builder.unicast_peer;
  if (peer.min_ttl > peer.max_ttl)
    builder.warn(words[0].place, concat("min_ttl ", int{peer.min_ttl}, " is above max_ttl ", int{peer.max_ttl},
                                        ": every advert of this peer is dropped"));
  instance.unicast_peers.push_back(peer);
  return true;
}

namespace {

/// A TTL sets check_unicast_src: whoever counts hops wants to know the sender.
bool read_ttl(Builder& builder, const Line& line, std::uint8_t& ttl) {
  const Word& word = line.first();
  const Argument& range = line.keyword->argument;
  const auto value = parse_integer(word.text);
  if (!value || *value < range.minimum || *value > range.maximum) {
    builder.error(word.place, concat(line.keyword->name, " must be ", range.range(), ", not ", quoted(word.text)),
                  "the option is ignored");
    return false;
  }
  ttl = static_cast<std::uint8_t>(*value);
  builder.instance.settled.check_unicast_src = true;
  return true;
}

}  // namespace

bool set_min_ttl(Builder& builder, const Line& line) {
  return read_ttl(builder, line, builder.unicast_peer.min_ttl);
}

bool set_max_ttl(Builder& builder, const Line& line) {
  return read_ttl(builder, line, builder.unicast_peer.max_ttl);
}

/// Both keywords set the one source that an instance has.
bool set_source_address(Builder& builder, const Line& line) {
  const Word& word = line.first();
  auto& source = builder.instance.settled.source_address;
  const auto address = read_unmasked(builder, word, line.keyword->name, "the line is ignored");
  if (!address || !fits_family(builder, word.place, *address)) return false;
  if (source && *source != *address && line.keyword->name == "unicast_src_ip" &&
      !builder.instance.has("unicast_src_ip"))
    builder.advise(word.place,
                   concat("an instance has one source: ", source->to_string(), " of mcast_src_ip is dropped"));
  source = *address;
  return true;
}

bool set_mcast_dst_ip(Builder& builder, const Line& line) {
  constexpr std::uint8_t kLinkLocalScope = 2;  // ff02::/16 (RFC 4291 2.7)
  const Word& word = line.first();
  const auto address = IpAddress::parse(word.text);
  std::string_view fault;
  if (!address)
    fault = " is no IP address";
  else if (!address->is_multicast())
    fault = " is no multicast address";
  else if (address->is_v6() && (address->octets()[1] & 15U) != kLinkLocalScope)
    fault = " is not of link-local scope (ff02::)";
  if (!fault.empty()) {
    builder.error(word.place, concat("mcast_dst_ip: ", quoted(word.text), fault), "the line is ignored");
    return false;
  }
  if (!fits_family(builder, word.place, *address)) return false;
  builder.instance.settled.mcast_dst_ip = *address;
  return true;
}

bool set_old_unicast_checksum(Builder& builder, const Line& line) {
  OldChecksum& checksum = builder.instance.settled.old_unicast_checksum;
  if (line.has_value() && line.first().text != "never") {
    builder.error(line.first().place,
                  concat("old_unicast_checksum stands alone or before never, not ", quoted(line.first().text)),
                  "the line is ignored");
    return true;  // noted: it speaks of unicast all the same
  }
  checksum = line.has_value() ? OldChecksum::never : OldChecksum::always;
  return true;
}

bool set_native_ipv6(Builder& builder, const Line& line) {
  auto& family = builder.instance.family;
  const Place& place = line.words[0].place;
  if (family && family->value == Family::ipv4) {
    builder.error(place, "native_ipv6 in an instance of IPv4: the line is ignored",
                  concat("it is one of IPv4 since ", builder.at(family->place)));
    return false;
  }
  if (!family) family = Placed<Family>{Family::ipv6, place};
  return true;
}

}  // namespace baton::config
