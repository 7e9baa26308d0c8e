// dns_conversation.hpp - DNS_CHECK: one query, the RCODE of its answer (sans-I/O).
#pragma once

#include <cstdint>
#include <string>

#include "checkers/conversation.hpp"
#include "checkers/dns_message.hpp"
#include "checkers/spec.hpp"

namespace baton::checkers {

class DnsConversation final : public Conversation {
 public:
  DnsConversation(const DnsSpec& spec, std::uint16_t id) : query_(dns_query(spec, id)), id_(id) {}

  /// A datagram that is no answer to this query is passed over, as by keepalived; the deadline ends it.
  Step next(std::span<const std::byte> received) override {
    if (stage_ == Stage::start) {
      stage_ = Stage::sent;
      return Send{query_};
    }
    if (stage_ == Stage::sent) {
      stage_ = Stage::reply;
      return Receive{};
    }
    const auto code = dns_reply_code(received, id_);
    if (!code) return Receive{};
    return Done{*code == 0 ? Outcome::passed : Outcome::failed, dns_code_name(*code)};
  }
  Step closed() override { return Receive{}; }

 private:
  enum class Stage : std::uint8_t { start, sent, reply };

  std::string query_;
  std::uint16_t id_;
  Stage stage_ = Stage::start;
};

}  // namespace baton::checkers
