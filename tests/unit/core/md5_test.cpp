#include "core/md5.hpp"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

using baton::Md5;

namespace {

std::string md5(std::string_view text, std::size_t piece) {
  Md5 digest;
  for (std::size_t at = 0; at < text.size(); at += piece)
    digest.update(std::as_bytes(std::span(text.substr(at, piece))));
  return digest.finish_hex();
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
    CHECK(md5("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", piece) ==
          "d174ab98d277d9f5a5611c2c9f419d9f");
  }
}

TEST_CASE("lengths about the end of a block, beside md5sum") {
  CHECK(md5(std::string(55, 'a'), 9) == "ef1772b6dff9a122358552954ad0df65");
  CHECK(md5(std::string(56, 'a'), 9) == "3b0c8ac703f828b04c6c197006d17218");
  CHECK(md5(std::string(63, 'a'), 9) == "b06521f39153d618550606be297466d5");
  CHECK(md5(std::string(64, 'a'), 9) == "014842d480b571495a4a0363793f7367");
  CHECK(md5(std::string(65, 'a'), 9) == "c743a45e0d2e6a95cb859adae0248435");
}
