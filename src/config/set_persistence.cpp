#include "config/set_server.hpp"
#include "config/values.hpp"

namespace baton::config {
namespace {

constexpr std::uint32_t kBarePersistence = 360;  // seconds
constexpr std::size_t kLongestEngine = 16;       // the kernel's IP_VS_PENAME_MAXLEN
constexpr std::int64_t kLongestPrefix = 128;     // bits of an IPv6 address

}  // namespace

bool set_persistence_timeout(Builder& builder, const Line& line) {
  if (!line.has_value()) {
    builder.server.persistence_timeout = kBarePersistence;
    return true;
  }
  if (parse_integer(line.first().text) == 0) {
    builder.warn(line.first().place, "persistence_timeout must be 1 s or more: 0 is taken for off",
                 "keepalived refuses the line, to the same end; without persistence leave it out");
    builder.server.persistence_timeout.reset();
    return true;
  }
  const auto value = read_integer(builder, line);
  if (value) builder.server.persistence_timeout = static_cast<std::uint32_t>(*value);
  return value.has_value();
}

bool set_persistence_engine(Builder& builder, const Line& line) {
  const Word& word = line.first();
  const std::string_view name = word.text.substr(0, kLongestEngine);
  if (name.size() < word.text.size())
    builder.warn(
        word.place,
        concat("the name of a persistence engine has at most ", kLongestEngine, " letters: ", quoted(name), " is used"),
        "the kernel has sip");
  builder.server.persistence_engine = Placed<std::string>{std::string(name), word.place};
  return true;
}

/// Whether it suits the family is judged when that is known.
bool set_persistence_granularity(Builder& builder, const Line& line) {
  const Word& word = line.first();
  const auto mask = IpAddress::parse(word.text);
  if (mask && mask->is_v4()) {
    builder.server.persistence_granularity = Placed<Granularity>{*mask, word.place};
    return true;
  }
  const auto bits = parse_integer(word.text);
  if (bits && *bits >= 1 && *bits <= kLongestPrefix) {
    builder.server.persistence_granularity = Placed<Granularity>{static_cast<std::uint8_t>(*bits), word.place};
    return true;
  }
  builder.error(word.place,
                concat("persistence_granularity is an IPv4 netmask or 1 to ", kLongestPrefix, " bits, not ",
                       quoted(word.text), ": the line is ignored"),
                "each client address is by itself");
  return false;
}

}  // namespace baton::config
