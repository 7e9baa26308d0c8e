#include "daemon/vrrp_instance.hpp"

#include <utility>

#include "core/assert.hpp"

namespace baton::daemon {

namespace {

constexpr Duration kRefusalPeriod = std::chrono::seconds{10};
const IpAddress kVrrpGroup = IpAddress::v4({224, 0, 0, 18});  // RFC 9568 5.1.1.2

template <std::size_t... I>
std::array<RateLimit, sizeof...(I)> limits(std::index_sequence<I...>) {
  return {((void)I, RateLimit(kRefusalPeriod))...};
}

}  // namespace

VrrpInstance::VrrpInstance(InstanceKey key, PlannedInstance plan)
    : key_(std::move(key)),
      plan_(std::move(plan)),
      advertised_(plan_.advertised()),
      router_(plan_.params),
      refusals_(limits(std::make_index_sequence<16>{})) {}

void VrrpInstance::replan(PlannedInstance plan) {
  plan_ = std::move(plan);
  advertised_ = plan_.advertised();
  encoded_.reset();
}

std::span<const std::uint8_t> VrrpInstance::packet(Priority priority) {
  if (!encoded_ || encoded_->priority != priority || encoded_->source != router_.params().primary_address)
    encoded_ = encoded(priority);
  ++identification_;
  constexpr std::size_t kIdentificationAt = 4;  // RFC 791 3.1
  encoded_->bytes[kIdentificationAt] = static_cast<std::uint8_t>(identification_ >> 8U);
  encoded_->bytes[kIdentificationAt + 1] = static_cast<std::uint8_t>(identification_);
  return encoded_->bytes;
}

VrrpInstance::Encoded VrrpInstance::encoded(Priority priority) const {
  vrrp::Advertisement advertisement;
  advertisement.version = plan_.params.version;
  advertisement.vrid = key_.vrid;
  advertisement.priority = priority;
  advertisement.max_adver_interval = plan_.params.advertisement_interval;
  advertisement.addresses = advertised_;
  advertisement.password = plan_.password;
  const auto& source = router_.params().primary_address;
  return {source, priority, vrrp::encode_ipv4_packet(advertisement, source, kVrrpGroup, 0)};
}

vrrp::Expectation VrrpInstance::expectation() const {
  vrrp::Expectation wanted;
  wanted.version = plan_.params.version;
  wanted.vrid = key_.vrid;
  wanted.advertisement_interval = plan_.params.advertisement_interval;
  wanted.password = plan_.password;
  wanted.addresses = &advertised_;
  return wanted;
}

std::optional<std::uint64_t> VrrpInstance::refused(vrrp::Refusal why, Instant now) {
  const auto index = static_cast<std::size_t>(why);
  ASSERT(index < refusals_.size());
  return refusals_[index].allow(now);
}

}  // namespace baton::daemon
