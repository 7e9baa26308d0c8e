// tcp_conversation.hpp - TCP_CHECK: whoever accepts the connection has passed (sans-I/O).
#pragma once

#include "checkers/conversation.hpp"

namespace baton::checkers {

class TcpConversation final : public Conversation {
 public:
  Step next(std::span<const std::byte> /*received*/) override { return Done{Outcome::passed, "connected"}; }
  Step closed() override { return Done{Outcome::passed, "connected"}; }
};

}  // namespace baton::checkers
