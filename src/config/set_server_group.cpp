#include <algorithm>
#include <array>
#include <charconv>

#include "config/set_server.hpp"
#include "config/values.hpp"

namespace baton::config {
namespace {

using Octets = std::array<std::uint8_t, 16>;

std::size_t size_of(const IpAddress& address) {
  return address.octets().size();
}

Octets octets_of(const IpAddress& address) {
  Octets octets{};
  std::ranges::copy(address.octets(), octets.begin());
  return octets;
}

/// An address of the family of `like` with these octets.
IpAddress made(const Octets& octets, const IpAddress& like) {
  return like.is_v4() ? IpAddress::v4({octets[0], octets[1], octets[2], octets[3]}) : IpAddress::v6(octets);
}

/// The last address of the prefix; absent when `address` is not its first.
std::optional<IpAddress> last_of_prefix(const IpAddress& address, std::size_t bits) {
  constexpr unsigned kOctet = 8;
  Octets octets = octets_of(address);
  for (std::size_t bit = bits; bit < size_of(address) * kOctet; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80U >> bit % kOctet);
    if ((octets.at(bit / kOctet) & mask) != 0) return std::nullopt;
    octets.at(bit / kOctet) |= mask;
  }
  return made(octets, address);
}

/// "10" after 192.0.2.1-, or "ff" after 2001:db8::1-: the last octet, or the last 16 bits in hexadecimal.
std::optional<IpAddress> last_of_range(const IpAddress& first, std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value, first.is_v4() ? 10 : 16);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (value > (first.is_v4() ? 0xffU : 0xffffU)) return std::nullopt;
  Octets octets = octets_of(first);
  octets.at(size_of(first) - 1) = static_cast<std::uint8_t>(value & 0xffU);
  if (first.is_v6()) octets.at(size_of(first) - 2) = static_cast<std::uint8_t>(value >> 8U);
  const IpAddress last = made(octets, first);
  return last > first ? std::optional(last) : std::nullopt;
}

/// What the entry covers; absent: reported.
std::optional<GroupAddresses> read_range(Builder& builder, const Word& word) {
  const std::size_t cut = std::min(word.text.find_first_of("/-"), word.text.size());
  const auto first = IpAddress::parse(word.text.substr(0, cut));
  const auto skip = [&](std::string_view what, std::string_view hint) {
    builder.error(word.place, concat(quoted(word.text), " ", what, ": the entry is skipped"), std::string(hint));
    return std::nullopt;
  };
  if (!first)
    return skip("is no IP address",
                "an entry is <ip> [<port>], <ip>/<bits> [<port>], <ip>-<ip> [<port>] or fwmark <n> [inet|inet6]");
  GroupAddresses entry{*first, *first, 0, word.place.position};
  if (cut == word.text.size()) return entry;
  const std::string_view rest = word.text.substr(cut + 1);
  if (word.text[cut] == '/') {
    const auto bits = parse_integer(rest);
    if (!bits || *bits < 1 || *bits > max_prefix_length(first->family())) return skip("has no valid prefix length", "");
    const auto last = last_of_prefix(*first, static_cast<std::size_t>(*bits));
    if (!last) return skip("is not the first address of its prefix", "the bits after the prefix must be zero");
    entry.last = *last;
    return entry;
  }
  if (const auto address = IpAddress::parse(rest)) {
    if (address->family() != first->family()) return skip("mixes two families", "");
    if (*address < *first) return skip("ends before it begins", "");
    entry.last = *address;
    return entry;
  }
  const auto last = last_of_range(*first, rest);
  if (!last)
    return skip("is no range", first->is_v4() ? "after the hyphen stands the last octet, above the first one's"
                                              : "after the hyphen stand the last four hexadecimal digits");
  entry.last = *last;
  return entry;
}

bool add_addresses(Builder& builder, std::span<const Word> words) {
  auto entry = read_range(builder, words[0]);
  if (!entry) return false;
  if (words.size() > 1) {
    const auto port = parse_port(words[1].text, true);
    if (!port) {
      builder.error(words[1].place,
                    concat("the port must be 1 to 65535, not ", quoted(words[1].text), ": the entry is skipped"),
                    words[1].text.find('-') == std::string_view::npos
                        ? "ports are numbers; names of services are not looked up"
                        : "ranges are of addresses only: write one entry for each port");
      return false;
    }
    entry->port = *port;
  }
  if (words.size() > 2) builder.advise(words[2].place, concat(quoted(words[2].text), " after the port is ignored"));
  builder.server_group.addresses.push_back(*entry);
  return true;
}

/// `fwmark <n> [inet|inet6]`
bool add_mark(Builder& builder, std::span<const Word> words) {
  if (words.size() < 2) {
    builder.report(Severity::error, Status::missing_argument, words[0].place,
                   "'fwmark' lacks its value: the entry is skipped", "fwmark <n> [inet|inet6]");
    return false;
  }
  const auto value = parse_integer(words[1].text);
  if (!value || *value < 1 || *value > kUnlimited) {
    builder.report(
        Severity::error, value == 0 ? Status::ok : Status::bad, words[1].place,
        concat("a firewall mark is 1 to ", kUnlimited, ", not ", quoted(words[1].text), ": the entry is skipped"));
    return false;
  }
  GroupMark mark{static_cast<std::uint32_t>(*value), std::nullopt, words[0].place.position};
  if (words.size() > 2) {
    if (words[2].text != "inet" && words[2].text != "inet6") {
      builder.error(words[2].place, concat(quoted(words[2].text), " is no family: the entry is skipped"),
                    "write inet or inet6");
      return false;
    }
    mark.family = words[2].text == "inet" ? Family::ipv4 : Family::ipv6;
  }
  if (words.size() > 3) builder.advise(words[3].place, concat(quoted(words[3].text), " is ignored"));
  builder.server_group.marks.push_back(mark);
  return true;
}

/// keepalived drops a group that could not be told apart by family.
bool has_mixed_marks(const VirtualServerGroup& group) {
  const auto is_family = [](Family family) {
    return [family](const GroupAddresses& entry) { return entry.first.family() == family; };
  };
  return std::ranges::any_of(group.marks, [](const GroupMark& mark) { return !mark.family; }) &&
         std::ranges::any_of(group.addresses, is_family(Family::ipv4)) &&
         std::ranges::any_of(group.addresses, is_family(Family::ipv6));
}

}  // namespace

bool open_server_group(Builder& builder, const Line& line) {
  const Word& name = line.first();
  const auto [other, is_new] = builder.server_groups.try_emplace(std::string(name.text), name.place);
  if (!is_new) {
    builder.report(Severity::error, Status::ok, name.place,
                   concat("there is a virtual_server_group ", quoted(name.text), " already: this one is skipped"),
                   concat("the first one is in ", builder.at(other->second)));
    return false;
  }
  if (line.words.size() > 2) builder.advise(line.words[2].place, concat(quoted(line.words[2].text), " is ignored"));
  builder.server_group = {};
  builder.server_group.name = name.text;
  builder.server_group.position = name.place.position;
  return true;
}

bool add_server_group_entry(Builder& builder, const Line& line) {
  return line.words[0].text == "fwmark" ? add_mark(builder, line.words) : add_addresses(builder, line.words);
}

void close_server_group(Builder& builder) {
  VirtualServerGroup& group = builder.server_group;
  const Place place = builder.server_groups.at(group.name);
  if (group.addresses.empty() && group.marks.empty()) {
    builder.error(place, concat("virtual_server_group ", quoted(group.name), " has no entries: it is left out"));
  } else if (has_mixed_marks(group)) {
    builder.error(place,
                  concat("virtual_server_group ", quoted(group.name),
                         " has addresses of two families and a fwmark of none: it is left out"),
                  "write inet or inet6 after the mark");
  } else {
    builder.config.virtual_server_groups.push_back(std::move(group));
  }
}

}  // namespace baton::config
