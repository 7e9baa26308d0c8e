// How a pool gives up and takes back its servers: keywords of Baton's own.
#include <optional>

#include "config/set_server.hpp"
#include "config/values.hpp"

namespace baton::config {
namespace {

constexpr std::int64_t kMostSeconds = 86400;
constexpr std::int64_t kMostPercent = 100;

/// "30s" or "30": a number of 0 to `most`, with its unit or without.
std::optional<std::int64_t> number_with(std::string_view text, char unit, std::int64_t most) {
  if (text.ends_with(unit)) text.remove_suffix(1);
  const auto value = parse_integer(text);
  if (!value || *value < 0 || *value > most) return std::nullopt;
  return value;
}

}  // namespace

bool set_slow_start(Builder& builder, const Line& line) {
  const auto seconds = number_with(line.first().text, 's', kMostSeconds);
  if (!seconds) {
    builder.error(line.first().place,
                  concat("slow_start is a number of seconds, 0 to ", kMostSeconds, ", not ", quoted(line.first().text)),
                  "the line is ignored; slow_start 30s");
    return false;
  }
  if (line.block == Block::virtual_server)
    builder.server.settled.slow_start = std::chrono::seconds{*seconds};
  else
    builder.real_server.slow_start = std::chrono::seconds{*seconds};
  return true;
}

bool set_max_removed(Builder& builder, const Line& line) {
  const auto percent = number_with(line.first().text, '%', kMostPercent);
  if (!percent) {
    builder.error(line.first().place,
                  concat("max_removed is a part of the real servers, 0% to 100%, not ", quoted(line.first().text)),
                  "the line is ignored; max_removed 50%");
    return false;
  }
  builder.server.settled.max_removed = static_cast<std::uint8_t>(*percent);
  return true;
}

}  // namespace baton::config
