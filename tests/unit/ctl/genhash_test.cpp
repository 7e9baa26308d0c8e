#include <doctest/doctest.h>

#include "ctl/genhash_options.hpp"
#include "ctl/genhash_report.hpp"
#include "ctl/page_conversation.hpp"

using namespace baton;
using namespace baton::ctl;

namespace {

constexpr const char* kHello = "b1946ac92492d2347c6235b4d2611184";  // of "hello\n"

GenhashCommand parse(std::vector<std::string> words) {
  words.insert(words.begin(), "genhash");
  std::vector<char*> argv;
  for (auto& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  return parse_genhash(static_cast<int>(words.size()), argv.data());
}

std::string request(std::vector<std::string> more) {
  std::vector<std::string> words = {"-s", "192.0.2.1", "-p", "80", "-u", "/x"};
  words.insert(words.end(), more.begin(), more.end());
  const auto command = parse(words);
  REQUIRE(command.text == "");
  return genhash_request(command.options);
}

void refused(std::vector<std::string> words, const std::string& because) {
  const auto command = parse(std::move(words));
  CHECK(command.exit_status == 1);
  CHECK_MESSAGE(command.text.starts_with(because), command.text);
}

struct Fetched {
  Page page;
  std::string reason;
};

/// The reply in pieces of `size`, and then the end of the connection.
Fetched fetch(const std::string& reply, std::size_t size) {
  Fetched fetched;
  PageConversation talk({.text = "GET", .tls = false, .server_name = {}, .keep_body = true}, fetched.page);
  CHECK(std::get<checkers::Send>(talk.next({})).bytes == "GET");
  CHECK(std::holds_alternative<checkers::Receive>(talk.next({})));
  for (std::size_t i = 0; i < reply.size(); i += size) {
    const auto piece = std::string_view(reply).substr(i, size);
    const auto step = talk.next(std::as_bytes(std::span(piece)));
    if (const auto* done = std::get_if<checkers::Done>(&step)) {
      fetched.reason = done->reason;
      return fetched;
    }
  }
  fetched.reason = std::get<checkers::Done>(talk.closed()).reason;
  return fetched;
}

}  // namespace

TEST_CASE("the request is keepalived's to the byte") {
  CHECK(request({}) == "GET /x HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: 192.0.2.1:80\r\n\r\n");
  CHECK(request({"-V", "a.example", "-P", "1.1"}) ==
        "GET /x HTTP/1.1\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: a.example\r\n\r\n");
  CHECK(request({"--protocol=1.0c"}) ==
        "GET /x HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: 192.0.2.1:80\r\n\r\n");
  CHECK(request({"-s", "2001:db8::1"}).find("Host: [2001:db8::1]:80\r\n") != std::string::npos);
}

TEST_CASE("options of genhash") {
  const auto command = parse({"-S", "-I", "-v", "-m", "7", "-t", "9", "-s", "192.0.2.1", "-p", "443", "-u", "/"});
  CHECK(command.options.use_ssl);
  CHECK(command.options.use_sni);
  CHECK(command.options.is_verbose);
  CHECK(command.options.fwmark == 7);
  CHECK(command.options.timeout == std::chrono::seconds(9));
}

TEST_CASE("wrong command lines of genhash end with 1 and keepalived's words") {
  refused({}, "Usage: genhash");
  refused({"-s", "192.0.2.1", "-p", "80"}, "Usage: genhash");
  refused({"-s", "web", "-p", "80", "-u", "/"}, "server should be an IP, not web\n");
  refused({"-s", "192.0.2.1", "-p", "99999", "-u", "/"}, "invalid port number '99999'\n");
  refused({"-t", "x"}, "invalid timeout 'x'\n");
  refused({"-P", "2"}, "invalid HTTP protocol version '2'\n");
  refused({"-x"}, "Unknown option -x\n");
  refused({"-s", "192.0.2.1", "-p", "80", "-u", "/", "more"}, "Unexpected argument(s): more\n");
  CHECK(parse({"-h"}).exit_status == 0);
}

TEST_CASE("the body is digested as the server sends it, in whatever pieces") {
  for (const std::size_t size : {1U, 2U, 7U, 1000U}) {
    CHECK(fetch("HTTP/1.0 200 OK\r\n\r\nhello\n", size).page.digest == kHello);
    CHECK(fetch("HTTP/1.0 404 No\r\nCONTENT-length:  6\r\n\r\nhello\nmore", size).page.digest == kHello);
    CHECK(fetch("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n0\r\n\r\n", size).page.digest ==
          "8aea47faa8ff765544508726bbcd3b9d");
    CHECK(fetch("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", size).page.digest ==
          "d41d8cd98f00b204e9800998ecf8427e");
  }
}

TEST_CASE("without an end of the header there is no page") {
  CHECK(fetch("what is this", 5).page.digest.empty());
  CHECK(fetch("what is this", 5).reason == "no data received from remote webserver");
  CHECK(fetch(std::string(PageConversation::kMaxHeader + 1, 'x'), 5000).reason == "the header does not end");
}

TEST_CASE("a length that is no number is none") {
  CHECK(content_length("HTTP/1.0 200 OK\r\nContent-Length: 12\r\n") == 12);
  CHECK_FALSE(content_length("HTTP/1.0 200 OK\r\nContent-Length: x\r\n"));
  CHECK_FALSE(content_length("HTTP/1.0 200 OK\r\nContent-Length"));
  CHECK_FALSE(content_length("\n"));
  CHECK_FALSE(content_length(""));
  CHECK_FALSE(content_length("Content-Length: 99999999999999999999999999\r\n"));
}

TEST_CASE("the verbose report looks as keepalived's") {
  CHECK(hex_dump("HTTP/1.0 200 OK\r\n ab") ==
        "0000  48 54 54 50 2f 31 2e 30 - 20 32 30 30 20 4f 4b 0d   HTTP/1.0 200 OK.\n"
        "0016  0a 20 61 62             -                           . ab            \n");
  const Page page{"HTTP/1.0 200 OK\r\n\r\n", "hello\n", kHello};
  const auto text = verbose_report(page, "/a", std::chrono::microseconds(12));
  CHECK(text.starts_with("-----------------------[    HTTP Header Buffer    ]-----------------------\n0000  48 54"));
  CHECK(
      text.find("-----------------------[ HTTP Header Ascii Buffer ]-----------------------\nHTTP/1.0 200 OK\r\n\r\n\n"
                "-----------------------[        HTML Buffer        ]-----------------------\n0000  68 65") !=
      std::string::npos);
  CHECK(
      text.ends_with("-----------------------[    HTML hash resulting    ]-----------------------\n"
                     "0000  b1 94 6a c9 24 92 d2 34 - 7c 62 35 b4 d2 61 11 84   ..j.$..4|b5..a..\n"
                     "-----------------------[ HTML hash final resulting ]-----------------------\n"
                     "b1946ac92492d2347c6235b4d2611184\n\nGlobal response time for [/a] = 12 usecs\n"));
}
