#include "vrrp/expectation.hpp"

#include <algorithm>

namespace baton::vrrp {

namespace {

const Peer* find_peer(const Expectation& wanted, const IpAddress& address) {
  if (wanted.peers == nullptr) return nullptr;
  const auto found = std::ranges::find(*wanted.peers, address, &Peer::address);
  return found == wanted.peers->end() ? nullptr : &*found;
}

bool time_to_live_fits(const Received& received, const Expectation& wanted) {
  const auto ttl = received.time_to_live;
  if (received.destination.is_multicast()) return ttl == kTimeToLive;
  const auto* peer = find_peer(wanted, received.source);
  return peer == nullptr || (ttl >= peer->min_time_to_live && ttl <= peer->max_time_to_live);
}

/// Version 2.  keepalived looks at the type, then at what belongs to it.
std::optional<Refusal> authentication_refusal(const Received& received, const Expectation& wanted,
                                              std::span<const std::uint8_t> packet) {
  const auto& advertisement = received.advertisement;
  if (advertisement.password.has_value() != wanted.password.has_value()) return Refusal::authentication_type;
  if (received.authentication.has_value() != wanted.ah_key.has_value()) return Refusal::authentication_type;
  if (advertisement.password != wanted.password) return Refusal::authentication;
  if (!wanted.ah_key) return std::nullopt;
  if (packet.empty()) return Refusal::authentication;
  const auto right = check_value(packet, ip_header_size(packet), *wanted.ah_key);
  if (right != received.authentication->check_value) return Refusal::authentication;
  if (received.authentication->sequence <= wanted.last_sequence) return Refusal::sequence;
  return std::nullopt;
}

/// Whether the packet came the way that the instance uses.
std::optional<Refusal> path_refusal(const Received& received, const Expectation& wanted) {
  if (wanted.group) return received.destination == *wanted.group ? std::nullopt : std::optional(Refusal::destination);
  if (received.destination.is_multicast()) return Refusal::destination;
  return find_peer(wanted, received.source) != nullptr ? std::nullopt : std::optional(Refusal::source);
}

}  // namespace

std::optional<Refusal> refusal(const Received& received, const Expectation& wanted,
                               std::span<const std::uint8_t> packet) {
  const auto& advertisement = received.advertisement;
  if (!time_to_live_fits(received, wanted)) return Refusal::time_to_live;
  if (advertisement.version != wanted.version) return Refusal::version_mismatch;
  if (advertisement.vrid != wanted.vrid) return Refusal::vrid;
  if (advertisement.version == Version::v2)
    if (const auto why = authentication_refusal(received, wanted, packet)) return why;
  if (received.checksum_form == ChecksumForm::as_if_multicast && !wanted.takes_old_checksum) return Refusal::checksum;
  if (const auto why = path_refusal(received, wanted)) return why;
  const auto interval = advertisement.max_adver_interval;
  const bool is_ours = interval == wanted.advertisement_interval;
  if (advertisement.version == Version::v2 ? !is_ours : interval <= Duration::zero()) return Refusal::interval;
  return wanted.ignores_all ? std::optional(Refusal::owner) : std::nullopt;
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

}  // namespace baton::vrrp
