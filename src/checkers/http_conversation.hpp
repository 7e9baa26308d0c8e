// http_conversation.hpp - HTTP_GET and SSL_GET: one request, one reply to judge (sans-I/O).
#pragma once

#include <cstdint>
#include <string>

#include "checkers/conversation.hpp"
#include "checkers/http_reply.hpp"
#include "checkers/spec.hpp"

namespace baton::checkers {

/// The Host header where none is configured: "192.0.2.1:80", "[2001:db8::1]:80", the port always there, as keepalived.
std::string default_host(const Endpoint& server);

/// Byte for byte what keepalived sends with http_protocol 1.0.
std::string http_request(const UrlSpec& url, const Endpoint& server);

class HttpConversation final : public Conversation {
 public:
  /// `spec` outlives the conversation; `url` is an index into its URLs.
  HttpConversation(const HttpSpec& spec, std::size_t url, const Endpoint& server);
  Step next(std::span<const std::byte> received) override;
  Step closed() override;

 private:
  enum class Stage : std::uint8_t { start, request, reply, done };

  /// With several URLs the reason says which one it is about.
  Done finish(Done result);

  const HttpSpec& spec_;
  const UrlSpec& url_;
  std::string request_;
  HttpReply reply_;
  Stage stage_;
};

}  // namespace baton::checkers
