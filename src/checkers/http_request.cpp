#include "checkers/http_request.hpp"

#include <algorithm>
#include <string_view>

namespace baton::checkers {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool has_header(const RequestSpec* request, std::string_view name) {
  if (request == nullptr) return false;
  return std::ranges::any_of(request->headers, [&](std::string_view header) {
    const auto written = header.substr(0, header.find(':'));
    return std::ranges::equal(written, name, {}, lower, lower);
  });
}

}  // namespace

std::string default_host(const Endpoint& server) {
  const std::string address = server.address.to_string();
  return (server.address.is_v6() ? '[' + address + ']' : address) + ':' + std::to_string(server.port);
}

std::string http_request(const HttpSpec& http, const UrlSpec& url, const Endpoint& server) {
  const RequestSpec* own = http.request.get();
  std::string text = own != nullptr ? own->method : "GET";
  text += ' ';
  text += url.path;
  text += http.protocol == HttpProtocol::v1_1 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n";
  if (own != nullptr)
    for (const auto& header : own->headers)
      text.append(header).append("\r\n");
  if (!has_header(own, "user-agent")) text += "User-Agent: KeepAliveClient\r\n";
  if (http.protocol != HttpProtocol::v1_0 && !has_header(own, "connection")) text += "Connection: close\r\n";
  if (!has_header(own, "host"))
    text.append("Host: ").append(url.host.empty() ? default_host(server) : url.host).append("\r\n");
  if (own != nullptr && !own->body.empty() && !has_header(own, "content-length"))
    text.append("Content-Length: ").append(std::to_string(own->body.size())).append("\r\n");
  text += "\r\n";
  if (own != nullptr) text += own->body;
  return text;
}

}  // namespace baton::checkers
