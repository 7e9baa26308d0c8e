#include "daemon/vrrp_instance.hpp"

#include <utility>

#include "core/assert.hpp"

namespace baton::daemon {

namespace {

constexpr Duration kRefusalPeriod = std::chrono::seconds{10};

}  // namespace

VrrpInstance::VrrpInstance(InstanceKey key, PlannedInstance plan)
    : key_(std::move(key)),
      plan_(std::move(plan)),
      advertised_(plan_.advertised()),
      router_(plan_.params),
      checksum_form_(plan_.path.checksum_form) {
  tracking_.replace(plan_.trackers);
}

vrrp::Params VrrpInstance::params_in_force() const {
  auto params = plan_.params;
  params.priority = tracking_.effective(plan_.params.priority);
  return params;
}

void VrrpInstance::replan(PlannedInstance plan) {
  if (plan.path != plan_.path) checksum_form_ = plan.path.checksum_form;
  plan_ = std::move(plan);
  advertised_ = plan_.advertised();
  tracking_.replace(plan_.trackers);
  encoded_priority_.reset();
}

std::span<const std::vector<std::uint8_t>> VrrpInstance::packets(Priority priority) {
  if (encoded_priority_ != priority || encoded_source_ != router_.params().primary_address) encode(priority);
  if (++identification_ == 0) ++identification_;  // 0 would have the kernel choose one
  if (plan_.path.ah_key) ++sequence_;
  for (auto& packet : packets_) {
    vrrp::set_identification(packet, identification_);
    if (plan_.path.ah_key) vrrp::seal(packet, vrrp::kIpv4HeaderSize, *plan_.path.ah_key, sequence_);
  }
  return packets_;
}

void VrrpInstance::encode(Priority priority) {
  encoded_priority_ = priority;
  encoded_source_ = router_.params().primary_address;
  packets_.clear();
  if (plan_.path.group) encode(priority, *plan_.path.group);
  for (const auto& peer : plan_.path.peers)
    encode(priority, peer.address);
}

void VrrpInstance::encode(Priority priority, const IpAddress& destination) {
  vrrp::Advertisement advertisement;
  advertisement.version = plan_.params.version;
  advertisement.vrid = key_.vrid;
  advertisement.priority = priority;
  advertisement.max_adver_interval = plan_.params.advertisement_interval;
  advertisement.addresses = advertised_;
  advertisement.password = plan_.path.password;
  advertisement.has_authentication_header = plan_.path.ah_key.has_value();
  vrrp::Envelope envelope{encoded_source_, destination};
  envelope.checksum_form = checksum_form_;
  envelope.time_to_live = plan_.path.time_to_live;
  packets_.push_back(vrrp::encode_packet(advertisement, envelope));
}

vrrp::Expectation VrrpInstance::expectation() const {
  vrrp::Expectation wanted;
  wanted.version = plan_.params.version;
  wanted.vrid = key_.vrid;
  wanted.advertisement_interval = plan_.params.advertisement_interval;
  wanted.password = plan_.path.password;
  wanted.addresses = &advertised_;
  wanted.ah_key = plan_.path.ah_key;
  wanted.last_sequence = sequence_;
  wanted.group = plan_.path.group;
  wanted.peers = &plan_.path.peers;
  wanted.ignores_all = plan_.ignores_adverts;
  const bool asked_for = plan_.path.checksum_form == vrrp::ChecksumForm::as_if_multicast;
  wanted.takes_old_checksum = plan_.path.learns_checksum || asked_for;
  return wanted;
}

bool VrrpInstance::accept(const vrrp::Received& received, Instant now) {
  if (received.authentication) sequence_ = received.authentication->sequence;
  const bool is_old = received.checksum_form == vrrp::ChecksumForm::as_if_multicast;
  if (is_old && plan_.path.learns_checksum && checksum_form_ != received.checksum_form) {
    checksum_form_ = received.checksum_form;
    encoded_priority_.reset();
  }
  if (plan_.checks_first_list_only && list_checked_of_ == received.source) return false;
  list_checked_of_ = received.source;
  if (!vrrp::address_list_differs(received, expectation())) return false;
  counts_.add(vrrp::Refusal::address_list);
  return list_trouble_.allow(now).has_value();
}

std::optional<std::uint64_t> VrrpInstance::refused(vrrp::Refusal why, Instant now) {
  counts_.add(why);
  return refusals_.try_emplace(why, kRefusalPeriod).first->second.allow(now);
}

}  // namespace baton::daemon
