#include "ipvs/shared_pool.hpp"

#include <algorithm>
#include <utility>

namespace baton::ipvs {

std::optional<DestKey> key_within(const ServiceKey& service, const DestKey& member, const Dest& dest) {
  if (member.address.family() != service.family && dest.fwd_method != FwdMethod::tunnel) return std::nullopt;
  return DestKey{member.address, dest.fwd_method == FwdMethod::masq ? member.port : service.port};
}

void add_services(Table& table, const std::vector<ServiceKey>& keys, const Service& shared, const Dests& dests) {
  for (const auto& key : keys) {
    const auto [entry, is_new] = table.try_emplace(key);
    auto& service = entry->second;
    if (is_new) {
      service = shared;
      service.dests.clear();
      if (key.family != keys.front().family) service.netmask = host_netmask(key.family);
    }
    Dests::sequence_type members;
    members.reserve(dests.size());
    for (const auto& [member, dest] : dests)
      if (const auto as = key_within(key, member, dest)) members.emplace_back(*as, dest);
    // Whose ports give way to the service's may have become the same: the first counts.
    std::ranges::stable_sort(members, {}, &Dests::value_type::first);
    members.erase(std::ranges::unique(members, {}, &Dests::value_type::first).begin(), members.end());
    service.dests.insert(boost::container::ordered_unique_range, members.begin(), members.end());
  }
}

bool has_tunnels(const Table& table) {
  return std::ranges::any_of(table, [](const auto& entry) {
    return std::ranges::any_of(entry.second.dests, [](const auto& dest) { return dest.second.tunnel != Tunnel{}; });
  });
}

std::size_t drop_unsupported(Table& table, TunnelSupport kernel) {
  std::size_t dropped = 0;
  if (kernel == TunnelSupport::all || kernel == TunnelSupport::unknown) return dropped;
  for (auto& [key, service] : table) {
    auto dests = service.dests.extract_sequence();
    const auto gone =
        std::ranges::remove_if(dests, [kernel](const auto& dest) { return !supports(kernel, dest.second.tunnel); });
    dropped += gone.size();
    dests.erase(gone.begin(), gone.end());
    service.dests.adopt_sequence(boost::container::ordered_unique_range, std::move(dests));
  }
  return dropped;
}

}  // namespace baton::ipvs
