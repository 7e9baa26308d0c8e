#include "checkers/http_conversation.hpp"

#include <utility>

#include "core/assert.hpp"

namespace baton::checkers {

std::string default_host(const Endpoint& server) {
  const std::string address = server.address.to_string();
  return (server.address.is_v6() ? '[' + address + ']' : address) + ':' + std::to_string(server.port);
}

std::string http_request(const UrlSpec& url, const Endpoint& server) {
  std::string text = "GET ";
  text += url.path;
  text += " HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: ";
  text += url.host.empty() ? default_host(server) : url.host;
  text += "\r\n\r\n";
  return text;
}

HttpConversation::HttpConversation(const HttpSpec& spec, std::size_t url, const Endpoint& server)
    : spec_(spec),
      url_(spec.urls.at(url)),
      request_(http_request(url_, server)),
      reply_(url_),
      stage_(spec.tls ? Stage::start : Stage::request) {}

Step HttpConversation::next(std::span<const std::byte> received) {
  ASSERT(stage_ != Stage::done);
  if (stage_ == Stage::start) {
    stage_ = Stage::request;
    return StartTls{url_.server_name};
  }
  if (stage_ == Stage::request) {
    stage_ = Stage::reply;
    return Send{request_};
  }
  if (auto result = reply_.receive(received)) return finish(std::move(*result));
  return Receive{};
}

Step HttpConversation::closed() {
  ASSERT(stage_ != Stage::done);
  return finish(reply_.closed());
}

Done HttpConversation::finish(Done result) {
  stage_ = Stage::done;
  if (spec_.urls.size() > 1) result.reason.insert(0, "GET " + url_.path + ": ");
  return result;
}

}  // namespace baton::checkers
