#include "checkers/md5.hpp"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

using baton::checkers::Md5;

namespace {

std::string md5(std::string_view text, std::size_t piece) {
  Md5 digest;
  REQUIRE(digest.available());
  for (std::size_t at = 0; at < text.size(); at += piece)
    digest.update(std::as_bytes(std::span(text.substr(at, piece))));
  return digest.finish();
}

}  // namespace

TEST_CASE("the test suite of RFC 1321, in one piece and in many") {
  for (const std::size_t piece : {1000U, 7U, 1U}) {
    CHECK(md5("", piece) == "d41d8cd98f00b204e9800998ecf8427e");
    CHECK(md5("a", piece) == "0cc175b9c0f1b6a831c399e269772661");
    CHECK(md5("abc", piece) == "900150983cd24fb0d6963f7d28e17f72");
    CHECK(md5("message digest", piece) == "f96b697d7cb7938d525a2f31aaf161d0");
    CHECK(md5("abcdefghijklmnopqrstuvwxyz", piece) == "c3fcd3d76192e4007dfb496cca67e13b");
    CHECK(md5("12345678901234567890123456789012345678901234567890123456789012345678901234567890", piece) ==
          "57edf4a22be3c955ac49da2e2107b67a");
  }
}
