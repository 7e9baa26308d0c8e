// The one-shot functions of OpenSSL 3 allocate for every packet; these do not.  They are deprecated, not gone.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "vrrp/authentication_header.hpp"

#include <algorithm>

#include <openssl/md5.h>

#include "core/assert.hpp"
#include "vrrp/internet_checksum.hpp"

namespace baton::vrrp {

namespace {

constexpr std::size_t kLongest = 2048;  // octets, as the receiver's buffer
constexpr std::size_t kSequenceAt = 8, kCheckValueAt = 12;
constexpr std::size_t kBlock = 64;  // of HMAC-MD5 (RFC 2104)

using Digest = std::array<std::uint8_t, MD5_DIGEST_LENGTH>;

std::uint32_t load32(std::span<const std::uint8_t> octets, std::size_t at) {
  return std::uint32_t{load16(octets, at)} << 16U | load16(octets, at + 2);
}

std::optional<Digest> keyed_digest(const AhKey& key, std::uint8_t pad, std::span<const std::uint8_t> text) {
  std::array<std::uint8_t, kBlock> block{};
  std::ranges::copy(key, block.begin());
  for (auto& octet : block)
    octet ^= pad;
  Digest digest{};
  MD5_CTX context;
  const bool done = MD5_Init(&context) == 1 && MD5_Update(&context, block.data(), block.size()) == 1 &&
                    MD5_Update(&context, text.data(), text.size()) == 1 && MD5_Final(digest.data(), &context) == 1;
  return done ? std::optional(digest) : std::nullopt;
}

}  // namespace

AuthenticationHeader authentication_header(std::span<const std::uint8_t> packet, std::size_t header_size) {
  ASSERT(packet.size() >= header_size + kAhSize);
  const auto header = packet.subspan(header_size, kAhSize);
  AuthenticationHeader result;
  result.security_parameters = load32(header, 4);
  result.sequence = load32(header, kSequenceAt);
  std::ranges::copy(header.subspan(kCheckValueAt), result.check_value.begin());
  return result;
}

std::optional<CheckValue> check_value(std::span<const std::uint8_t> packet, std::size_t header_size, const AhKey& key) {
  ASSERT(packet.size() >= header_size + kAhSize);
  std::array<std::uint8_t, kLongest> copy;  // NOLINT(cppcoreguidelines-pro-type-member-init): written below
  CheckValue value{};
  if (packet.size() > copy.size()) return std::nullopt;
  std::ranges::copy(packet, copy.begin());
  copy[1] = 0;            // type of service
  copy[6] = copy[7] = 0;  // flags, fragment offset
  const bool is_multicast = (copy[16] & 0xf0U) == 0xe0;
  if (!is_multicast) copy[8] = 0;  // TTL
  copy[10] = copy[11] = 0;         // header checksum
  std::fill_n(copy.begin() + static_cast<std::ptrdiff_t>(header_size + kCheckValueAt), value.size(), std::uint8_t{0});
  const auto inner = keyed_digest(key, 0x36, std::span(copy).first(packet.size()));
  if (!inner) return std::nullopt;
  const auto outer = keyed_digest(key, 0x5c, *inner);
  if (!outer) return std::nullopt;
  std::ranges::copy_n(outer->begin(), static_cast<std::ptrdiff_t>(value.size()), value.begin());
  return value;
}

void seal(std::span<std::uint8_t> packet, std::size_t header_size, const AhKey& key, std::uint32_t sequence) {
  ASSERT(packet.size() >= header_size + kAhSize);
  const auto header = packet.subspan(header_size, kAhSize);
  store16(header, kSequenceAt, static_cast<std::uint16_t>(sequence >> 16U));
  store16(header, kSequenceAt + 2, static_cast<std::uint16_t>(sequence));
  const auto value = check_value(packet, header_size, key);
  ASSERT(value.has_value());
  std::ranges::copy(*value, header.begin() + kCheckValueAt);
}

}  // namespace baton::vrrp
