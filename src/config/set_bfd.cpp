#include <limits>

#include "config/set_tracking.hpp"

namespace baton::config {
namespace {

constexpr std::size_t kLongestBfdName = 31;          // octets, as keepalived's
constexpr std::int64_t kMostMilliseconds = 4294967;  // in microseconds 32 bits (RFC 5880 4.1)

/// Notes the addresses of the session.  One from any address shares its neighbour with no other: the place of the one
/// that stands in the way; nullptr: none does.
const Place* take_addresses(Builder& builder, const BfdInstance& bfd) {
  TrackingDraft::Names& pairs = builder.tracking.bfd_pairs;
  const std::string neighbor = bfd.neighbor_ip.to_string();
  const std::string from_any = "any " + neighbor;
  const std::string from_some = "some " + neighbor;
  const std::string pair = bfd.source_ip ? concat(bfd.source_ip->to_string(), " ", neighbor) : from_some;
  for (const std::string* key : {&from_any, &pair})
    if (const auto before = pairs.find(*key); before != pairs.end()) return &before->second;
  const Place& place = builder.tracking.place;
  pairs.emplace(bfd.source_ip ? pair : from_any, place);
  pairs.emplace(from_some, place);
  return nullptr;
}

/// Whether it can run; what is missing or contradicts itself is reported.
bool is_complete(Builder& builder, const BfdInstance& bfd) {
  const Place& place = builder.tracking.place;
  if (!builder.tracking.has_neighbor) {
    builder.error(place, concat("bfd_instance ", quoted(bfd.name), " has no neighbor_ip: it is left out"),
                  "write neighbor_ip and the address of the other end");
    return false;
  }
  if (bfd.source_ip && bfd.source_ip->family() != bfd.neighbor_ip.family()) {
    builder.error(builder.tracking.neighbor_place, concat("source_ip ", bfd.source_ip->to_string(),
                                                          " and neighbor_ip are of different families: "
                                                          "bfd_instance ",
                                                          quoted(bfd.name), " is left out"));
    return false;
  }
  const Place* before = take_addresses(builder, bfd);
  if (before != nullptr)
    builder.error(
        builder.tracking.neighbor_place,
        concat("there is a session between these addresses already: bfd_instance ", quoted(bfd.name), " is left out"),
        concat("the other one is in ", builder.at(*before)));
  return before == nullptr;
}

}  // namespace

bool open_bfd_instance(Builder& builder, const Line& line) {
  const Word& name = line.first();
  if (name.text.size() > kLongestBfdName) {
    builder.error(name.place,
                  concat("the name of a bfd_instance has at most ", kLongestBfdName, " octets: the block is skipped"));
    return false;
  }
  const auto [before, is_new] = builder.tracking.bfds.emplace(name.text, name.place);
  if (!is_new) {
    builder.error(name.place, concat("there is a bfd_instance ", quoted(name.text), " already: this one is skipped"),
                  concat("the other one is in ", builder.at(before->second)));
    return false;
  }
  builder.bfd = {};
  builder.bfd.name = name.text;
  builder.bfd.position = name.place.position;
  builder.tracking.place = name.place;
  builder.tracking.has_neighbor = false;
  return true;
}

void close_bfd_instance(Builder& builder) {
  BfdInstance& bfd = builder.bfd;
  if (!is_complete(builder, bfd)) return;
  const int ttl = bfd.ttl.value_or(bfd.neighbor_ip.is_v4() ? 255 : 64);
  constexpr int kAny = 255;
  if (bfd.max_hops > ttl && bfd.max_hops != kAny) {
    builder.warn(builder.tracking.place, concat("bfd_instance ", quoted(bfd.name), ": max_hops ", bfd.max_hops,
                                                " is above the ttl: it becomes ", ttl));
    bfd.max_hops = static_cast<std::int16_t>(ttl);
  }
  builder.config.bfd_instances.push_back(std::move(bfd));
}

bool set_neighbor(Builder& builder, const Line& line) {
  const auto address = read_address(builder, line);
  if (!address) return false;
  builder.bfd.neighbor_ip = *address;
  builder.tracking.has_neighbor = true;
  builder.tracking.neighbor_place = line.first().place;
  return true;
}

std::optional<Duration> read_milliseconds(Builder& builder, const Line& line, std::int64_t least) {
  constexpr std::int64_t kMillion = 1'000'000;
  constexpr std::int64_t kThousand = 1'000;
  const Word& word = line.first();
  std::int64_t millionths = 0;
  const bool is_number = parse_decimal(word.text, millionths) == DecimalFault::none && millionths % kThousand == 0;
  if (is_number && millionths >= least * kMillion && millionths <= kMostMilliseconds * kMillion)
    return std::chrono::microseconds(millionths / kThousand);
  builder.error(word.place,
                concat(line.keyword->name, " must be ", is_number ? "" : "a number of at most three decimal places, ",
                       least, " to ", kMostMilliseconds, " ms, not ", quoted(word.text)),
                "the line is ignored");
  return std::nullopt;
}

}  // namespace baton::config
