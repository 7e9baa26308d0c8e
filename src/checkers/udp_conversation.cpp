#include "checkers/udp_conversation.hpp"

#include <algorithm>
#include <string_view>

namespace baton::checkers {

std::string udp_reply_fault(const UdpSpec& spec, std::span<const std::byte> reply) {
  if (spec.reply.empty()) return {};
  if (reply.size() < spec.min_reply_length || reply.size() > spec.max_reply_length)
    return "a reply of " + std::to_string(reply.size()) + " octets, wanted " + std::to_string(spec.min_reply_length) +
           " to " + std::to_string(spec.max_reply_length);
  const std::size_t both = std::min(reply.size(), spec.reply.size());
  for (std::size_t i = 0; i < both; ++i) {
    const auto [value, mask] = spec.reply[i];
    if (((std::to_integer<unsigned>(reply[i]) ^ value) & mask) != 0)
      return "the reply differs from the pattern at octet " + std::to_string(i);
  }
  return {};
}

Step UdpConversation::next(std::span<const std::byte> received) {
  if (stage_ == Stage::start) {
    stage_ = Stage::sent;
    return Send{std::string_view(reinterpret_cast<const char*>(spec_.payload.data()), spec_.payload.size())};
  }
  if (stage_ == Stage::sent) {
    stage_ = Stage::reply;
    return Receive{};
  }
  if (!spec_.require_reply) return Done{Outcome::passed, "reply"};
  auto fault = udp_reply_fault(spec_, received);
  if (!fault.empty()) return Done{Outcome::failed, std::move(fault)};
  return Done{Outcome::passed, "reply"};
}

std::optional<Done> UdpConversation::silence() {
  if (spec_.require_reply) return std::nullopt;
  return Done{Outcome::passed, "no error"};
}

}  // namespace baton::checkers
