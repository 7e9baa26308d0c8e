#include <algorithm>
#include <array>

#include "config/keywords.hpp"
#include "config/set_instance.hpp"

namespace baton::config {
namespace {

constexpr std::size_t kLongestAddressLabel = 15;  // IFNAMSIZ without its NUL

struct ScopeName {
  std::string_view name;
  Scope scope;
};
constexpr std::array<ScopeName, 5> kScopes = {{{"global", Scope::global},
                                               {"site", Scope::site},
                                               {"link", Scope::link},
                                               {"host", Scope::host},
                                               {"nowhere", Scope::nowhere}}};

/// "192.0.2.1" or "192.0.2.1/24" into builder.virtual_address; false when it is no address.
bool read_prefix(Builder& builder, const Word& word) {
  const std::size_t slash = std::min(word.text.find('/'), word.text.size());
  const auto address = IpAddress::parse(word.text.substr(0, slash));
  if (!address) {
    builder.error(word.place, concat(quoted(word.text), " is no IP address: the entry is skipped"),
                  "an entry is address[/prefix] [dev interface] [scope scope] [label label] [brd address]");
    return false;
  }
  VirtualAddress& entry = builder.virtual_address;
  entry.address = *address;
  entry.prefix_length = max_prefix_length(address->family());
  if (slash == word.text.size()) return true;
  const std::string_view length = word.text.substr(slash + 1);
  const auto value = parse_integer(length);
  if (value && *value >= 0 && *value <= entry.prefix_length) {
    entry.prefix_length = static_cast<std::uint8_t>(*value);
  } else {
    const std::string most = std::to_string(entry.prefix_length);
    builder.error(word.place,
                  concat("a prefix length is 0 to ", most, ", not ", quoted(length), ": ", most, " is used"),
                  IpAddress::parse(length) ? "a netmask is written as its number of bits: 255.255.255.0 is 24" : "");
  }
  return true;
}

/// The options that follow the address.  False when one of them spoils the whole entry.
bool read_options(Builder& builder, const Line& line) {
  const std::span<const Word> words = line.words;
  for (std::size_t i = 1; i < words.size();) {
    const Keyword* option = find_keyword(Block::ip_entry, words[i].text);
    if (option == nullptr) {
      const std::string_view near = nearest(words[i].text, names_in(Block::ip_entry));
      builder.error(words[i].place, concat(quoted(words[i].text), " is no option of an address: it is ignored"),
                    IpAddress::parse(words[i].text) ? "one address per line"
                    : near.empty()                  ? ""
                                                    : concat("did you mean '", near, "'?"));
      ++i;
      continue;
    }
    const std::size_t values = option->argument.fewest();
    if (i + values >= words.size() && values > 0) {
      builder.error(words[i].place, concat("'", option->name, "' lacks its value: the entry is skipped"));
      return false;
    }
    const Line part{option, Block::ip_entry, words.subspan(i, 1 + values), {}};
    if (!option->is_active()) builder.not_active(*option, words[i].place);
    if (option->is_read() && !option->action.set(builder, part)) return false;
    i += 1 + values;
  }
  return true;
}

const Place& place_of(const Line& line, std::string_view option) {
  const auto word = std::ranges::find(line.words.subspan(1), option, &Word::text);
  return word == line.words.end() ? line.words[0].place : word->place;
}

/// What the options of an entry do to each other, as keepalived has it.
void reconcile_options(Builder& builder, const Line& line) {
  VirtualAddress& entry = builder.virtual_address;
  if (!entry.peer) return;
  if (entry.prefix_length != max_prefix_length(entry.address.family())) {
    builder.error(line.words[0].place, "an address with a peer has no prefix length: it is ignored",
                  "the prefix is written after the peer");
    entry.prefix_length = max_prefix_length(entry.address.family());
  }
  if (entry.broadcast) {
    builder.error(place_of(line, "peer"), "an address with a peer has no broadcast address: that is ignored");
    entry.broadcast.reset();
  }
}

/// The entry of the line into builder.virtual_address; false when there is none.
bool read_entry(Builder& builder, const Line& line) {
  builder.virtual_address = {};
  builder.virtual_address.position = line.words[0].place.position;
  if (!read_prefix(builder, line.words[0]) || !read_options(builder, line)) return false;
  reconcile_options(builder, line);
  return true;
}

/// The option track_group belongs to static addresses, use_vmac to those of an instance.
void leave_out(Builder& builder, const Line& line, std::string_view option, std::string_view hint) {
  builder.error(place_of(line, option), concat("'", option, "' does not belong here: it is ignored"),
                std::string(hint));
}

bool read_instance_entry(Builder& builder, const Line& line) {
  if (!read_entry(builder, line)) return false;
  if (builder.virtual_address.track_group.empty()) return true;
  leave_out(builder, line, "track_group",
            "it is an option of static_ipaddress; write track_interface into the instance");
  builder.virtual_address.track_group.clear();
  return true;
}

}  // namespace

/// Addresses beyond what an advert holds are owned all the same, and not listed.
bool add_virtual_address(Builder& builder, const Line& line) {
  InstanceDraft& instance = builder.instance;
  if (!read_instance_entry(builder, line)) return false;
  VirtualAddress& entry = builder.virtual_address;
  if (!fits_family(builder, line.words[0].place, entry.address)) return false;
  const std::size_t most = entry.address.is_v4() ? kMaxAddresses : kMaxIpv6Addresses;
  if (instance.settled.virtual_addresses.size() < most) {
    instance.settled.virtual_addresses.push_back(std::move(entry));
    return true;
  }
  if (instance.surplus_addresses++ == 0)
    builder.error(line.words[0].place,
                  concat("an advertisement holds ", most,
                         " addresses: this one and those after it are not listed, as in virtual_ipaddress_excluded"),
                  "spread them over several instances");
  instance.settled.excluded_addresses.push_back(std::move(entry));
  return true;
}

bool add_excluded_address(Builder& builder, const Line& line) {
  if (!read_instance_entry(builder, line)) return false;
  builder.instance.settled.excluded_addresses.push_back(std::move(builder.virtual_address));
  return true;
}

bool add_static_address(Builder& builder, const Line& line) {
  if (!read_entry(builder, line)) return false;
  VirtualAddress& entry = builder.virtual_address;
  if (entry.use_vmac) leave_out(builder, line, "use_vmac", "it is an option of the addresses of a vrrp_instance");
  entry.use_vmac = false;
  builder.config.static_addresses.push_back(std::move(entry));
  return true;
}

bool set_device(Builder& builder, const Line& line) {
  if (!builder.virtual_address.device.empty()) {
    builder.error(line.words[0].place, "an address has one interface: the entry is skipped");
    return false;
  }
  builder.virtual_address.device = line.first().text;
  return true;
}

bool set_scope(Builder& builder, const Line& line) {
  const std::string_view word = line.first().text;
  if (builder.virtual_address.address.is_v6()) {
    builder.error(line.words[0].place, "an IPv6 address takes no scope: the option is ignored",
                  "the address itself tells its scope");
    return true;
  }
  for (const auto& [name, scope] : kScopes)
    if (word == name) {
      builder.virtual_address.scope = scope;
      return true;
    }
  const auto number = parse_integer(word);
  if (number && *number >= 0 && *number <= 255) {
    builder.virtual_address.scope = static_cast<Scope>(*number);
    return true;
  }
  builder.error(line.first().place, concat(quoted(word), " is no scope: the address is global"),
                "global, site, link, host, nowhere or 0 to 255");
  return true;
}

bool set_label(Builder& builder, const Line& line) {
  const std::string_view label = line.first().text;
  if (builder.virtual_address.address.is_v6()) {
    builder.error(line.words[0].place, "an IPv6 address takes no label: the option is ignored");
    return true;
  }
  if (label.size() > kLongestAddressLabel) {
    builder.error(line.first().place,
                  concat("a label has at most ", kLongestAddressLabel, " octets: the entry is skipped"),
                  "the kernel's limit for names of interfaces");
    return false;
  }
  builder.virtual_address.label = label;
  return true;
}

/// `+` sets all host bits, `-` clears them.
bool set_broadcast(Builder& builder, const Line& line) {
  constexpr std::uint8_t kLongestPrefix = 30;
  const Word& word = line.first();
  VirtualAddress& entry = builder.virtual_address;
  if (entry.address.is_v6()) {
    builder.error(line.words[0].place, "an IPv6 address has no broadcast address: the entry is skipped",
                  "IPv6 knows no broadcast");
    return false;
  }
  if (word.text != "+" && word.text != "-") {
    const auto address = IpAddress::parse(word.text);
    if (!address || !address->is_v4()) {
      builder.error(word.place, concat(quoted(word.text), " is no IPv4 broadcast address: the entry is skipped"));
      return false;
    }
    entry.broadcast = *address;
    return true;
  }
  if (entry.prefix_length > kLongestPrefix) {
    builder.error(word.place,
                  concat("there is no broadcast address in a prefix of ", int{entry.prefix_length},
                         " bits: the option is ignored"),
                  "write the prefix after the address: 192.0.2.1/24 brd +");
    return true;
  }
  const std::uint32_t host_bits = entry.prefix_length == 0 ? ~0U : (1U << (32U - entry.prefix_length)) - 1U;
  const std::uint32_t address = entry.address.v4_host_order();
  entry.broadcast = IpAddress::v4(word.text == "+" ? address | host_bits : address & ~host_bits);
  return true;
}

/// "192.0.2.1" or "192.0.2.1/24", of the family of the address.  A wrong one costs the peer, not the entry.
bool set_peer(Builder& builder, const Line& line) {
  const Word& word = line.first();
  VirtualAddress& entry = builder.virtual_address;
  if (entry.peer) {
    builder.error(word.place, concat("an address has one peer: ", quoted(word.text), " is ignored"));
    return true;
  }
  const std::size_t slash = std::min(word.text.find('/'), word.text.size());
  const auto address = IpAddress::parse(word.text.substr(0, slash));
  std::uint8_t length = max_prefix_length(entry.address.family());
  const auto written = slash == word.text.size() ? length : parse_integer(word.text.substr(slash + 1)).value_or(-1);
  if (!address || written < 0 || written > length) {
    builder.error(word.place, concat(quoted(word.text), " is no address of a peer: it is ignored"),
                  "peer address[/prefix]");
    return true;
  }
  if (address->family() != entry.address.family()) {
    builder.error(word.place, "a peer is of the family of the address: it is ignored");
    return true;
  }
  entry.peer = PeerAddress{*address, static_cast<std::uint8_t>(written)};
  return true;
}

bool set_preferred_lft(Builder& builder, const Line& line) {
  const Word& word = line.first();
  const auto value = word.text == "forever" ? kForever.count() : parse_integer(word.text).value_or(-1);
  if (value < 0 || value > kForever.count()) {
    builder.error(word.place, concat("preferred_lft is forever or 0 to ", kForever.count(), " s, not ",
                                     quoted(word.text), ": it is ignored"));
    return true;
  }
  if (builder.virtual_address.address.is_v4())
    builder.advise(line.words[0].place, "preferred_lft is for IPv6 addresses: nothing heeds it here");
  builder.virtual_address.preferred_lft = std::chrono::seconds(value);
  return true;
}

bool set_track_group(Builder& builder, const Line& line) {
  builder.virtual_address.track_group = line.first().text;
  return true;
}

bool set_address_vmac(Builder& builder, const Line&) {
  builder.virtual_address.use_vmac = true;
  return true;
}

}  // namespace baton::config
