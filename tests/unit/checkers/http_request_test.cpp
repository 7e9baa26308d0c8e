#include "checkers/http_request.hpp"

#include <doctest/doctest.h>

using namespace baton::checkers;
using baton::IpAddress;
using baton::Shared;

namespace {

const Endpoint kServer{IpAddress::v4({127, 2, 0, 1}), 80};

std::string request(HttpProtocol protocol, RequestSpec own) {
  HttpSpec http;
  http.protocol = protocol;
  http.request = Shared<RequestSpec>(std::move(own));
  return http_request(http, UrlSpec{}, kServer);
}

}  // namespace

// Captured from keepalived 2.2.7.
TEST_CASE("1.0C and 1.1 ask for the connection's end, before the host") {
  HttpSpec http;
  http.protocol = HttpProtocol::v1_0_close;
  CHECK(http_request(http, UrlSpec{}, kServer) ==
        "GET / HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: 127.2.0.1:80\r\n\r\n");
  http.protocol = HttpProtocol::v1_1;
  UrlSpec url;
  url.host = "check.example";
  CHECK(http_request(http, url, kServer) ==
        "GET / HTTP/1.1\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: check.example\r\n\r\n");
}

TEST_CASE("a method, a body with its length, and headers instead of those of their name") {
  CHECK(request(HttpProtocol::v1_0, {"HEAD", {}, ""}) ==
        "HEAD / HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: 127.2.0.1:80\r\n\r\n");
  CHECK(request(HttpProtocol::v1_1, {"POST", {"X-Probe: 1", "hOST: other"}, "a=b"}) ==
        "POST / HTTP/1.1\r\nX-Probe: 1\r\nhOST: other\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\n"
        "Content-Length: 3\r\n\r\na=b");
  CHECK(request(HttpProtocol::v1_1, {"POST", {"Connection: keep-alive", "User-Agent: b"}, ""}) ==
        "POST / HTTP/1.1\r\nConnection: keep-alive\r\nUser-Agent: b\r\nHost: 127.2.0.1:80\r\n\r\n");
}
