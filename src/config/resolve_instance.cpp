#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "config/argument.hpp"
#include "config/builder.hpp"

namespace baton::config {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::seconds;

constexpr std::uint8_t kCannotRun = 2;   // keepalived's VRRP process ends with it
constexpr std::size_t kLongestPass = 8;  // octets (RFC 2338 5.3.10)
constexpr auto kCentisecond = std::chrono::milliseconds(10);
constexpr auto kLongestV3Interval = kCentisecond * 4095;  // 12 bits (RFC 9568 5.2.7)

std::string in_seconds(Duration duration) {
  return decimal(duration_cast<microseconds>(duration).count()) + " s";
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
                   concat("VRRP version 2 counts whole seconds: advert_int ", in_seconds(interval), " becomes ",
                          in_seconds(whole)),
                   "fractions need `version 3`, on every router of the instance");
    return whole;
  }
  if (interval > kLongestV3Interval) {
    builder.warn(place,
                 concat("VRRP version 3 counts up to 40.95 s: advert_int ", in_seconds(interval), " becomes 40.95 s"));
    return kLongestV3Interval;
  }
  const Duration nearest = rounded(interval, kCentisecond);
  if (nearest != interval)
    builder.warn(place, concat("VRRP version 3 counts hundredths of a second: advert_int ", in_seconds(interval),
                               " becomes ", in_seconds(nearest)));
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
  if (draft.preempt_delay) instance.preempt_delay = draft.preempt_delay->value;
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

void resolve_authentication(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance) {
  const bool has_pass = draft.auth_pass && !draft.auth_pass->value.empty();
  if (has_pass && draft.auth_pass->value.size() > kLongestPass)
    builder.warn({draft.auth_pass->place.position, kLongestPass},
                 concat("auth_pass has more than ", kLongestPass, " octets: the first ", kLongestPass, " are used"),
                 "the other routers cut it likewise, so they still agree");
  if (!draft.auth_is_pass || !draft.auth_is_pass->value) {
    if (has_pass && !draft.auth_is_pass)
      builder.advise(draft.auth_pass->place, "auth_pass without auth_type PASS: there is no authentication",
                     "write auth_type PASS beside it");
    return;
  }
  if (!has_pass) {
    builder.warn(draft.auth_is_pass->place, "auth_type PASS without auth_pass: there is no authentication");
    return;
  }
  if (instance.version == 3) {
    builder.warn(draft.auth_is_pass->place, "VRRP version 3 has no authentication: it is ignored",
                 "RFC 5798 took it out, as a password in clear text protects against mistakes only");
    return;
  }
  instance.auth_pass = draft.auth_pass->value.substr(0, kLongestPass);
}

/// Of the address itself; an entry keeps no more of what was written.
Place place_of(const VirtualAddress& entry) {
  return {entry.position, static_cast<std::uint32_t>(entry.address.to_string().size())};
}

/// keepalived lists an address as often as it is written, and its peers compare the lists; so does Baton.
void advise_repeated_addresses(Builder& builder, const std::vector<VirtualAddress>& addresses) {
  std::set<std::pair<IpAddress, std::uint8_t>> seen;
  for (const VirtualAddress& entry : addresses)
    if (!seen.emplace(entry.address, entry.prefix_length).second)
      builder.advise(place_of(entry), concat(entry.address.to_string(), " is listed twice"),
                     "advertisements carry it twice; the other routers must list it twice, too");
}

/// Whether there is all that an instance cannot do without; what is missing is reported.
bool is_complete(Builder& builder, const InstanceDraft& draft, std::uint8_t version) {
  if (!draft.interface)
    builder.refuse(kCannotRun, Status::bad, draft.place,
                   concat("vrrp_instance ", quoted(draft.name), " has no interface: it is left out"),
                   "write interface and its name");
  if (!draft.vrid)
    builder.refuse(kCannotRun, Status::bad, draft.place,
                   concat("vrrp_instance ", quoted(draft.name), " has no virtual_router_id: it is left out"),
                   "1 to 255, the same on all its routers and used by nobody else on the network");
  if (!draft.interface || !draft.vrid) return false;
  if (draft.virtual_addresses.empty() && version == 3) {
    builder.refuse(kCannotRun, Status::bad, draft.place,
                   concat("vrrp_instance ", quoted(draft.name),
                          " has no virtual_ipaddress, which version 3 needs: it is left out"));
    return false;
  }
  if (draft.virtual_addresses.empty())
    builder.warn(draft.place, concat("vrrp_instance ", quoted(draft.name), " has no virtual_ipaddress"),
                 "it elects a master and moves no address");
  if (!draft.virtual_addresses.empty() && draft.virtual_addresses.front().address.is_v6()) {
    builder.report(Severity::error, Status::not_active, place_of(draft.virtual_addresses.front()),
                   concat("IPv6 instances are keepalived's; Baton does not support them yet: ", quoted(draft.name),
                          " is left out"),
                   "its addresses are not served");
    return false;
  }
  return true;
}

using InstanceKey = std::pair<std::string, std::uint8_t>;

bool is_unique(Builder& builder, const InstanceDraft& draft, std::map<InstanceKey, const InstanceDraft*>& others) {
  const auto [other, is_new] = others.try_emplace({draft.interface->value, draft.vrid->value}, &draft);
  if (!is_new)
    builder.refuse(
        kCannotRun, Status::bad, draft.vrid->place,
        concat("virtual_router_id ", int{draft.vrid->value}, " is used twice on ", draft.interface->value, ": ",
               quoted(draft.name), " is left out"),
        concat(quoted(other->second->name), " in ", builder.at(other->second->vrid->place), " has it already"));
  return is_new;
}

VrrpInstance resolved(Builder& builder, InstanceDraft& draft, std::uint8_t version) {
  VrrpInstance instance = std::move(draft.settled);
  instance.name = draft.name;
  instance.position = draft.place.position;
  instance.interface = draft.interface->value;
  instance.interface_position = draft.interface->place.position;
  instance.vrid = Vrid{draft.vrid->value};
  instance.version = version;
  if (draft.state) instance.state = draft.state->value;
  instance.priority = resolve_priority(builder, draft);
  instance.advert_int = resolve_interval(builder, draft, version);
  resolve_preemption(builder, draft, instance);
  resolve_authentication(builder, draft, instance);
  advise_repeated_addresses(builder, draft.virtual_addresses);
  instance.virtual_addresses = std::move(draft.virtual_addresses);
  instance.notify_master = draft.notify_master;
  instance.notify_backup = draft.notify_backup;
  instance.notify_fault = draft.notify_fault;
  instance.notify_stop = draft.notify_stop;
  instance.notify = draft.notify;
  return instance;
}

}  // namespace

void resolve_instances(Builder& builder) {
  std::map<InstanceKey, const InstanceDraft*> others;
  for (InstanceDraft& draft : builder.instances) {
    const std::uint8_t version = draft.version ? draft.version->value : builder.config.global.vrrp_version;
    if (is_complete(builder, draft, version) && is_unique(builder, draft, others))
      builder.config.vrrp_instances.push_back(resolved(builder, draft, version));
  }
}

}  // namespace baton::config
