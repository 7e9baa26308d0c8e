// udp_conversation.hpp - UDP_CHECK: one datagram, then an answer or none (sans-I/O).
#pragma once

#include <cstdint>

#include "checkers/conversation.hpp"
#include "checkers/spec.hpp"

namespace baton::checkers {

/// Why a reply is not what is required; empty: it is.  As keepalived has it, lengths count only with a pattern, and a
/// reply that is shorter or longer than the pattern matches when all octets that both have agree.
std::string udp_reply_fault(const UdpSpec& spec, std::span<const std::byte> reply);

/// Without require_reply the server has passed when nothing says within connect_timeout that it is not there.
class UdpConversation final : public Conversation {
 public:
  /// `spec` outlives the conversation.
  explicit UdpConversation(const UdpSpec& spec) : spec_(spec) {}
  Step next(std::span<const std::byte> received) override;
  Step closed() override { return Receive{}; }
  std::optional<Done> silence() override;

 private:
  enum class Stage : std::uint8_t { start, sent, reply };

  const UdpSpec& spec_;
  Stage stage_ = Stage::start;
};

}  // namespace baton::checkers
