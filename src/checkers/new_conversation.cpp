#include "checkers/new_conversation.hpp"

#include "checkers/http_conversation.hpp"
#include "checkers/tcp_conversation.hpp"
#include "core/overloaded.hpp"

namespace baton::checkers {

std::unique_ptr<Conversation> new_conversation(const CheckSpec& spec, std::size_t url) {
  return std::visit(
      Overloaded{[](const TcpSpec&) -> std::unique_ptr<Conversation> { return std::make_unique<TcpConversation>(); },
                 [&](const HttpSpec& http) -> std::unique_ptr<Conversation> {
                   return std::make_unique<HttpConversation>(http, url, spec.target.to);
                 }},
      spec.what);
}

}  // namespace baton::checkers
