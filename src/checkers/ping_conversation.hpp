// ping_conversation.hpp - PING_CHECK: one echo request, its reply (sans-I/O).
#pragma once

#include <cstdint>
#include <string>

#include "checkers/conversation.hpp"
#include "checkers/echo.hpp"

namespace baton::checkers {

class PingConversation final : public Conversation {
 public:
  PingConversation(Family family, const EchoKey& key)
      : request_(echo_request(family, key)), key_(key), family_(family) {}

  /// Replies to others, which a raw socket sees too, are passed over; the deadline ends it.
  Step next(std::span<const std::byte> received) override {
    if (stage_ == Stage::start) {
      stage_ = Stage::sent;
      return Send{request_};
    }
    if (stage_ == Stage::reply && is_echo_reply(family_, key_, received)) return Done{Outcome::passed, "echo reply"};
    stage_ = Stage::reply;
    return Receive{};
  }
  Step closed() override { return Receive{}; }

 private:
  enum class Stage : std::uint8_t { start, sent, reply };

  std::string request_;
  EchoKey key_;
  Family family_;
  Stage stage_ = Stage::start;
};

}  // namespace baton::checkers
