#include "vrrp/packet.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace baton::vrrp {

namespace {

using Octets = std::span<const std::uint8_t>;

constexpr std::size_t kHeaderSize = 8;                     // of the VRRP message, both versions
constexpr std::size_t kAddressSize = 4;                    // IPv4
constexpr std::size_t kTrailerSize = 8;                    // version 2: authentication data (RFC 2338 5.3.10)
constexpr std::size_t kChecksumAt = 6;                     // of the VRRP message
constexpr std::size_t kIpv4ChecksumAt = 10;                // RFC 791 3.1
constexpr std::uint8_t kTypeAdvertisement = 1;             // 5.2.2
constexpr std::uint8_t kNoAuthentication = 0;              // RFC 2338 5.3.6
constexpr std::uint8_t kSimplePassword = 1;                // RFC 2338 5.3.6
constexpr std::uint16_t kIntervalBits = 0x0fff;            // 5.2.7; the four bits above are reserved
constexpr std::chrono::seconds kMaxVersion2Interval{255};  // one octet

std::uint16_t load16(Octets octets, std::size_t at) {
  return static_cast<std::uint16_t>(octets[at] << 8U | octets[at + 1]);
}

void store16(std::span<std::uint8_t> octets, std::size_t at, std::uint16_t value) {
  octets[at] = static_cast<std::uint8_t>(value >> 8U);
  octets[at + 1] = static_cast<std::uint8_t>(value);
}

/// RFC 1071, of an even number of octets; `sum` is that of what comes before.
std::uint32_t ones_complement_sum(Octets octets, std::uint32_t sum = 0) {
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2)
    sum += load16(octets, i);
  while (sum > 0xffffU)
    sum = (sum & 0xffffU) + (sum >> 16U);
  return sum;
}

std::uint32_t pseudo_header_sum(const IpAddress& source, const IpAddress& destination, std::size_t length) {
  return ones_complement_sum(source.octets(), ones_complement_sum(destination.octets())) + kIpProtocol +
         static_cast<std::uint32_t>(length);
}

IpAddress load_address(Octets octets, std::size_t at) {
  return IpAddress::v4({octets[at], octets[at + 1], octets[at + 2], octets[at + 3]});
}

void store_address(std::span<std::uint8_t> octets, std::size_t at, const IpAddress& address) {
  ASSERT(address.is_v4());
  std::ranges::copy(address.octets(), octets.begin() + static_cast<std::ptrdiff_t>(at));
}

/// Authentication type and interval in seconds, or the interval in centiseconds: octets 4 and 5.
std::uint16_t interval_field(const Advertisement& advertisement) {
  const auto interval = advertisement.max_adver_interval;
  if (advertisement.version == Version::v2) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(interval);
    ASSERT(seconds.count() >= 1 && seconds <= kMaxVersion2Interval);
    const unsigned type = advertisement.password ? kSimplePassword : kNoAuthentication;
    return static_cast<std::uint16_t>(type << 8U | static_cast<unsigned>(seconds.count()));
  }
  const auto centiseconds = interval / std::chrono::milliseconds{10};
  ASSERT(centiseconds >= 1 && centiseconds <= kIntervalBits);
  return static_cast<std::uint16_t>(centiseconds);
}

void encode_message(std::span<std::uint8_t> out, const Advertisement& advertisement, const IpAddress& source,
                    const IpAddress& destination, ChecksumForm form) {
  ASSERT(out.size() == encoded_size(advertisement));
  const auto version = static_cast<unsigned>(advertisement.version);
  out[0] = static_cast<std::uint8_t>(version << 4U | kTypeAdvertisement);
  out[1] = number(advertisement.vrid);
  out[2] = advertisement.priority;
  out[3] = static_cast<std::uint8_t>(advertisement.addresses.size());
  store16(out, 4, interval_field(advertisement));
  store16(out, kChecksumAt, 0);
  auto at = kHeaderSize;
  for (const auto& address : advertisement.addresses) {
    store_address(out, at, address);
    at += kAddressSize;
  }
  const auto trailer = advertisement.password.value_or(SimplePassword{});
  std::ranges::copy_n(trailer.begin(), static_cast<std::ptrdiff_t>(out.size() - at),
                      out.begin() + static_cast<std::ptrdiff_t>(at));
  const bool pseudo = advertisement.version == Version::v3 && form == ChecksumForm::with_pseudo_header;
  const auto before = pseudo ? pseudo_header_sum(source, destination, out.size()) : 0;
  store16(out, kChecksumAt, static_cast<std::uint16_t>(~ones_complement_sum(out, before)));
}

/// Which form makes the checksum right; none when neither does.  Version 2 has no pseudo-header (RFC 3768 5.3.8).
std::optional<ChecksumForm> checksum_form(Octets message, const Received& received) {
  constexpr std::uint32_t kRight = 0xffff;
  const auto sum = ones_complement_sum(message);
  if (received.advertisement.version == Version::v3) {
    const auto pseudo = pseudo_header_sum(received.source, received.destination, message.size());
    if (ones_complement_sum({}, sum + pseudo) == kRight) return ChecksumForm::with_pseudo_header;
  }
  if (sum == kRight) return ChecksumForm::without_pseudo_header;
  return std::nullopt;
}

/// `out` has the addresses of the IP header already.
std::optional<Refusal> decode_message(Octets message, Received* out) {
  if (message.size() < kHeaderSize) return Refusal::too_short;
  auto& advertisement = out->advertisement;
  const auto version = static_cast<std::uint8_t>(message[0] >> 4U);
  if (version != 2 && version != 3) return Refusal::version;
  if ((message[0] & 0x0fU) != kTypeAdvertisement) return Refusal::type;
  advertisement.version = static_cast<Version>(version);
  advertisement.vrid = static_cast<Vrid>(message[1]);
  advertisement.priority = message[2];

  const std::size_t count = message[3];
  const auto trailer = version == 2 ? kTrailerSize : 0;
  if (message.size() != kHeaderSize + count * kAddressSize + trailer) return Refusal::length;
  const auto form = checksum_form(message, *out);
  if (!form) return Refusal::checksum;
  out->checksum_form = *form;
  if (count == 0) return Refusal::address_count;

  advertisement.password.reset();
  if (version == 2) {
    if (message[4] != kNoAuthentication && message[4] != kSimplePassword) return Refusal::authentication_type;
    if (message[4] == kSimplePassword)
      std::ranges::copy(message.last(kTrailerSize), advertisement.password.emplace().begin());
    advertisement.max_adver_interval = std::chrono::seconds{message[5]};
  } else {
    advertisement.max_adver_interval = std::chrono::milliseconds{10} * (load16(message, 4) & kIntervalBits);
  }
  advertisement.addresses.clear();
  advertisement.addresses.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    advertisement.addresses.push_back(load_address(message, kHeaderSize + i * kAddressSize));
  return std::nullopt;
}

}  // namespace

std::string_view users_text(Refusal refusal) {
  switch (refusal) {
    case Refusal::too_short: return "the packet is too short";
    case Refusal::ip_header: return "the IP header is not that of a VRRP packet";
    case Refusal::time_to_live: return "the TTL is not 255: it has crossed a router";
    case Refusal::version: return "the version is neither 2 nor 3";
    case Refusal::version_mismatch: return "the version is not the one configured here";
    case Refusal::type: return "the type is not 1 (advertisement)";
    case Refusal::vrid: return "the virtual_router_id is not ours";
    case Refusal::length: return "the length does not fit the count of addresses";
    case Refusal::checksum: return "the checksum is wrong";
    case Refusal::address_count: return "it has no address";
    case Refusal::authentication_type: return "the authentication type is not the one configured here";
    case Refusal::authentication: return "the password is wrong";
    case Refusal::interval: return "the advertisement interval is not ours, or 0";
    case Refusal::address_list: return "the addresses are not ours";
  }
  return "unknown";
}

std::size_t encoded_size(const Advertisement& advertisement) {
  ASSERT(advertisement.addresses.size() <= 255);
  ASSERT(advertisement.version == Version::v2 || !advertisement.password);
  const auto trailer = advertisement.version == Version::v2 ? kTrailerSize : 0;
  return kHeaderSize + advertisement.addresses.size() * kAddressSize + trailer;
}

std::vector<std::uint8_t> encode(const Advertisement& advertisement, const IpAddress& source,
                                 const IpAddress& destination, ChecksumForm form) {
  std::vector<std::uint8_t> message(encoded_size(advertisement));
  encode_message(message, advertisement, source, destination, form);
  return message;
}

std::vector<std::uint8_t> encode_ipv4_packet(const Advertisement& advertisement, const IpAddress& source,
                                             const IpAddress& destination, std::uint16_t identification,
                                             ChecksumForm form) {
  std::vector<std::uint8_t> packet(kIpv4HeaderSize + encoded_size(advertisement));
  encode_ipv4_packet_into(packet, advertisement, source, destination, identification, form);
  return packet;
}

std::span<std::uint8_t> encode_ipv4_packet_into(std::span<std::uint8_t> out, const Advertisement& advertisement,
                                                const IpAddress& source, const IpAddress& destination,
                                                std::uint16_t identification, ChecksumForm form) {
  const auto size = kIpv4HeaderSize + encoded_size(advertisement);
  ASSERT(out.size() >= size);
  const auto header = out.first(kIpv4HeaderSize);
  header[0] = 0x45;  // version 4, five words
  header[1] = kTypeOfService;
  store16(header, 2, static_cast<std::uint16_t>(size));
  store16(header, 4, identification);
  store16(header, 6, 0);  // neither fragmented nor "do not fragment", as keepalived
  header[8] = kTimeToLive;
  header[9] = kIpProtocol;
  store16(header, kIpv4ChecksumAt, 0);
  store_address(header, 12, source);
  store_address(header, 16, destination);
  store16(header, kIpv4ChecksumAt, static_cast<std::uint16_t>(~ones_complement_sum(header)));
  encode_message(out.subspan(kIpv4HeaderSize, size - kIpv4HeaderSize), advertisement, source, destination, form);
  return out.first(size);
}

Decoded<Received> decode_ipv4_packet(std::span<const std::uint8_t> packet) {
  Received received;
  if (const auto why = decode_ipv4_packet_into(packet, &received)) return tl::unexpected(*why);
  return received;
}

std::optional<Refusal> decode_ipv4_packet_into(std::span<const std::uint8_t> packet, Received* out) {
  if (packet.size() < kIpv4HeaderSize) return Refusal::too_short;
  const std::size_t header_size = std::size_t{4} * (packet[0] & 0x0fU);
  if (packet[0] >> 4U != 4 || header_size < kIpv4HeaderSize || packet[9] != kIpProtocol) return Refusal::ip_header;
  const std::size_t total = load16(packet, 2);
  if (total < header_size) return Refusal::ip_header;
  if (total > packet.size()) return Refusal::too_short;
  out->time_to_live = packet[8];
  out->source = load_address(packet, 12);
  out->destination = load_address(packet, 16);
  return decode_message(packet.subspan(header_size, total - header_size), out);
}

std::optional<Refusal> refusal(const Received& received, const Expectation& wanted) {
  const auto& advertisement = received.advertisement;
  if (received.time_to_live != kTimeToLive) return Refusal::time_to_live;
  if (advertisement.version != wanted.version) return Refusal::version_mismatch;
  if (advertisement.vrid != wanted.vrid) return Refusal::vrid;
  if (advertisement.version == Version::v2) {
    if (advertisement.password.has_value() != wanted.password.has_value()) return Refusal::authentication_type;
    if (advertisement.password != wanted.password) return Refusal::authentication;
    if (advertisement.max_adver_interval != wanted.advertisement_interval) return Refusal::interval;
  } else if (advertisement.max_adver_interval <= Duration::zero()) {
    return Refusal::interval;
  }
  return std::nullopt;
}

bool address_list_differs(const Received& received, const Expectation& wanted) {
  if (wanted.addresses == nullptr) return false;
  const auto& theirs = received.advertisement.addresses;
  const auto& ours = *wanted.addresses;
  if (theirs.size() != ours.size()) return true;
  if (theirs == ours) return false;  // the usual case, without a copy
  auto sorted_theirs = theirs;
  auto sorted_ours = ours;
  std::ranges::sort(sorted_theirs);
  std::ranges::sort(sorted_ours);
  return sorted_theirs != sorted_ours;
}

SimplePassword simple_password(std::string_view text) {
  SimplePassword password{};
  std::ranges::copy(text.substr(0, password.size()), password.begin());
  return password;
}

}  // namespace baton::vrrp
