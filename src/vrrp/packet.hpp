// packet.hpp - VRRP advertisements as bytes: version 2 (RFC 3768 5.1, RFC 2338 authentication) and 3 (RFC 9568 5.1).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/ip_address.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "vrrp/virtual_router.hpp"

namespace baton::vrrp {

inline constexpr std::uint8_t kIpProtocol = 112;                    // IANA
inline constexpr std::uint8_t kTimeToLive = 255;                    // 5.1.1.3
inline constexpr std::uint8_t kTypeOfService = 0xc0;                // internetwork control, as keepalived sends
inline constexpr std::size_t kIpv4HeaderSize = 20;                  // octets; we send no options
inline constexpr std::size_t kMaxAdvertisement = 8 + 255 * 16 + 8;  // octets: header, 255 IPv6 addresses, v2 trailer

/// The plain text password of RFC 2338: 8 octets, padded with zeros.
using SimplePassword = std::array<std::uint8_t, 8>;

/// Whether an IPv4 version 3 checksum covers a pseudo-header: keepalived sends it so, RFC 9568 5.2.8 without.
enum class ChecksumForm : std::uint8_t { with_pseudo_header, without_pseudo_header };

struct Advertisement {
  Version version = Version::v2;
  Vrid vrid{};
  Priority priority = 0;
  Duration max_adver_interval{};           // v2: whole seconds; v3: centiseconds
  std::vector<IpAddress> addresses;        // all of one family
  std::optional<SimplePassword> password;  // v2 only: authentication type 1
  friend bool operator==(const Advertisement&, const Advertisement&) = default;
};

/// Why a received packet is refused; each has a counter (RFC 6527).  users_text() gives the sentence.
enum class Refusal : std::uint8_t {
  too_short,
  ip_header,         // not IPv4/IPv6, bad header length, protocol not 112
  time_to_live,      // not 255
  version,           // neither 2 nor 3
  version_mismatch,  // not the version this instance is configured for
  type,              // not 1
  vrid,              // not ours
  length,            // count of addresses does not fit the length
  checksum,
  address_count,        // 0 addresses
  authentication_type,  // v2: neither 0 nor 1, or not the one this instance uses
  authentication,       // v2: wrong password
  interval,             // v2: differs from ours; v3: 0
  address_list,         // addresses differ from ours: counted, never refused for (address_list_differs())
};
std::string_view users_text(Refusal refusal);

template <class T>
using Decoded = tl::expected<T, Refusal>;

/// Octets of the VRRP message.  At most 255 addresses.
std::size_t encoded_size(const Advertisement& advertisement);

/// The VRRP message (no IP header).  `source` and `destination` matter for the pseudo-header only.  What is encoded is
/// ours and correct: IPv4 addresses, an interval that the version can carry, a password in version 2 only (asserted).
std::vector<std::uint8_t> encode(const Advertisement& advertisement, const IpAddress& source,
                                 const IpAddress& destination, ChecksumForm form = ChecksumForm::with_pseudo_header);

/// A whole IPv4 packet as a raw socket with IP_HDRINCL takes it: header (TTL 255, TOS 0xc0, `identification`) +
/// message.
std::vector<std::uint8_t> encode_ipv4_packet(const Advertisement& advertisement, const IpAddress& source,
                                             const IpAddress& destination, std::uint16_t identification,
                                             ChecksumForm form = ChecksumForm::with_pseudo_header);

/// The same into memory that the caller keeps, at least kIpv4HeaderSize + encoded_size(); the octets written.
std::span<std::uint8_t> encode_ipv4_packet_into(std::span<std::uint8_t> out, const Advertisement& advertisement,
                                                const IpAddress& source, const IpAddress& destination,
                                                std::uint16_t identification,
                                                ChecksumForm form = ChecksumForm::with_pseudo_header);

struct Received {
  IpAddress source;
  IpAddress destination;
  std::uint8_t time_to_live = 0;
  Advertisement advertisement;
  ChecksumForm checksum_form = ChecksumForm::with_pseudo_header;
};

/// A whole IPv4 packet as a raw socket hands it out; never reads past `packet`, allocates at most 255 addresses.
/// Both checksum forms are accepted for version 3.  Octets after the total length (Ethernet padding) are ignored.
/// Refuses what is wrong for everybody: what does not fit an instance is refusal()'s.
Decoded<Received> decode_ipv4_packet(std::span<const std::uint8_t> packet);

/// The same into a value whose memory is used again, for the steady state; valid only when it returns none.
std::optional<Refusal> decode_ipv4_packet_into(std::span<const std::uint8_t> packet, Received* out);

/// What an instance wants of an advertisement, checked in keepalived's order (compat 10.2).
struct Expectation {
  Version version = Version::v2;
  Vrid vrid{};
  Duration advertisement_interval{};
  std::optional<SimplePassword> password;
  const std::vector<IpAddress>* addresses = nullptr;  // sent by us, in order; compared as a set
};

/// None when the advertisement is acceptable to `wanted`.  TTL other than 255 is refused here.  The list of addresses
/// is not looked at: see address_list_differs().
std::optional<Refusal> refusal(const Received& received, const Expectation& wanted);

/// Whether the sender advertises other addresses than we do.  Worth a remark, never a refusal (RFC 9568 7.1, keepalived
/// since 2.3.3).  keepalived 2.2.7 drops such packets as master and as backup, so two directors with lists that differ
/// are both MASTER there; Baton yields to the stronger one whatever its list.
bool address_list_differs(const Received& received, const Expectation& wanted);

/// The password of a configuration word: the first 8 octets, padded with zeros.
SimplePassword simple_password(std::string_view text);

}  // namespace baton::vrrp
