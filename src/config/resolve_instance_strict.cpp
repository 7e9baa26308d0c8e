// strict_mode: keepalived's extensions of the protocol are taken out, each with its warning.
#include "config/resolve_instance.hpp"

namespace baton::config {
namespace {

class Strictness {
 public:
  Strictness(Builder& builder, const InstanceDraft& draft) : builder_(builder), draft_(draft) {}

  void taken_out(const Place& place, std::string_view what) {
    builder_.warn(place, concat("strict_mode does not allow ", what),
                  "to keep it leave strict_mode or vrrp_strict out");
  }

  /// Resets `value` unless it is `allowed` or left out.
  template <class Optional, class Value>
  void only(std::string_view keyword, Optional& value, Value allowed) {
    if (!value || *value == allowed) return;
    taken_out(draft_.at(keyword), concat(keyword, " here: it is taken out"));
    value.reset();
  }

 private:
  Builder& builder_;
  const InstanceDraft& draft_;
};

/// MASTER and the ownership of the addresses are one thing.
void settle_state(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance) {
  const bool is_owner = instance.priority == kOwnerPriority;
  const bool is_master = instance.state == WantedState::master;
  if (!draft.state || is_owner == is_master) return;
  builder.warn(draft.state->place,
               is_owner
                   ? "strict_mode: priority 255, the owner of the addresses, has state MASTER: that is set"
                   : "strict_mode: state MASTER is for the owner of the addresses, priority 255: it becomes BACKUP",
               "the higher priority becomes master all the same");
  instance.state = is_owner ? WantedState::master : WantedState::backup;
}

void check_addresses(Builder& builder, const VrrpInstance& instance) {
  if (instance.family != Family::ipv6 || instance.virtual_addresses.empty()) return;
  const VirtualAddress& first = instance.virtual_addresses.front();
  const std::string text = first.address.to_string();
  if (!first.address.is_link_local())
    builder.warn({first.position, static_cast<std::uint32_t>(text.size())},
                 concat("strict_mode: the first address of an IPv6 instance is a link-local one, not ", text),
                 "RFC 9568 5.2.9; the others hear it all the same");
}

}  // namespace

void resolve_strict(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance) {
  Strictness strict(builder, draft);
  settle_state(builder, draft, instance);
  if (draft.preempt_delay && draft.preempt_delay->value > Duration::zero())
    strict.taken_out(draft.preempt_delay->place, "preempt_delay: it is taken out");
  if (instance.version == 2 && instance.accept == true && instance.priority != kOwnerPriority) {
    strict.taken_out(draft.at("accept"), "accept in version 2: it is taken out");
    instance.accept.reset();
  }
  strict.only("down_timer_adverts", instance.down_timer_adverts, 3);
  strict.only("garp_lower_prio_repeat", instance.announcing.lower_prio_repeat, 0U);
  strict.only("garp_lower_prio_delay", instance.announcing.lower_prio_delay, std::chrono::seconds(0));
  strict.only("lower_prio_no_advert", instance.lower_prio_no_advert, true);
  strict.only("higher_prio_send_advert", instance.higher_prio_send_advert, false);
  if (instance.vmac && !instance.vmac->mac.empty()) {
    strict.taken_out(draft.at("use_vmac"), "a MAC address of one's own: it is taken out");
    instance.vmac->mac.clear();
  }
  if (instance.vmac_xmit_base && instance.unicast_peers.empty()) {
    strict.taken_out(draft.at("vmac_xmit_base"), "vmac_xmit_base: it is taken out");
    instance.vmac_xmit_base = false;
  }
  check_addresses(builder, instance);
  if (!instance.unicast_peers.empty())
    builder.advise(draft.at("unicast_peer"), "strict_mode and unicast: RFC 9568 knows multicast only",
                   "keepalived after 2.2.7 does not start on this; leave strict_mode or vrrp_strict out");
}

}  // namespace baton::config
