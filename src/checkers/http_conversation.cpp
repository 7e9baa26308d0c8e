#include "checkers/http_conversation.hpp"

#include <string_view>
#include <utility>

#include "checkers/http_request.hpp"
#include "core/assert.hpp"

namespace baton::checkers {

namespace {

std::string_view method_of(const HttpSpec& spec) {
  return spec.request ? std::string_view(spec.request->method) : "GET";
}

/// Whose certificate is wanted: that of the host that is asked, without its port.
std::string_view certificate_name(const UrlSpec& url) {
  if (!url.server_name.empty()) return url.server_name;
  std::string_view host = url.host;
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.rfind(':'));
}

}  // namespace

HttpConversation::HttpConversation(const HttpSpec& spec, std::size_t url, const Endpoint& server, const Regex* regex)
    : spec_(spec),
      url_(spec.urls.at(url)),
      request_(http_request(spec, url_, server)),
      reply_(url_, regex, method_of(spec) == "HEAD"),
      stage_(spec.tls ? Stage::start : Stage::request) {}

Step HttpConversation::next(std::span<const std::byte> received) {
  ASSERT(stage_ != Stage::done);
  if (stage_ == Stage::start) {
    stage_ = Stage::request;
    return StartTls{url_.server_name, certificate_name(url_), url_.tls_compliant};
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
  if (spec_.urls.size() > 1) result.reason.insert(0, std::string(method_of(spec_)) + ' ' + url_.path + ": ");
  return result;
}

}  // namespace baton::checkers
