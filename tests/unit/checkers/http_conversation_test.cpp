#include "checkers/http_conversation.hpp"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "checkers/conversations.hpp"
#include "checkers/http_request.hpp"

using namespace baton::checkers;
using baton::IpAddress;

namespace {

const Endpoint kServer{.address = IpAddress::v4({10, 77, 0, 1}), .port = 8001};

HttpSpec one_url(std::string digest = {}, std::vector<StatusRange> codes = {{200, 299}}) {
  UrlSpec url;
  url.path = "/plain";
  url.digest = std::move(digest);
  url.status_codes = std::move(codes);
  HttpSpec spec;
  spec.urls = {url};
  return spec;
}

std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

/// Sends `reply` in pieces of at most `piece` octets, then closes; the outcome and reason as "+ reason".
std::string answer(const HttpSpec& spec, std::string_view reply, std::size_t piece = 100000) {
  HttpConversation talk(spec, 0, kServer);
  REQUIRE(std::holds_alternative<Send>(talk.next({})));
  Step step = talk.next({});
  REQUIRE(std::holds_alternative<Receive>(step));
  while (!reply.empty() && std::holds_alternative<Receive>(step)) {
    step = talk.next(bytes(reply.substr(0, piece)));
    reply.remove_prefix(std::min(piece, reply.size()));
  }
  if (std::holds_alternative<Receive>(step)) step = talk.closed();
  const auto& done = std::get<Done>(step);
  const char mark = done.outcome == Outcome::passed ? '+' : done.outcome == Outcome::failed ? '-' : 'L';
  return std::string(1, mark) + ' ' + done.reason;
}

constexpr std::string_view kMd5OfOk = "e0aa021e21dddbd6d8cecec71e9cf564";

}  // namespace

// Captured from keepalived 2.2.7.
TEST_CASE("the request is keepalived's, octet for octet") {
  UrlSpec url;
  url.path = "/plain";
  CHECK(http_request(HttpSpec{}, url, kServer) ==
        "GET /plain HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: 10.77.0.1:8001\r\n\r\n");
  CHECK(http_request(HttpSpec{}, url, {IpAddress::v4({10, 77, 0, 1}), 80}) ==
        "GET /plain HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: 10.77.0.1:80\r\n\r\n");
  url.path = "/x";
  CHECK(http_request(HttpSpec{}, url, {IpAddress::parse("fd77::1").value(), 82}) ==
        "GET /x HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: [fd77::1]:82\r\n\r\n");
  url.path = "/vh";
  url.host = "www.example.com";
  CHECK(http_request(HttpSpec{}, url, kServer) ==
        "GET /vh HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: www.example.com\r\n\r\n");
}

// What keepalived 2.2.7 made of the same replies stands in the column `peer`.
TEST_CASE("replies, and what becomes of them") {
  struct Row {
    std::string_view reply, comes_to;
    char peer;
  };
  const std::vector<Row> rows{
      {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nOK", "+ status 200", '+'},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n", "+ status 200", '+'},
      {"HTTP/1.0 200 OK\r\n\r\n", "+ status 200", '+'},
      {"HTTP/1.0 200 \r\n\r\nOK", "+ status 200", '+'},
      {"HTTP/1.0 204 No Content\r\n\r\n", "+ status 204", '+'},
      {"HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\nOK", "+ status 200, Content-Length 100 but 2 octets came", '+'},
      {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nOKOKOK", "+ status 200, Content-Length 1 but 6 octets came", '+'},
      {"HTTP/1.0 404 no\r\n\r\n", "- status 404, wanted 200-299", '-'},
      {"HTTP/1.0 503 no\r\nContent-Length: 3\r\n\r\nbad", "- status 503, wanted 200-299", '-'},
      {"HTTP/1.0 301 x\r\nLocation: http://169.254.169.254/\r\n\r\n", "- status 301, wanted 200-299", '-'},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK", "- status 100, wanted 200-299",
       '-'},
      {"", "- closed without an answer", '-'},
      {"HTTP/1.0 200 OK\r\nX: y\r\n", "- closed before the header ended", '-'},
      {"HTTP/1.0 200", "- closed before the header ended", '-'},
      {"hello world\r\n\r\n", "- not an HTTP reply: bad version", '-'},
      {"<html>hi</html>", "- not an HTTP reply: bad version", '-'},
      {"HTTP/1.0 200 OK\n\nOK", "- not an HTTP reply: bad reason", '-'},
      {"HTTP/1.0 200\r\n\r\nOK", "- not an HTTP reply: bad status", '-'},
      {"HTTP/1.0 2000 OK\r\n\r\n", "- not an HTTP reply: bad status", '-'},
      {"HTTP/1.0 20 OK\r\n\r\n", "- not an HTTP reply: bad status", '-'},
      {"HTTP/1.0  200 OK\r\n\r\n", "- not an HTTP reply: bad status", '-'},
      // Stricter than keepalived, which reads neither the header's lines nor the chunks.  Nothing else differs.
      {"HTTP/1.0 200 OK\r\nthis is no header\r\n\r\nOK", "- not an HTTP reply: bad field", '+'},
      {"HTTP/2.0 200 OK\r\n\r\nOK", "- not an HTTP reply: bad version", '+'},
      {"ICY 200 OK\r\n\r\nOK", "- not an HTTP reply: bad version", '+'},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nOK\r\n0\r\n\r\n", "- broken chunk in the body", '+'},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n", "- closed before the last chunk", '+'},
  };
  std::size_t stricter = 0;
  for (const auto& row : rows) {
    CAPTURE(row.reply);
    CHECK(answer(one_url(), row.reply) == row.comes_to);
    stricter += row.peer == '+' && row.comes_to.front() == '-' ? 1U : 0U;
    CHECK_FALSE((row.peer == '-' && row.comes_to.front() == '+'));
    // In pieces what is no HTTP may be told in other words, according to how much of it has come.
    for (const std::size_t piece : {1U, 3U, 16U})
      CHECK(answer(one_url(), row.reply, piece).front() == row.comes_to.front());
  }
  CHECK(stricter == 5);
}

TEST_CASE("the status must lie in one of the ranges") {
  const auto spec = one_url({}, {{200, 200}, {301, 302}, {500, 599}});
  const auto with = [&](int status) { return answer(spec, "HTTP/1.0 " + std::to_string(status) + " x\r\n\r\n"); };
  for (const int good : {200, 301, 302, 500, 599})
    CHECK(with(good) == "+ status " + std::to_string(good));
  for (const int bad : {201, 300, 303, 499, 600})
    CHECK(with(bad) == "- status " + std::to_string(bad) + ", wanted 200 301-302 500-599");
}

// Each of these was tried with keepalived 2.2.7.
TEST_CASE("the digest is of as many octets as Content-Length says, or of all that come") {
  struct Row {
    std::string_view head, body, digest_of_ok;
  };
  const std::vector<Row> rows{
      {"Content-Length: 2\r\n", "OK", "+ status 200"},
      {"", "OK", "+ status 200"},
      {"Content-Length: 100\r\n", "OK", "+ status 200, Content-Length 100 but 2 octets came"},
      {"Content-Length: 2\r\n", "OKjunk", "+ status 200, Content-Length 2 but 6 octets came"},
  };
  for (const auto& row : rows) {
    const std::string reply = "HTTP/1.0 200 OK\r\n" + std::string(row.head) + "\r\n" + std::string(row.body);
    CAPTURE(reply);
    for (const std::size_t piece : {100000U, 1U, 5U}) {
      CHECK(answer(one_url(std::string(kMd5OfOk)), reply, piece) == row.digest_of_ok);
    }
  }
  const auto wrong = answer(one_url("d41d8cd98f00b204e9800998ecf8427e"), "HTTP/1.0 200 OK\r\n\r\nOK");
  CHECK(wrong == "- digest differs: got e0aa021e21dddbd6d8cecec71e9cf564, wanted d41d8cd98f00b204e9800998ecf8427e");
  CHECK(answer(one_url("d41d8cd98f00b204e9800998ecf8427e"), "HTTP/1.0 200 OK\r\n\r\n") == "+ status 200");
  // 204 with a body all the same; chunked: the octets as sent, framing and all.
  CHECK(answer(one_url(std::string(kMd5OfOk)), "HTTP/1.0 204 x\r\n\r\nOK") == "+ status 204");
  CHECK(answer(one_url(std::string(kMd5OfOk)),
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n")
            .starts_with("- digest differs"));
  CHECK(answer(one_url("dfbae40666ec58653c0ac6d53cb217df"),
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n") == "+ status 200");
  // The status is judged too, by default as without a digest.
  CHECK(answer(one_url("d41d8cd98f00b204e9800998ecf8427e"), "HTTP/1.0 404 x\r\n\r\n").starts_with("- status 404"));
}

TEST_CASE("headers are bounded, however they come") {
  const std::string line = "X-Filler: " + std::string(100, 'y') + "\r\n";
  std::string header = "HTTP/1.0 200 OK\r\n";
  while (header.size() + line.size() + 2 <= 60000)
    header += line;
  for (const std::size_t piece : {100000U, 1U, 16384U})
    CHECK(answer(one_url(), header + "\r\n", piece) == "+ status 200");
  for (int i = 0; i < 100; ++i)
    header += line;
  for (const std::size_t piece : {100000U, 1U, 16384U}) {
    CHECK(answer(one_url(), header + "\r\n", piece) == "- header longer than 64 KiB");
    CHECK(answer(one_url(), "HTTP/1.0 200 " + std::string(70000, 'r'), piece) == "- header longer than 64 KiB");
    CHECK(answer(one_url(), std::string(70000, '\r'), piece).starts_with("- "));
  }
}

TEST_CASE("an endless header ends the probe at the limit, not at the deadline") {
  const auto spec = one_url();
  HttpConversation talk(spec, 0, kServer);
  talk.next({});
  talk.next({});
  Step step = talk.next(bytes("HTTP/1.0 200 OK\r\n"));
  std::size_t sent = 0;
  const std::string line = "A: " + std::string(1000, 'b') + "\r\n";
  for (; std::holds_alternative<Receive>(step) && sent < 1U << 20U; sent += line.size())
    step = talk.next(bytes(line));
  REQUIRE(std::holds_alternative<Done>(step));
  CHECK(std::get<Done>(step).reason == "header longer than 64 KiB");
  CHECK(sent < 67000);
}

TEST_CASE("bodies are bounded, and not kept") {
  const auto spec = one_url(std::string(kMd5OfOk));
  HttpConversation talk(spec, 0, kServer);
  talk.next({});
  talk.next({});
  Step step = talk.next(bytes("HTTP/1.0 200 OK\r\n\r\n"));
  const std::string part(65536, 'z');
  std::size_t parts = 0;
  for (; std::holds_alternative<Receive>(step) && parts < 1000; ++parts)
    step = talk.next(bytes(part));
  REQUIRE(std::holds_alternative<Done>(step));
  CHECK(std::get<Done>(step).outcome == Outcome::failed);
  CHECK(std::get<Done>(step).reason == "body longer than 16 MiB");
  CHECK(parts == 257);
}

TEST_CASE("SSL_GET makes the stream secret first") {
  auto spec = one_url();
  spec.tls = true;
  spec.urls[0].server_name = "www.example.com";
  HttpConversation talk(spec, 0, kServer);
  const Step first = talk.next({});
  REQUIRE(std::holds_alternative<StartTls>(first));
  CHECK(std::get<StartTls>(first).server_name == "www.example.com");
  CHECK(std::holds_alternative<Send>(talk.next({})));
  CHECK(std::holds_alternative<Receive>(talk.next({})));
}

TEST_CASE("with several URLs the reason names the one that was asked") {
  auto spec = one_url();
  spec.urls.push_back(spec.urls[0]);
  spec.urls[1].path = "/b?c=d";
  HttpConversation talk(spec, 1, kServer);
  const Step first = talk.next({});
  CHECK(std::get<Send>(first).bytes.starts_with("GET /b?c=d HTTP/1.0\r\n"));
  talk.next({});
  const Step last = talk.next(bytes("HTTP/1.0 503 x\r\n\r\n"));
  CHECK(std::get<Done>(last).reason == "GET /b?c=d: status 503, wanted 200-299");
}

TEST_CASE("any way to cut a reply into pieces gives the same result") {
  const std::vector<std::string_view> replies{
      "HTTP/1.1 200 OK\r\nServer: x\r\nTransfer-Encoding: chunked\r\n\r\n5;e=1\r\nhello\r\n0\r\nT: 1\r\n\r\n",
      "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello more",
      "HTTP/1.1 503 Service Unavailable\r\n\r\n",
      "HTTP/1.0 200 OK\r\nbroken line\r\n\r\n",
  };
  std::mt19937 random(20260801);
  for (const auto reply : replies) {
    const std::string whole = answer(one_url(std::string(kMd5OfOk)), reply);
    for (int round = 0; round < 200; ++round) {
      const auto spec = one_url(std::string(kMd5OfOk));
      HttpConversation talk(spec, 0, kServer);
      talk.next({});
      Step step = talk.next({});
      auto left = reply;
      while (!left.empty() && std::holds_alternative<Receive>(step)) {
        const std::size_t piece = std::min<std::size_t>(left.size(), 1 + random() % 20);
        step = talk.next(bytes(left.substr(0, piece)));
        left.remove_prefix(piece);
      }
      if (std::holds_alternative<Receive>(step)) step = talk.closed();
      const auto& done = std::get<Done>(step);
      REQUIRE((done.outcome == Outcome::passed ? "+ " : "- ") + done.reason == whole);
    }
  }
}

TEST_CASE("each kind of check has its conversation") {
  CheckSpec tcp;
  const Conversations greetings(tcp);
  const auto greeted = greetings.begin(0, 1);
  CHECK(greetings.transport() == Transport::stream);
  const Step step = greeted->next({});
  REQUIRE(std::holds_alternative<Done>(step));
  CHECK(std::get<Done>(step).outcome == Outcome::passed);
  CHECK(std::get<Done>(step).reason == "connected");

  CheckSpec http;
  http.what = one_url();
  http.target.to = kServer;
  const Conversations requests(http);
  const auto asked = requests.begin(0, 1);
  const Step first = asked->next({});
  REQUIRE(std::holds_alternative<Send>(first));
  CHECK(std::get<Send>(first).bytes.find("Host: 10.77.0.1:8001\r\n") != std::string_view::npos);
}
