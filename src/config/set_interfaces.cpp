// garp_group, linkbeat_interfaces, interface_up_down_delays: lists of interfaces.
#include <array>
#include <utility>

#include "config/set_global.hpp"

namespace baton::config {
namespace {

constexpr std::array<std::string_view, 3> kLinkbeatMethods = {"MII", "ETHTOOL", "IOCTL"};

NamedInterface named(const Word& word) {
  return {std::string(word.text), word.place.position};
}

/// An interface waits in one group only.
bool add_to_group(Builder& builder, const Word& word, std::vector<NamedInterface>& interfaces) {
  if (!builder.garp_interfaces.emplace(word.text).second) {
    builder.error(word.place, concat("interface ", quoted(word.text), " is in a garp_group already"),
                  "here it is ignored");
    return false;
  }
  interfaces.push_back(named(word));
  return true;
}

/// 0 to 255 s, or reported and absent.
std::optional<Duration> read_delay(Builder& builder, const Word& word) {
  constexpr std::int64_t kMost = 255;
  std::int64_t microseconds = 0;
  if (parse_decimal(word.text, microseconds) == DecimalFault::none && microseconds >= 0 &&
      microseconds <= kMost * 1'000'000)
    return std::chrono::microseconds(microseconds);
  builder.error(word.place, concat("a delay is 0 to ", kMost, " s, not ", quoted(word.text)), "the line is ignored");
  return std::nullopt;
}

}  // namespace

bool open_garp_group(Builder& builder, const Line& line) {
  builder.garp_group = {};
  builder.garp_group.position = line.words[0].place.position;
  builder.garp_group_place = line.words[0].place;
  return true;
}

void close_garp_group(Builder& builder) {
  GarpGroup& group = builder.garp_group;
  if (group.garp_interval == Duration{} && group.gna_interval == Duration{}) {
    builder.warn(builder.garp_group_place, "this garp_group has no interval: it has no effect",
                 "write garp_interval or gna_interval and the seconds");
    return;
  }
  builder.config.garp_groups.push_back(std::move(group));
}

bool add_garp_interface(Builder& builder, const Line& line) {
  return add_to_group(builder, line.first(), builder.garp_group.interface);
}

bool add_garp_interfaces(Builder& builder, const Line& line) {
  for (const Word& word : line.words)
    add_to_group(builder, word, builder.garp_group.interfaces);
  return true;
}

bool add_linkbeat_interface(Builder& builder, const Line& line) {
  LinkbeatInterface entry{named(line.words[0]), {}};
  if (line.words.size() > 1) {
    const auto method = std::ranges::find(kLinkbeatMethods, line.words[1].text);
    if (method != kLinkbeatMethods.end())
      entry.method = *method;
    else
      builder.error(line.words[1].place,
                    concat("a method is ", listed(kLinkbeatMethods), ", not ", quoted(line.words[1].text)),
                    "it is ignored");
  }
  builder.config.daemon.linkbeat_interfaces.push_back(std::move(entry));
  return true;
}

bool add_link_delay(Builder& builder, const Line& line) {
  LinkDelay entry{named(line.words[0]), {}, {}};
  if (line.words.size() < 2) {
    builder.advise(line.words[0].place, concat("interface ", quoted(line.words[0].text), " has no delay"),
                   "write the seconds after it: INTERFACE DOWN [UP]");
    return false;
  }
  const auto down = read_delay(builder, line.words[1]);
  const auto up = line.words.size() > 2 ? read_delay(builder, line.words[2]) : Duration{};
  if (!down || !up) return false;
  entry.down = *down;
  entry.up = *up;
  auto& delays = builder.config.daemon.interface_up_down_delays;
  const auto [known, is_new] = builder.link_delays.emplace(entry.interface.name, delays.size());
  if (is_new)
    delays.push_back(std::move(entry));
  else
    delays[known->second] = std::move(entry);
  return true;
}

}  // namespace baton::config
