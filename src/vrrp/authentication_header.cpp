#include "vrrp/authentication_header.hpp"

#include <algorithm>

#include "core/assert.hpp"
#include "core/md5.hpp"
#include "vrrp/internet_checksum.hpp"

namespace baton::vrrp {

namespace {

constexpr std::size_t kLongest = 2048;  // octets, as the receiver's buffer
constexpr std::size_t kSequenceAt = 8, kCheckValueAt = 12;
constexpr std::size_t kBlock = 64;  // of HMAC-MD5 (RFC 2104)

std::uint32_t load32(std::span<const std::uint8_t> octets, std::size_t at) {
  return std::uint32_t{load16(octets, at)} << 16U | load16(octets, at + 2);
}

Md5::Digest keyed_digest(const AhKey& key, std::uint8_t pad, std::span<const std::uint8_t> text) {
  std::array<std::uint8_t, kBlock> block{};
  std::ranges::copy(key, block.begin());
  for (auto& octet : block)
    octet ^= pad;
  Md5 digest;
  digest.update(std::span<const std::uint8_t>(block));
  digest.update(text);
  return digest.finish();
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
  const auto inner = keyed_digest(key, 0x36, std::span<const std::uint8_t>(copy).first(packet.size()));
  const auto outer = keyed_digest(key, 0x5c, inner);
  std::ranges::copy_n(outer.begin(), static_cast<std::ptrdiff_t>(value.size()), value.begin());
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
