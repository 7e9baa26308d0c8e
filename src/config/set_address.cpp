#include <array>

#include "config/keywords.hpp"
#include "config/setters.hpp"

namespace baton::config {
namespace {

constexpr std::size_t kLongestLabel = 15;  // IFNAMSIZ without its NUL

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

}  // namespace

bool add_virtual_address(Builder& builder, const Line& line) {
  InstanceDraft& instance = builder.instance;
  builder.virtual_address = {};
  builder.virtual_address.position = line.words[0].place.position;
  if (!read_prefix(builder, line.words[0]) || !read_options(builder, line)) return false;
  const VirtualAddress& entry = builder.virtual_address;
  if (!instance.virtual_addresses.empty() &&
      instance.virtual_addresses.front().address.family() != entry.address.family()) {
    builder.error(line.words[0].place, "all addresses of an instance are of one family: the entry is skipped",
                  concat("the first one is ", instance.virtual_addresses.front().address.to_string()));
    return false;
  }
  if (instance.virtual_addresses.size() >= kMaxAddresses) {
    if (instance.surplus_addresses++ == 0)
      builder.error(line.words[0].place,
                    concat("an advertisement holds ", kMaxAddresses,
                           " addresses at most: this one and those after it are skipped"),
                    "spread them over several instances");
    return false;
  }
  instance.virtual_addresses.push_back(std::move(builder.virtual_address));
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
  if (label.size() > kLongestLabel) {
    builder.error(line.first().place, concat("a label has at most ", kLongestLabel, " octets: the entry is skipped"),
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
  if (word.text != "+" && word.text != "-") {
    const auto address = IpAddress::parse(word.text);
    if (!address || !address->is_v4() || !entry.address.is_v4()) {
      builder.error(word.place, concat(quoted(word.text), " is no IPv4 broadcast address: the entry is skipped"));
      return false;
    }
    entry.broadcast = *address;
    return true;
  }
  if (!entry.address.is_v4() || entry.prefix_length > kLongestPrefix) {
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

}  // namespace baton::config
