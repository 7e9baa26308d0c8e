#include "daemon/duplicate_watch.hpp"

#include <utility>

#include "daemon/log.hpp"

namespace baton::daemon {

DuplicateWatch::DuplicateWatch(boost::asio::io_context& io, const net::Links& links, OnClaim on_claim)
    : io_(io), links_(links), on_claim_(std::move(on_claim)) {}

void DuplicateWatch::set(const std::map<InstanceKey, PlannedInstance>& plan) {
  std::map<std::string, std::vector<IpAddress>> wanted;
  for (const auto& [key, instance] : plan)
    for (const auto& planned : instance.addresses)
      wanted[planned.device].push_back(planned.address);
  std::erase_if(devices_, [&wanted](const auto& one) { return !wanted.contains(one.first); });
  for (auto& [device, addresses] : wanted) {
    auto& watched = devices_[device];
    if (watched.addresses == addresses) continue;
    watched = {};
    watched.addresses = std::move(addresses);
  }
  follow_links();
}

void DuplicateWatch::follow_links() {
  for (auto& [device, watched] : devices_) {
    const auto* link = links_.find(device);
    const auto index = link != nullptr ? link->index : IfIndex{};
    if (index == watched.link) continue;
    watched.watch.reset();
    watched.link = index;
    if (link != nullptr) open(device, &watched);
  }
}

void DuplicateWatch::open(const std::string& device, Watched* watched) {
  const auto on_claim = [this, device](const vrrp::AddressClaim& claim) {
    const auto* link = links_.find(device);
    const bool is_ours = link == nullptr || claim.mac == link->mac || claim.mac == vrrp::MacAddress{};
    if (!is_ours) on_claim_(device, claim);
  };
  auto opened = net::ClaimWatch::open(io_, device, watched->link, watched->addresses, on_claim);
  if (opened)
    watched->watch = std::move(*opened);
  else
    log::error("{}: duplicates of virtual addresses are not noticed: {}", device, opened.error().message);
}

void DuplicateWatch::stop() {
  devices_.clear();
}

}  // namespace baton::daemon
