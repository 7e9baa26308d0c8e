// http_conversation.hpp - HTTP_GET and SSL_GET: one request, one reply to judge (sans-I/O).
#pragma once

#include <cstdint>
#include <string>

#include "checkers/conversation.hpp"
#include "checkers/http_reply.hpp"
#include "checkers/spec.hpp"

namespace baton::checkers {

class HttpConversation final : public Conversation {
 public:
  /// `spec` and `regex` outlive the conversation; `url` is an index into its URLs, `regex` is that URL's or null.
  HttpConversation(const HttpSpec& spec, std::size_t url, const Endpoint& server, const Regex* regex = nullptr);
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
