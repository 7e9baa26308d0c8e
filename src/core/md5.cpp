#include "core/md5.hpp"

#include <algorithm>
#include <bit>
#include <string_view>

namespace baton {

namespace {

constexpr std::size_t kBlock = 64;  // octets

/// RFC 1321 section 3.4: 4294967296 times abs(sin(i)), i in radians from 1 on.
constexpr std::array<std::uint32_t, 64> kSines = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
constexpr std::array<std::array<int, 4>, 4> kRotations = {
    {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};

std::uint32_t mix(std::size_t round, std::uint32_t x, std::uint32_t y, std::uint32_t z) {
  switch (round) {
    case 0: return (x & y) | (~x & z);
    case 1: return (x & z) | (y & ~z);
    case 2: return x ^ y ^ z;
    default: return y ^ (x | ~z);
  }
}

std::size_t word_of(std::size_t round, std::size_t step) {
  constexpr std::array<std::size_t, 4> kFactor = {1, 5, 3, 7};
  constexpr std::array<std::size_t, 4> kOffset = {0, 1, 5, 0};
  return (kFactor[round] * step + kOffset[round]) % 16;
}

std::uint32_t little_endian(const std::uint8_t* octets) {
  return std::uint32_t{octets[0]} | std::uint32_t{octets[1]} << 8U | std::uint32_t{octets[2]} << 16U |
         std::uint32_t{octets[3]} << 24U;
}

}  // namespace

void Md5::take(const std::uint8_t* block) {
  std::array<std::uint32_t, 16> words{};
  for (std::size_t i = 0; i < words.size(); ++i)
    words[i] = little_endian(block + 4 * i);
  auto [a, b, c, d] = state_;
  for (std::size_t step = 0; step < kSines.size(); ++step) {
    const auto round = step / 16;
    const auto sum = a + mix(round, b, c, d) + words[word_of(round, step)] + kSines[step];
    a = d;
    d = c;
    c = b;
    b += std::rotl(sum, kRotations[round][step % 4]);
  }
  state_[0] += a;
  state_[1] += b;
  state_[2] += c;
  state_[3] += d;
}

void Md5::update(std::span<const std::uint8_t> octets) {
  const auto held = static_cast<std::size_t>(length_ % kBlock);
  length_ += octets.size();
  if (held > 0) {
    const auto taken = octets.first(std::min(octets.size(), kBlock - held));
    std::ranges::copy(taken, rest_.begin() + static_cast<std::ptrdiff_t>(held));
    octets = octets.subspan(taken.size());
    if (held + taken.size() < kBlock) return;
    take(rest_.data());
  }
  for (; octets.size() >= kBlock; octets = octets.subspan(kBlock))
    take(octets.data());
  std::ranges::copy(octets, rest_.begin());
}

void Md5::update(std::span<const std::byte> bytes) {
  update(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

Md5::Digest Md5::finish() {
  const std::uint64_t bits = length_ * 8;
  const auto held = static_cast<std::size_t>(length_ % kBlock);
  std::array<std::uint8_t, 2 * kBlock> padding{0x80};
  const std::size_t filled = (held < kBlock - 8 ? kBlock : 2 * kBlock) - held;
  for (std::size_t i = 0; i < 8; ++i)
    padding[filled - 8 + i] = static_cast<std::uint8_t>(bits >> (8 * i));
  update(std::span<const std::uint8_t>(padding).first(filled));
  Digest digest{};
  for (std::size_t i = 0; i < digest.size(); ++i)
    digest[i] = static_cast<std::uint8_t>(state_[i / 4] >> (8 * (i % 4)));
  return digest;
}

std::string Md5::finish_hex() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const auto octet : finish()) {
    hex.push_back(kDigits[octet >> 4U]);
    hex.push_back(kDigits[octet & 0xfU]);
  }
  return hex;
}

}  // namespace baton
