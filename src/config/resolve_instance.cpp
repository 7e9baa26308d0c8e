#include "config/resolve_instance.hpp"

#include <algorithm>
#include <set>

#include "config/address_set.hpp"
#include "config/argument.hpp"
#include "config/inheritance.hpp"

namespace baton::config {
namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

constexpr auto kCentisecond = std::chrono::milliseconds(10);
constexpr auto kLongestV3Interval = kCentisecond * 4095;  // 12 bits (RFC 9568 5.2.7)

std::string with_unit(Duration duration) {
  return decimal(duration_cast<std::chrono::microseconds>(duration).count()) + " s";
}

/// To the nearest multiple of `unit`, halves up, at least one.
Duration rounded(Duration interval, Duration unit) {
  return std::max<Duration>((interval + unit / 2) / unit * unit, unit);
}

Duration resolve_interval(Builder& builder, const InstanceDraft& draft, std::uint8_t version) {
  if (!draft.advert_int) return seconds{1};
  const auto& [interval, place] = *draft.advert_int;
  if (version == 2) {
    const Duration whole = rounded(interval, seconds{1});
    if (whole != interval)
      builder.warn(place,
                   concat("VRRP version 2 counts whole seconds: advert_int ", with_unit(interval), " becomes ",
                          with_unit(whole)),
                   "fractions need `version 3`, on every router of the instance");
    return whole;
  }
  if (interval > kLongestV3Interval) {
    builder.warn(place,
                 concat("VRRP version 3 counts up to 40.95 s: advert_int ", with_unit(interval), " becomes 40.95 s"));
    return kLongestV3Interval;
  }
  const Duration nearest = rounded(interval, kCentisecond);
  if (nearest != interval)
    builder.warn(place, concat("VRRP version 3 counts hundredths of a second: advert_int ", with_unit(interval),
                               " becomes ", with_unit(nearest)));
  return nearest;
}

Priority resolve_priority(Builder& builder, const InstanceDraft& draft) {
  const bool wants_master = draft.state && draft.state->value == WantedState::master;
  if (!draft.priority && wants_master) {
    builder.advise(draft.state->place, "state MASTER without a priority makes it 255, the owner of the addresses",
                   "an owner takes over at once and no tracking lowers it; write a priority of 1 to 254");
    return kOwnerPriority;
  }
  if (!draft.priority) return kDefaultPriority;
  if (draft.priority->value == kOwnerPriority)
    builder.advise(draft.priority->place, "priority 255 is for the owner of the addresses",
                   "an owner takes over at once and no tracking lowers it; 1 to 254 for everybody else");
  return draft.priority->value;
}

void resolve_preemption(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance) {
  instance.nopreempt = draft.nopreempt && draft.nopreempt->value;
  if (draft.preempt_delay && !is_strict(builder, instance)) instance.preempt_delay = draft.preempt_delay->value;
  if (instance.state == WantedState::master) {
    if (instance.nopreempt)
      builder.warn(draft.nopreempt->place, "nopreempt does not work with state MASTER: it is cleared",
                   "write state BACKUP on both routers; the higher priority becomes master");
    if (instance.preempt_delay > Duration::zero())
      builder.warn(draft.preempt_delay->place, "preempt_delay does not work with state MASTER: it is cleared",
                   "write state BACKUP on both routers; the higher priority becomes master");
    instance.nopreempt = false;
    instance.preempt_delay = Duration::zero();
  }
  if (instance.nopreempt && instance.priority == kOwnerPriority) {
    builder.warn(draft.nopreempt->place, "nopreempt does not work with priority 255: it is cleared",
                 "the owner of the addresses always preempts");
    instance.nopreempt = false;
  }
  if (instance.nopreempt && instance.preempt_delay > Duration::zero()) {
    builder.warn(draft.preempt_delay->place, "preempt_delay has no meaning beside nopreempt: it is cleared");
    instance.preempt_delay = Duration::zero();
  }
}

/// Of the address itself; an entry keeps no more of what was written.
Place place_of(const VirtualAddress& entry) {
  return {entry.position, static_cast<std::uint32_t>(entry.address.to_string().size())};
}

/// keepalived lists an address as often as it is written, and its peers compare the lists; so does Baton.
void advise_repeated_addresses(Builder& builder, const VrrpInstance& instance) {
  AddressSet seen(instance.virtual_addresses.size() + instance.excluded_addresses.size());
  for (const VirtualAddress& entry : instance.virtual_addresses)
    if (!seen.add(entry))
      builder.advise(place_of(entry), concat(entry.address.to_string(), " is listed twice"),
                     "advertisements carry it twice; the other routers must list it twice, too");
  for (const VirtualAddress& entry : instance.excluded_addresses)
    if (!seen.add(entry))
      builder.advise(place_of(entry), concat(entry.address.to_string(), " is listed twice"), "once is enough");
}

bool has_addresses(Builder& builder, const InstanceDraft& draft, std::uint8_t version, bool is_strict) {
  if (!draft.settled.virtual_addresses.empty() || draft.settled.no_virtual_ipaddress) return true;
  if (version == 3 || is_strict) {
    builder.refuse(kCannotRun, Status::bad, draft.place,
                   concat("vrrp_instance ", quoted(draft.name), " has no virtual_ipaddress, which ",
                          version == 3 ? "version 3" : "strict_mode", " needs: it is left out"));
    return false;
  }
  builder.warn(draft.place, concat("vrrp_instance ", quoted(draft.name), " has no virtual_ipaddress"),
               "it elects a master and moves no address");
  return true;
}

/// Whether there is all that an instance cannot do without; what is missing is reported.
bool is_complete(Builder& builder, const InstanceDraft& draft, std::uint8_t version, bool is_strict) {
  if (!draft.interface)
    builder.refuse(kCannotRun, Status::bad, draft.place,
                   concat("vrrp_instance ", quoted(draft.name), " has no interface: it is left out"),
                   "write interface and its name");
  if (!draft.vrid)
    builder.refuse(kCannotRun, Status::bad, draft.place,
                   concat("vrrp_instance ", quoted(draft.name), " has no virtual_router_id: it is left out"),
                   "1 to 255, the same on all its routers and used by nobody else on the network");
  if (!draft.interface || !draft.vrid) return false;
  return has_addresses(builder, draft, version, is_strict);
}

/// A unicast instance of a VRF needs no other interface: what is bound to the VRF hears all of its interfaces.
void run_on_vrf(InstanceDraft& draft) {
  VrrpInstance& settled = draft.settled;
  if (draft.interface || settled.vrf.empty() || settled.unicast_peers.empty()) return;
  draft.interface = Placed<std::string>{settled.vrf, draft.at("vrf")};
  settled.vrf.clear();
}

std::uint8_t resolve_version(Builder& builder, const InstanceDraft& draft) {
  const bool is_ipv6 = draft.family && draft.family->value == Family::ipv6;
  if (is_ipv6 && draft.version && draft.version->value == 2)
    builder.advise(draft.version->place, "IPv6 has VRRP version 3 only: version 2 becomes 3",
                   concat("the instance is one of IPv6 since ", builder.at(draft.family->place)));
  if (is_ipv6) return 3;
  return draft.version ? draft.version->value : builder.config.global.vrrp_version;
}

VrrpInstance resolved(Builder& builder, InstanceDraft& draft, std::uint8_t version) {
  VrrpInstance instance = std::move(draft.settled);
  instance.name = draft.name;
  instance.position = draft.place.position;
  instance.family = draft.family ? draft.family->value : Family::ipv4;
  instance.interface = draft.interface->value;
  instance.interface_position = draft.interface->place.position;
  instance.vrid = Vrid{draft.vrid->value};
  instance.version = version;
  if (draft.state) instance.state = draft.state->value;
  instance.priority = resolve_priority(builder, draft);
  instance.advert_int = resolve_interval(builder, draft, version);
  resolve_link(builder, draft, instance);
  resolve_unicast(builder, draft, instance);
  resolve_authentication(builder, draft, instance);
  if (is_strict(builder, instance)) resolve_strict(builder, draft, instance);
  resolve_preemption(builder, draft, instance);
  advise_repeated_addresses(builder, instance);
  return instance;
}

/// Old spellings of what stands in linkbeat_interfaces and lvs_sync_daemon today; those count where they are written.
class OldSpellings {
 public:
  explicit OldSpellings(Builder& builder) : builder_(builder) {
    for (const LinkbeatInterface& entry : builder.config.daemon.linkbeat_interfaces)
      polled_.insert(entry.interface.name);
  }

  void settle(const InstanceDraft& draft, const VrrpInstance& instance) {
    if (draft.linkbeat_use_polling && polled_.insert(instance.interface).second)
      builder_.config.daemon.linkbeat_interfaces.push_back({{instance.interface, instance.interface_position}, {}});
    auto& daemon = builder_.config.global.lvs.lvs_sync_daemon;
    if (draft.lvs_sync_daemon_interface.empty() || daemon) return;
    daemon.emplace();
    daemon->interface = draft.lvs_sync_daemon_interface;
    daemon->instance = instance.name;
  }

 private:
  Builder& builder_;
  std::set<std::string> polled_;
};

}  // namespace

bool is_strict(const Builder& builder, const VrrpInstance& instance) {
  return in_force(builder.config.global, instance).strict_mode;
}

void resolve_instances(Builder& builder) {
  Identities identities;
  OldSpellings old_spellings(builder);
  builder.config.vrrp_instances.reserve(builder.instances.size());
  for (InstanceDraft& draft : builder.instances) {
    run_on_vrf(draft);
    const std::uint8_t version = resolve_version(builder, draft);
    if (!is_complete(builder, draft, version, is_strict(builder, draft.settled))) continue;
    VrrpInstance instance = resolved(builder, draft, version);
    if (!identities.are_new(builder, draft, instance)) continue;
    old_spellings.settle(draft, instance);
    builder.config.vrrp_instances.push_back(std::move(instance));
  }
}

}  // namespace baton::config
