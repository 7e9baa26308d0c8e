#include "config/set_route.hpp"

#include <algorithm>
#include <array>

#include "config/keywords.hpp"

namespace baton::config {
namespace {

constexpr std::string_view kUse = "a line is [type] destination [option value] ...";

bool is_default(std::string_view word) {
  return word == "default" || word == "any" || word == "all" || word == "default6";
}

/// The destination: [to] address, or a type and an address.  `words` begins with it.
bool read_destination(Builder& builder, std::span<const Word> words, std::size_t& taken) {
  taken = 0;
  const auto type = std::ranges::find(kRouteTypes, words[0].text);
  if (type != kRouteTypes.end()) builder.route.type = static_cast<RouteType>(type - kRouteTypes.begin());
  if (type != kRouteTypes.end() || words[0].text == "to") ++taken;
  if (taken == words.size()) return reject(builder, words[0], concat(quoted(words[0].text), " lacks its address"));
  const Word& word = words[taken++];
  builder.entry.is_default = is_default(word.text);
  const bool is_second = builder.entry.has_destination;
  if (builder.entry.is_default) {
    if (word.text == "default6" && !take_family(builder, word, Family::ipv6)) return false;
    builder.entry.has_destination = true;
    return true;
  }
  if (!IpAddress::parse(word.text.substr(0, word.text.find('/')))) {
    const std::string_view near = nearest(word.text, names_in(Block::route_entry));
    const std::string_view near_type = nearest(word.text, kRouteTypes);
    return reject(builder, word, concat(quoted(word.text), " is neither an option of a route nor an address"),
                  taken == 2 && words[0].text == "to" ? std::string(kUse)
                  : !near.empty()                     ? concat("did you mean '", near, "'?")
                  : !near_type.empty()                ? concat("did you mean '", near_type, "'?")
                                                      : std::string(kUse));
  }
  const auto network = read_network(builder, word);
  if (!network) return false;
  if (is_second) builder.advise(word.place, "a second destination: this one counts", "one route per line");
  builder.route.destination = *network;
  builder.entry.has_destination = true;
  return true;
}

bool is_of_family(Builder& builder, const Line& line) {
  const Route& route = builder.route;
  const bool is_v4 = route.destination.address.is_v4();
  if (is_v4 && route.expires) return reject(builder, word_of(line, {"expires"}), "expires is for IPv6 only");
  if (is_v4 && route.pref) return reject(builder, word_of(line, {"pref"}), "pref is for IPv6 only");
  if (is_v4 && route.from) return reject(builder, word_of(line, {"from"}), "from is for IPv6 only");
  const bool has_realms =
      route.realms || std::ranges::any_of(route.nexthops, [](const Nexthop& hop) { return hop.realms.has_value(); });
  if (!is_v4 && has_realms) return reject(builder, word_of(line, {"realms"}), "realms are for IPv4 only");
  if (route.via && route.via->is_v4() != is_v4)
    builder.warn(word_of(line, {"via", "gw"}).place, "the gateway is of the other family",
                 "keepalived 2.2.7 drops such a route");
  return true;
}

/// What keepalived corrects once the line is read.
void correct_tracking(Builder& builder, const Line& line) {
  Route& route = builder.route;
  if (!route.no_track && route.device.empty()) {
    builder.warn(line.words[0].place, "a route without dev is not tracked: its loss goes unnoticed",
                 "write dev and the interface, or no_track");
    route.no_track = true;
    return;
  }
  if (route.no_track || !route.protocol || route.protocol == Identifier{std::uint32_t{18}}) return;
  builder.warn(word_of(line, {"protocol"}).place, "a tracked route has protocol 18 (keepalived): yours is ignored",
               "write no_track beside it");
  route.protocol.reset();
}

/// Reads the line into builder.route; false when it is ignored.
bool read_route(Builder& builder, const Line& line, bool is_static) {
  builder.route = {};
  builder.entry = {};
  builder.route.position = line.words[0].place.position;
  for (std::span<const Word> words = line.words; !words.empty();) {
    std::size_t taken = 0;
    const bool is_option = find_keyword(Block::route_entry, words[0].text) != nullptr;
    if (is_option && words[0].text == "track_group" && !is_static)
      return reject(builder, words[0], "track_group is for static routes only");
    if (is_option ? !read_option(builder, Block::route_entry, words, "a route", taken)
                  : !read_destination(builder, words, taken))
      return false;
    words = words.subspan(taken);
  }
  Route& route = builder.route;
  if (!builder.entry.has_destination)
    return reject(builder, line.words[0], "a route needs a destination", std::string(kUse));
  if (builder.entry.is_default) {
    const Family gateway = route.via ? route.via->family() : Family::ipv4;
    const Family family = builder.entry.family.value_or(gateway);
    route.destination = {family == Family::ipv4 ? IpAddress{} : IpAddress::v6({}), 0};
  }
  if (route.second_via && !route.nexthops.empty())
    return reject(builder, word_of(line, {"or"}), "or and nexthop do not go together",
                  "write nexthop for each gateway");
  if (!is_of_family(builder, line)) return false;
  correct_tracking(builder, line);
  return true;
}

}  // namespace

bool add_virtual_route(Builder& builder, const Line& line) {
  if (!read_route(builder, line, false)) return false;
  builder.instance.settled.virtual_routes.push_back(std::move(builder.route));
  return true;
}

bool add_static_route(Builder& builder, const Line& line) {
  if (!read_route(builder, line, true)) return false;
  Route& route = builder.route;
  if (!route.track_group.empty() && route.device.empty()) {
    builder.error(word_of(line, {"track_group"}).place, "track_group needs dev: it is ignored",
                  "the instances of the group track the interface of the route");
    route.track_group.clear();
  }
  if (!route.track_group.empty())
    builder.tracking.group_references.push_back(
        {false, builder.config.static_routes.size(), (&word_of(line, {"track_group"}) + 1)->place});
  builder.config.static_routes.push_back(std::move(route));
  return true;
}

bool set_tos(Builder& builder, const Line& line) {
  constexpr std::uint64_t kMost = 255;
  const auto value = read_identifier(builder, line, kMost);
  if (value) (line.block == Block::rule_entry ? builder.rule.tos : builder.route.tos) = *value;
  return value.has_value();
}

bool set_out_device(Builder& builder, const Line& line) {
  const Word& word = value_of(line);
  if (word.text.empty()) return reject(builder, word, "the name of the interface is empty");
  (line.block == Block::nexthop ? builder.entry.nexthop.device : builder.route.device) = word.text;
  return true;
}

bool set_realms(Builder& builder, const Line& line) {
  const auto realms = read_realms(builder, line);
  if (!realms) return false;
  (line.block == Block::nexthop      ? builder.entry.nexthop.realms
   : line.block == Block::rule_entry ? builder.rule.realms
                                     : builder.route.realms) = *realms;
  return true;
}

/// A gateway of the other family is taken when the line says so.
bool set_gateway(Builder& builder, const Line& line) {
  const Word& word = value_of(line);
  if (line.keyword->name == "gw") builder.warn(line.words[0].place, "'gw' is an old spelling", "write 'via'");
  std::optional<IpAddress> address;
  if (has_prefix(line)) {
    address = IpAddress::parse(word.text);
    if (!address || address->is_v6() != (line.words[1].text == "inet6"))
      return reject(builder, word, concat(quoted(word.text), " is no address of the family ", line.words[1].text));
  } else {
    address = read_entry_address(builder, line);
  }
  if (address) (line.block == Block::nexthop ? builder.entry.nexthop.via : builder.route.via) = address;
  return address.has_value();
}

bool set_second_gateway(Builder& builder, const Line& line) {
  builder.warn(line.words[0].place, "'or' is an old spelling", "write nexthop via ... nexthop via ...");
  return set_entry_address<&Route::second_via>(builder, line);
}

bool set_entry_as(Builder& builder, const Line& line) {
  builder.warn(line.words[0].place, "'as' is for MPLS only: it is ignored", "write encap mpls and the labels");
  return true;
}

bool set_entry_track_group(Builder& builder, const Line& line) {
  (line.block == Block::rule_entry ? builder.rule.track_group : builder.route.track_group) = value_of(line).text;
  return true;
}

/// The one that is written last says it.
bool set_table(Builder& builder, const Line& line) {
  builder.route.vrf.clear();
  return set_identifier<&Route::table, kUnlimited>(builder, line);
}

bool set_vrf(Builder& builder, const Line& line) {
  builder.route.table.reset();
  return set_text<&Route::vrf>(builder, line);
}

bool set_expires(Builder& builder, const Line& line) {
  const auto value = read_unsigned(builder, line, kUnlimited);
  if (value) builder.route.expires = std::chrono::seconds(*value);
  return value.has_value();
}

/// "100ms", "1.5s", or a number in the kernel's own unit.
std::optional<Lockable<Latency>> read_latency(Builder& builder, const Line& line) {
  constexpr std::int64_t kThousand = 1'000;
  constexpr std::int64_t kMillion = 1'000'000;
  const std::string_view text = value_of(line).text;
  const auto bare = parse_unsigned(text, kUnlimited);
  if (bare) return Lockable<Latency>{static_cast<std::uint32_t>(*bare), has_prefix(line)};
  const std::size_t suffix = text.ends_with("ms") ? 2 : text.ends_with('s') ? 1 : 0;
  std::int64_t millionths = 0;
  const bool is_time = suffix > 0 && !text.starts_with('-') &&
                       parse_decimal(text.substr(0, text.size() - suffix), millionths) == DecimalFault::none;
  if (!is_time || millionths > kUnlimited * (suffix == 1 ? kThousand : kMillion)) {  // 32 bits of milliseconds
    reject(builder, value_of(line), concat(line.keyword->name, " is a time such as 100ms or 1.5s, not ", quoted(text)));
    return std::nullopt;
  }
  const Duration time = suffix == 1 ? std::chrono::microseconds(millionths) : std::chrono::nanoseconds(millionths);
  return Lockable<Latency>{time, has_prefix(line)};
}

bool set_features(Builder& builder, const Line& line) {
  if (value_of(line).text != "ecn")
    return reject(builder, value_of(line), concat("features knows ecn only, not ", quoted(value_of(line).text)));
  builder.route.ecn = true;
  return true;
}

bool set_congctl(Builder& builder, const Line& line) {
  if (value_of(line).text.empty()) return reject(builder, value_of(line), "congctl lacks its name");
  builder.route.congctl = Lockable<std::string>{std::string(value_of(line).text), has_prefix(line)};
  return true;
}

bool set_pref(Builder& builder, const Line& line) {
  constexpr std::array<std::string_view, 4> kNames = {"medium", "high", "", "low"};
  constexpr std::uint64_t kMost = 255;
  const std::string_view text = value_of(line).text;
  const auto name = std::ranges::find(kNames, text);
  const auto value =
      name != kNames.end() ? static_cast<std::uint64_t>(name - kNames.begin()) : parse_unsigned(text, kMost);
  if (!value || text.empty())
    return reject(builder, value_of(line), concat("pref is low, medium, high or 0 to 255, not ", quoted(text)));
  builder.route.pref = static_cast<std::uint8_t>(*value);
  return true;
}

bool set_ttl_propagate(Builder& builder, const Line& line) {
  const std::string_view text = value_of(line).text;
  if (text != "enabled" && text != "disabled")
    return reject(builder, value_of(line), concat("ttl-propagate is enabled or disabled, not ", quoted(text)));
  builder.route.ttl_propagate = text == "enabled";
  return true;
}

bool set_nexthop(Builder& builder, const Line& line) {
  if (line.words.size() < 2)
    return reject(builder, line.words[0], "nexthop needs via or dev", "nexthop via ADDRESS weight N");
  builder.entry.nexthop = {};
  if (!read_options(builder, Block::nexthop, line.words.subspan(1), "a nexthop (it comes last in a line)"))
    return false;
  builder.route.nexthops.push_back(std::move(builder.entry.nexthop));
  return true;
}

bool set_nexthop_weight(Builder& builder, const Line& line) {
  constexpr std::uint64_t kMost = 256;
  const auto value = parse_unsigned(value_of(line).text, kMost);
  if (!value || *value == 0)
    return reject(builder, value_of(line), concat("a weight is 1 to 256, not ", quoted(value_of(line).text)));
  builder.entry.nexthop.weight = static_cast<std::uint16_t>(*value);
  return true;
}

}  // namespace baton::config
