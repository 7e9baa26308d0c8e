// md5.hpp - a running MD5 (RFC 1321), for HTTP_GET's digest; not for secrets.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace baton::checkers {

class Md5 {
 public:
  Md5();
  ~Md5();
  Md5(const Md5&) = delete;
  Md5& operator=(const Md5&) = delete;

  /// False where the system's cryptography refuses MD5 (FIPS); update() and finish() then do nothing.
  [[nodiscard]] bool available() const { return context_ != nullptr; }

  void update(std::span<const std::byte> bytes);
  /// 32 hexadecimal digits, lower case; empty when not available.  Once, at the end.
  std::string finish();

 private:
  struct Context;  // keeps OpenSSL out of this header
  std::unique_ptr<Context> context_;
};

}  // namespace baton::checkers
