// md5.hpp - a running MD5 (RFC 1321), for HTTP_GET's digest and VRRP's HMAC-MD5-96; not for secrets of today.
//
// Our own, because OpenSSL's libcrypto would cost each process 2 MB, and only checks with TLS need the rest of it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace baton {

class Md5 {
 public:
  using Digest = std::array<std::uint8_t, 16>;

  void update(std::span<const std::uint8_t> octets);
  void update(std::span<const std::byte> bytes);

  /// Once, at the end.
  Digest finish();
  /// The same as 32 hexadecimal digits, lower case.
  std::string finish_hex();

 private:
  void take(const std::uint8_t* block);

  std::array<std::uint32_t, 4> state_ = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};  // RFC 1321 section 3.3
  std::array<std::uint8_t, 64> rest_{};
  std::uint64_t length_ = 0;  // octets so far
};

}  // namespace baton
