#include "bfd/refusal.hpp"

namespace baton::bfd {

const char* users_text(Refusal refusal) {
  switch (refusal) {
    case Refusal::version: return "the version is not 1";
    case Refusal::length: return "the length does not fit";
    case Refusal::multiplier: return "its multiplier is 0";
    case Refusal::multipoint: return "it is of a multipoint session";
    case Refusal::my_discriminator: return "it has no discriminator";
    case Refusal::your_discriminator: return "it does not name our discriminator";
    case Refusal::authentication: return "it is authenticated, and we use no authentication";
    case Refusal::session: return "it belongs to no session";
    case Refusal::ttl: return "the TTL is too low: it has come from too far away";
  }
  return "unknown";
}

}  // namespace baton::bfd
