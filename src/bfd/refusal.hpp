// refusal.hpp - why a received BFD packet is discarded, and how often each reason was met.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/tally.hpp"

namespace baton::bfd {

/// In the order of RFC 5880 section 6.8.6, and then what the daemon finds.
enum class Refusal : std::uint8_t {
  version,
  length,
  multiplier,
  multipoint,
  my_discriminator,
  your_discriminator,  // 0, in a state in which the sender must know ours
  authentication,      // we use none
  session,             // a discriminator or a pair of addresses that is nobody's
  ttl                  // it may have come from further away than it may (RFC 5881 section 5, RFC 5883 section 5)
};
inline constexpr std::size_t kRefusals = static_cast<std::size_t>(Refusal::ttl) + 1;

/// "the version is not 1"
const char* users_text(Refusal refusal);

/// How often each was met.
using RefusalCounts = Tally<Refusal, kRefusals>;

}  // namespace baton::bfd
