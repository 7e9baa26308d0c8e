#include "vrrp/packet.hpp"

#include <algorithm>

#include "core/assert.hpp"
#include "vrrp/internet_checksum.hpp"

namespace baton::vrrp {

namespace {

using Octets = std::span<const std::uint8_t>;

constexpr std::size_t kHeaderSize = 8;                     // of the VRRP message, both versions
constexpr std::size_t kTrailerSize = 8;                    // version 2: authentication data (RFC 2338 5.3.10)
constexpr std::size_t kChecksumAt = 6;                     // of the VRRP message
constexpr std::size_t kIdentificationAt = 4;               // RFC 791 3.1
constexpr std::size_t kIpv4ChecksumAt = 10;                // RFC 791 3.1
constexpr std::uint8_t kTypeAdvertisement = 1;             // 5.2.2
constexpr std::uint8_t kNoAuthentication = 0;              // RFC 2338 5.3.6
constexpr std::uint8_t kSimplePassword = 1;                // RFC 2338 5.3.6
constexpr std::uint8_t kAuthenticationHeader = 2;          // RFC 2338 5.3.6
constexpr std::uint8_t kAhPayloadLength = 4;               // of 32-bit words, less two (RFC 2402 2.2)
constexpr std::uint16_t kIntervalBits = 0x0fff;            // 5.2.7; the four bits above are reserved
constexpr std::chrono::seconds kMaxVersion2Interval{255};  // one octet

std::size_t address_size(Family family) {
  return family == Family::ipv4 ? 4 : 16;
}

IpAddress load_address(Octets octets, std::size_t at, Family family) {
  if (family == Family::ipv4) return IpAddress::v4({octets[at], octets[at + 1], octets[at + 2], octets[at + 3]});
  std::array<std::uint8_t, 16> address{};
  std::ranges::copy(octets.subspan(at, address.size()), address.begin());
  return IpAddress::v6(address);
}

void store_address(std::span<std::uint8_t> octets, std::size_t at, const IpAddress& address) {
  std::ranges::copy(address.octets(), octets.begin() + static_cast<std::ptrdiff_t>(at));
}

std::size_t ah_size(const Advertisement& advertisement) {
  return advertisement.has_authentication_header ? kAhSize : 0;
}

/// Authentication type and interval in seconds, or the interval in centiseconds: octets 4 and 5.
std::uint16_t interval_field(const Advertisement& advertisement) {
  const auto interval = advertisement.max_adver_interval;
  if (advertisement.version == Version::v2) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(interval);
    ASSERT(seconds.count() >= 1 && seconds <= kMaxVersion2Interval);
    const unsigned type = advertisement.has_authentication_header ? kAuthenticationHeader
                          : advertisement.password                ? kSimplePassword
                                                                  : kNoAuthentication;
    return static_cast<std::uint16_t>(type << 8U | static_cast<unsigned>(seconds.count()));
  }
  const auto centiseconds = interval / std::chrono::milliseconds{10};
  ASSERT(centiseconds >= 1 && centiseconds <= kIntervalBits);
  return static_cast<std::uint16_t>(centiseconds);
}

/// What the checksum covers before the message.  Version 2 has no pseudo-header (RFC 3768 5.3.8).
std::uint32_t pseudo_sum(const IpAddress& source, const IpAddress& destination, ChecksumForm form, std::size_t length) {
  const bool is_v4 = source.is_v4();
  if (is_v4 && form == ChecksumForm::without_pseudo_header) return 0;
  const bool as_if_multicast = is_v4 && form == ChecksumForm::as_if_multicast;
  return pseudo_header_sum(source, as_if_multicast ? multicast_group(Family::ipv4) : destination, kIpProtocol, length);
}

void encode_message(std::span<std::uint8_t> out, const Advertisement& advertisement, const Envelope& envelope) {
  const auto family = envelope.source.family();
  ASSERT(out.size() == encoded_size(advertisement, family));
  const auto version = static_cast<unsigned>(advertisement.version);
  out[0] = static_cast<std::uint8_t>(version << 4U | kTypeAdvertisement);
  out[1] = number(advertisement.vrid);
  out[2] = advertisement.priority;
  out[3] = static_cast<std::uint8_t>(advertisement.addresses.size());
  store16(out, 4, interval_field(advertisement));
  store16(out, kChecksumAt, 0);
  auto at = kHeaderSize;
  for (const auto& address : advertisement.addresses) {
    ASSERT(address.family() == family);
    store_address(out, at, address);
    at += address_size(family);
  }
  const auto trailer = advertisement.password.value_or(SimplePassword{});
  std::ranges::copy_n(trailer.begin(), static_cast<std::ptrdiff_t>(out.size() - at),
                      out.begin() + static_cast<std::ptrdiff_t>(at));
  const auto before = advertisement.version == Version::v3
                          ? pseudo_sum(envelope.source, envelope.destination, envelope.checksum_form, out.size())
                          : 0;
  store16(out, kChecksumAt, checksum_of(ones_complement_sum(out, before)));
}

void write_ipv4_header(std::span<std::uint8_t> header, const Envelope& envelope, std::uint8_t protocol,
                       std::size_t size) {
  header[0] = 0x45;  // version 4, five words
  header[1] = kTypeOfService;
  store16(header, 2, static_cast<std::uint16_t>(size));
  store16(header, kIdentificationAt, envelope.identification);
  store16(header, 6, 0);  // neither fragmented nor "do not fragment", as keepalived
  header[8] = envelope.time_to_live;
  header[9] = protocol;
  store16(header, kIpv4ChecksumAt, 0);
  store_address(header, 12, envelope.source);
  store_address(header, 16, envelope.destination);
  store16(header, kIpv4ChecksumAt, checksum_of(ones_complement_sum(header)));
}

/// As keepalived: the SPI is the source address.
void write_authentication_header(std::span<std::uint8_t> header, const IpAddress& source) {
  std::ranges::fill(header, std::uint8_t{0});
  header[0] = kIpProtocol;
  header[1] = kAhPayloadLength;
  store_address(header, 4, source);
}

/// Which form makes the checksum right; none when none does.
std::optional<ChecksumForm> checksum_form(Octets message, const Received& received) {
  constexpr std::uint32_t kRight = 0xffff;
  const auto sum = ones_complement_sum(message);
  const auto fits = [&](ChecksumForm form) {
    const auto before = pseudo_sum(received.source, received.destination, form, message.size());
    return ones_complement_sum({}, sum + before) == kRight;
  };
  if (received.advertisement.version == Version::v2)
    return sum == kRight ? std::optional(ChecksumForm::without_pseudo_header) : std::nullopt;
  if (fits(ChecksumForm::with_pseudo_header)) return ChecksumForm::with_pseudo_header;
  if (received.source.is_v6()) return std::nullopt;
  if (fits(ChecksumForm::without_pseudo_header)) return ChecksumForm::without_pseudo_header;
  if (!received.destination.is_multicast() && fits(ChecksumForm::as_if_multicast)) return ChecksumForm::as_if_multicast;
  return std::nullopt;
}

/// Type and data of version 2.
std::optional<Refusal> decode_authentication(Octets message, Received* out) {
  auto& advertisement = out->advertisement;
  const auto type = message[4];
  if (type > kAuthenticationHeader) return Refusal::authentication_type;
  if ((type == kAuthenticationHeader) != out->authentication.has_value()) return Refusal::authentication_type;
  if (type == kSimplePassword) std::ranges::copy(message.last(kTrailerSize), advertisement.password.emplace().begin());
  advertisement.has_authentication_header = type == kAuthenticationHeader;
  return std::nullopt;
}

/// `out` has what the headers before it say.
std::optional<Refusal> decode_message(Octets message, Received* out) {
  if (message.size() < kHeaderSize) return Refusal::too_short;
  const auto family = out->source.family();
  auto& advertisement = out->advertisement;
  const auto version = static_cast<std::uint8_t>(message[0] >> 4U);
  if (version != 3 && (version != 2 || family == Family::ipv6)) return Refusal::version;
  if ((message[0] & 0x0fU) != kTypeAdvertisement) return Refusal::type;
  advertisement.version = static_cast<Version>(version);
  advertisement.vrid = static_cast<Vrid>(message[1]);
  advertisement.priority = message[2];

  const std::size_t count = message[3];
  const auto trailer = version == 2 ? kTrailerSize : 0;
  if (message.size() != kHeaderSize + count * address_size(family) + trailer) return Refusal::length;
  const auto form = checksum_form(message, *out);
  if (!form) return Refusal::checksum;
  out->checksum_form = *form;
  if (count == 0) return Refusal::address_count;

  advertisement.password.reset();
  advertisement.has_authentication_header = false;
  if (version == 2) {
    if (const auto why = decode_authentication(message, out)) return why;
    advertisement.max_adver_interval = std::chrono::seconds{message[5]};
  } else {
    if (out->authentication) return Refusal::authentication_type;
    advertisement.max_adver_interval = std::chrono::milliseconds{10} * (load16(message, 4) & kIntervalBits);
  }
  advertisement.addresses.clear();
  advertisement.addresses.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    advertisement.addresses.push_back(load_address(message, kHeaderSize + i * address_size(family), family));
  return std::nullopt;
}

std::optional<Refusal> decode_ipv4(Octets packet, Received* out) {
  if (packet.size() < kIpv4HeaderSize) return Refusal::too_short;
  auto header_size = ip_header_size(packet);
  const auto protocol = packet[9];
  if (header_size < kIpv4HeaderSize || (protocol != kIpProtocol && protocol != kAhProtocol)) return Refusal::ip_header;
  const std::size_t total = load16(packet, 2);
  if (total < header_size) return Refusal::ip_header;
  if (total > packet.size()) return Refusal::too_short;
  out->time_to_live = packet[8];
  out->source = load_address(packet, 12, Family::ipv4);
  out->destination = load_address(packet, 16, Family::ipv4);
  if (protocol == kAhProtocol) {
    if (total < header_size + kAhSize) return Refusal::too_short;
    if (packet[header_size] != kIpProtocol || packet[header_size + 1] != kAhPayloadLength) return Refusal::ip_header;
    out->authentication = authentication_header(packet, header_size);
    header_size += kAhSize;
  }
  return decode_message(packet.subspan(header_size, total - header_size), out);
}

std::optional<Refusal> decode_ipv6(Octets packet, Received* out) {
  if (packet.size() < kIpv6HeaderSize) return Refusal::too_short;
  if (packet[6] != kIpProtocol) return Refusal::ip_header;
  const std::size_t payload = load16(packet, 4);
  if (kIpv6HeaderSize + payload > packet.size()) return Refusal::too_short;
  out->time_to_live = packet[7];
  out->source = load_address(packet, 8, Family::ipv6);
  out->destination = load_address(packet, 24, Family::ipv6);
  return decode_message(packet.subspan(kIpv6HeaderSize, payload), out);
}

}  // namespace

IpAddress multicast_group(Family family) {
  if (family == Family::ipv4) return IpAddress::v4({224, 0, 0, 18});
  return IpAddress::v6({0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12});
}

std::size_t encoded_size(const Advertisement& advertisement, Family family) {
  ASSERT(advertisement.addresses.size() <= 255);
  const bool is_v2 = advertisement.version == Version::v2;
  ASSERT(is_v2 || !(advertisement.password || advertisement.has_authentication_header));
  return kHeaderSize + advertisement.addresses.size() * address_size(family) + (is_v2 ? kTrailerSize : 0);
}

std::size_t packet_size(const Advertisement& advertisement, Family family) {
  const auto header = family == Family::ipv4 ? kIpv4HeaderSize : kIpv6HeaderSize;
  return header + ah_size(advertisement) + encoded_size(advertisement, family);
}

std::vector<std::uint8_t> encode(const Advertisement& advertisement, const Envelope& envelope) {
  std::vector<std::uint8_t> message(encoded_size(advertisement, envelope.source.family()));
  encode_message(message, advertisement, envelope);
  return message;
}

std::vector<std::uint8_t> encode_packet(const Advertisement& advertisement, const Envelope& envelope) {
  std::vector<std::uint8_t> packet(packet_size(advertisement, envelope.source.family()));
  encode_packet_into(packet, advertisement, envelope);
  return packet;
}

std::span<std::uint8_t> encode_packet_into(std::span<std::uint8_t> out, const Advertisement& advertisement,
                                           const Envelope& envelope) {
  const auto family = envelope.source.family();
  ASSERT(envelope.destination.family() == family);
  const auto message = encoded_size(advertisement, family);
  const auto packet = out.first(packet_size(advertisement, family));
  if (family == Family::ipv6) {
    ASSERT(advertisement.version == Version::v3);
    write_ipv6_header(packet, envelope.source, envelope.destination, envelope.time_to_live, message);
  } else {
    const bool authentic = advertisement.has_authentication_header;
    write_ipv4_header(packet.first(kIpv4HeaderSize), envelope, authentic ? kAhProtocol : kIpProtocol, packet.size());
    if (authentic) write_authentication_header(packet.subspan(kIpv4HeaderSize, kAhSize), envelope.source);
  }
  encode_message(packet.last(message), advertisement, envelope);
  return packet;
}

void set_identification(std::span<std::uint8_t> packet, std::uint16_t identification) {
  if (packet[0] >> 4U != 4) return;
  const auto header = packet.first(kIpv4HeaderSize);
  store16(header, kIdentificationAt, identification);
  store16(header, kIpv4ChecksumAt, 0);
  store16(header, kIpv4ChecksumAt, checksum_of(ones_complement_sum(header)));
}

void write_ipv6_header(std::span<std::uint8_t> out, const IpAddress& source, const IpAddress& destination,
                       std::uint8_t hop_limit, std::size_t payload) {
  ASSERT(source.is_v6() && destination.is_v6() && out.size() >= kIpv6HeaderSize);
  out[0] = 0x60 | kTypeOfService >> 4U;  // version 6, traffic class; no flow label
  out[1] = static_cast<std::uint8_t>(kTypeOfService << 4U);
  store16(out, 2, 0);
  store16(out, 4, static_cast<std::uint16_t>(payload));
  out[6] = kIpProtocol;
  out[7] = hop_limit;
  store_address(out, 8, source);
  store_address(out, 24, destination);
}

Decoded<Received> decode_packet(std::span<const std::uint8_t> packet) {
  Received received;
  if (const auto why = decode_packet_into(packet, &received)) return tl::unexpected(*why);
  return received;
}

std::optional<Refusal> decode_packet_into(std::span<const std::uint8_t> packet, Received* out) {
  out->authentication.reset();
  if (packet.empty()) return Refusal::too_short;
  const auto version = packet[0] >> 4U;
  if (version == 4) return decode_ipv4(packet, out);
  if (version == 6) return decode_ipv6(packet, out);
  return Refusal::ip_header;
}

std::size_t ip_header_size(std::span<const std::uint8_t> packet) {
  return packet[0] >> 4U == 4 ? std::size_t{4} * (packet[0] & 0x0fU) : kIpv6HeaderSize;
}

SimplePassword simple_password(std::string_view text) {
  SimplePassword password{};
  std::ranges::copy(text.substr(0, password.size()), password.begin());
  return password;
}

}  // namespace baton::vrrp
