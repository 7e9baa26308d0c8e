// packet.hpp - VRRP advertisements as bytes: version 2 (RFC 3768 5.1, RFC 2338 authentication) and 3 (RFC 9568 5.1), in
// whole IPv4 or IPv6 packets.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/ip_address.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "vrrp/authentication_header.hpp"
#include "vrrp/refusal.hpp"
#include "vrrp/virtual_router.hpp"

namespace baton::vrrp {

inline constexpr std::uint8_t kIpProtocol = 112;                    // IANA
inline constexpr std::uint8_t kTimeToLive = 255;                    // 5.1.1.3, 5.1.2.3
inline constexpr std::uint8_t kTypeOfService = 0xc0;                // internetwork control, as keepalived sends
inline constexpr std::size_t kIpv4HeaderSize = 20;                  // octets; we send no options
inline constexpr std::size_t kIpv6HeaderSize = 40;                  // octets; we send no extension headers
inline constexpr std::size_t kMaxAdvertisement = 8 + 255 * 16 + 8;  // octets: header, 255 IPv6 addresses, v2 trailer
inline constexpr std::size_t kMaxPacket = kIpv6HeaderSize + kMaxAdvertisement;

/// 224.0.0.18, ff02::12 (5.1.1.2, 5.1.2.2).
IpAddress multicast_group(Family family);

/// The plain text password of RFC 2338: 8 octets, padded with zeros.
using SimplePassword = std::array<std::uint8_t, 8>;

/// What the checksum of version 3 over IPv4 covers beside the message.
enum class ChecksumForm : std::uint8_t {
  with_pseudo_header,     // keepalived sends it so
  without_pseudo_header,  // RFC 9568 5.2.8
  as_if_multicast,        // old keepalived by unicast: a pseudo-header with 224.0.0.18 as destination
};

struct Advertisement {
  Version version = Version::v2;
  Vrid vrid{};
  Priority priority = 0;
  Duration max_adver_interval{};           // v2: whole seconds; v3: centiseconds
  std::vector<IpAddress> addresses;        // all of the packet's family
  std::optional<SimplePassword> password;  // v2 only: authentication type 1
  bool has_authentication_header = false;  // v2 only: authentication type 2; excludes a password
  friend bool operator==(const Advertisement&, const Advertisement&) = default;
};

template <class T>
using Decoded = tl::expected<T, Refusal>;

/// The IP header of what we send.  Its family is that of the addresses, which must be one (asserted).
struct Envelope {
  IpAddress source;
  IpAddress destination;
  std::uint16_t identification = 0;  // IPv4 only
  ChecksumForm checksum_form = ChecksumForm::with_pseudo_header;
  std::uint8_t time_to_live = kTimeToLive;
};

/// Octets of the VRRP message, of the whole packet with its headers.  At most 255 addresses.
std::size_t encoded_size(const Advertisement& advertisement, Family family);
std::size_t packet_size(const Advertisement& advertisement, Family family);

/// The VRRP message (no IP header).  What is encoded is ours and correct: addresses of the envelope's family, an
/// interval that the version can carry, authentication in version 2 only (asserted).
std::vector<std::uint8_t> encode(const Advertisement& advertisement, const Envelope& envelope);

/// A whole packet as a raw socket takes it that is given headers.  With an Authentication Header it still has to be
/// sealed: its sequence number and check value are zero.
std::vector<std::uint8_t> encode_packet(const Advertisement& advertisement, const Envelope& envelope);

/// The same into memory that the caller keeps, at least packet_size(); the octets written.
std::span<std::uint8_t> encode_packet_into(std::span<std::uint8_t> out, const Advertisement& advertisement,
                                           const Envelope& envelope);

/// Another identification in a finished IPv4 packet, its header checksum made right; IPv6 has none.
void set_identification(std::span<std::uint8_t> packet, std::uint16_t identification);

/// 40 octets of IPv6 header in front of `payload` octets of protocol 112: for a socket that hands out no header.
void write_ipv6_header(std::span<std::uint8_t> out, const IpAddress& source, const IpAddress& destination,
                       std::uint8_t hop_limit, std::size_t payload);

struct Received {
  IpAddress source;
  IpAddress destination;
  std::uint8_t time_to_live = 0;  // or hop limit
  Advertisement advertisement;
  ChecksumForm checksum_form = ChecksumForm::with_pseudo_header;
  std::optional<AuthenticationHeader> authentication;
};

/// A whole IPv4 or IPv6 packet; never reads past `packet`, allocates at most 255 addresses.  All forms of the checksum
/// are accepted for version 3 over IPv4.  Octets after the total length (Ethernet padding) are ignored.  Refuses what
/// is wrong for everybody: what does not fit an instance is refusal()'s.
Decoded<Received> decode_packet(std::span<const std::uint8_t> packet);

/// The same into a value whose memory is used again, for the steady state; valid only when it returns none.
std::optional<Refusal> decode_packet_into(std::span<const std::uint8_t> packet, Received* out);

/// Octets of the IP header at the beginning of a packet that decode_packet() took.
std::size_t ip_header_size(std::span<const std::uint8_t> packet);

/// The password of a configuration word: the first 8 octets, padded with zeros.
SimplePassword simple_password(std::string_view text);

}  // namespace baton::vrrp
