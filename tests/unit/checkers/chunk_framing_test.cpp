#include "checkers/chunk_framing.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

using baton::checkers::ChunkFraming;

namespace {

std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

/// What became of `text`, in one piece and octet by octet: '.' complete, '?' more is wanted, '!' broken.
char framing(std::string_view text) {
  ChunkFraming whole;
  const bool sound = whole.update(bytes(text));
  ChunkFraming pieces;
  for (std::size_t i = 0; i < text.size(); ++i)
    pieces.update(bytes(text.substr(i, 1)));
  CHECK(whole.state() == pieces.state());
  return whole.complete() ? '.' : sound ? '?' : '!';
}

}  // namespace

TEST_CASE("chunked bodies, sound and broken") {
  struct Row {
    std::string_view body;
    char comes_to;
  };
  const std::vector<Row> rows{
      {"0\r\n\r\n", '.'},
      {"2\r\nOK\r\n0\r\n\r\n", '.'},
      {"2\r\nOK\r\n0\r\n\r\ntrailing octets", '.'},
      {"a\r\n0123456789\r\nF\r\n0123456789abcde\r\n0\r\n\r\n", '.'},
      {"0000000000000000000000000002\r\nOK\r\n0\r\n\r\n", '.'},
      {"2;name=value\r\nOK\r\n0;last\r\n\r\n", '.'},
      {"2 \r\nOK\r\n0\r\n\r\n", '.'},
      {"0\r\nDigest: x\r\nMore: y\r\n\r\n", '.'},
      {"", '?'},
      {"2", '?'},
      {"2\r", '?'},
      {"2\r\nO", '?'},
      {"2\r\nOK", '?'},
      {"2\r\nOK\r\n", '?'},
      {"2\r\nOK\r\n0\r\n", '?'},
      {"2\r\nOK\r\n0\r\n\r", '?'},
      {"0\r\nDigest: x\r\n", '?'},
      {"2;endless extension", '?'},
      {"\r\n", '!'},
      {"ZZ\r\nOK\r\n0\r\n\r\n", '!'},
      {"-2\r\nOK", '!'},
      {"2\nOK", '!'},
      {"2\rOK", '!'},
      {"2\r\nOKOK\r\n", '!'},
      {"2\r\nOK\n0\r\n\r\n", '!'},
      {"2\r\nOK\rX", '!'},
      {"0\r\n\rX", '!'},
      {"0\r\nDigest: x\rX", '!'},
      {"ffffffffffffffff\r\n", '!'},
      {"100000000000000\r\n", '?'},  // 2^56, the largest
      {"100000000000001\r\n", '!'},
  };
  for (const auto& row : rows) {
    CAPTURE(row.body);
    CHECK(framing(row.body) == row.comes_to);
  }
}

TEST_CASE("a chunk may come in any pieces") {
  const std::string body = "1000\r\n" + std::string(4096, 'x') + "\r\n0\r\n\r\n";
  for (const std::size_t piece : {1U, 2U, 7U, 4095U, 4096U, 4097U}) {
    ChunkFraming framing;
    for (std::size_t at = 0; at < body.size(); at += piece)
      REQUIRE(framing.update(bytes(std::string_view(body).substr(at, piece))));
    CHECK(framing.complete());
  }
}

TEST_CASE("what is broken stays broken") {
  ChunkFraming framing;
  CHECK_FALSE(framing.update(bytes("x")));
  CHECK_FALSE(framing.update(bytes("0\r\n\r\n")));
  CHECK_FALSE(framing.complete());
}
