#include "checkers/md5.hpp"

#include <array>

#include <openssl/evp.h>

namespace baton::checkers {

struct Md5::Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();

  Context() = default;
  ~Context() { EVP_MD_CTX_free(evp); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
};

Md5::Md5() : context_(std::make_unique<Context>()) {
  // Looking an algorithm up costs more than a small body's digest; once is enough.  Never freed: it outlives all.
  static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "MD5", nullptr);
  if (kAlgorithm == nullptr || context_->evp == nullptr || EVP_DigestInit_ex2(context_->evp, kAlgorithm, nullptr) != 1)
    context_.reset();
}

Md5::~Md5() = default;

void Md5::update(std::span<const std::byte> bytes) {
  if (context_ == nullptr) return;
  if (EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size()) != 1) context_.reset();
}

std::string Md5::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (context_ == nullptr || EVP_DigestFinal_ex(context_->evp, digest.data(), &size) != 1) return {};
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(std::size_t{2} * size);
  for (unsigned i = 0; i < size; ++i) {
    hex.push_back(kDigits[digest[i] >> 4U]);
    hex.push_back(kDigits[digest[i] & 0xfU]);
  }
  return hex;
}

}  // namespace baton::checkers
