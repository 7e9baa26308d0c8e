#include "daemon/vrrp_actuator.hpp"

#include <algorithm>
#include <map>

#include "core/overloaded.hpp"
#include "daemon/log.hpp"
#include "vrrp/lease.hpp"

namespace baton::daemon {

namespace {

std::string text(const net::LeasedAddress& lease) {
  return lease.address.to_string() + '/' + std::to_string(lease.prefix_length);
}

/// Says the kernel's complaints about an instance's addresses, each once.
void complain(VrrpInstance* instance, std::span<const net::LeaseAnswer> answers) {
  std::string trouble;
  for (const auto& answer : answers) {
    if (answer.taken_over)
      log::warning("({}) {}: the address was there already and is a lease of ours now", instance->plan().name,
                   answer.what);
    if (answer.code != 0 && trouble.empty()) trouble = answer.what;
  }
  if (trouble == instance->lease_trouble) return;
  if (!trouble.empty()) log::error("({}) {}", instance->plan().name, trouble);
  instance->lease_trouble = trouble;
}

/// What the other directors wait before they take over, without their Skew_Time: they have our configuration.
Duration silence_of(const VrrpInstance& instance) {
  const auto& params = instance.plan().params;
  return params.down_timer_adverts * params.advertisement_interval;
}

/// Leases of several instances as one list per lifetime, and which answers belong to whom.
struct LeaseList {
  std::vector<net::LeasedAddress> addresses;
  std::vector<std::pair<VrrpInstance*, std::size_t>> owners;  // instance, how many addresses
};

template <class Answers>
void complain_all(const LeaseList& list, const Answers& answers) {
  std::span<const net::LeaseAnswer> rest(answers);
  for (const auto& [instance, count] : list.owners) {
    complain(instance, rest.first(count));
    rest = rest.subspan(count);
  }
}

}  // namespace

VrrpActuator::VrrpActuator(boost::asio::io_context& io, const net::Links& links, VrrpKernel* kernel, OnNotify on_notify)
    : links_(links),
      kernel_(kernel),
      on_notify_(std::move(on_notify)),
      leases_(io),
      announcer_(io, [](const Error& error) { log::error("{}", error.message); }) {}

bool VrrpActuator::carry_out(const std::vector<WantedAction>& actions) {
  send(actions);
  std::vector<VrrpInstance*> acquiring;
  std::vector<net::LeasedAddress> releasing;
  for (const auto& wanted : actions) {
    // Who has become MASTER and yielded within the same list keeps nothing, and announces nothing that others hold.
    const bool is_active = wanted.instance->is_active();
    if (is_active && std::holds_alternative<vrrp::AcquireAddresses>(wanted.action))
      acquiring.push_back(wanted.instance);
    if (std::holds_alternative<vrrp::ReleaseAddresses>(wanted.action)) {
      kernel_->release(wanted.instance->key());
      std::ranges::move(leased(wanted.instance), std::back_inserter(releasing));
      wanted.instance->preferred.forget_all();
      forget(*wanted.instance);
    }
  }
  if (!releasing.empty()) kernel_->reconcile();
  release(releasing, "");
  acquire(acquiring);
  for (const auto* instance : acquiring)
    kernel_->want(instance->key());
  if (!acquiring.empty()) kernel_->reconcile();
  for (const auto& wanted : actions)
    if (const auto* burst = std::get_if<vrrp::AnnounceAddresses>(&wanted.action);
        burst != nullptr && wanted.instance->is_active())
      announce(*wanted.instance, burst->repeat);
  announcer_.send();
  return renewal_due();
}

void VrrpActuator::report(const std::vector<WantedAction>& actions) const {
  for (const auto& wanted : actions)
    report(*wanted.instance, wanted.action);
}

void VrrpActuator::send(const std::vector<WantedAction>& actions) {
  senders_.clear();
  for (const auto& wanted : actions) {
    const auto* advert = std::get_if<vrrp::SendAdvertisement>(&wanted.action);
    if (advert == nullptr) continue;
    const auto* link = links_.find(wanted.instance->plan().sending_device(wanted.instance->key().interface));
    if (link == nullptr) continue;
    // An instance has one set of buffers: its second advertisement in one go waits until the first is out.
    if (wanted.instance->packet_waits) transmit();
    for (const auto& packet : wanted.instance->packets(advert->priority)) {
      outgoing_.push_back({link->index, packet});
      outgoing_of_.push_back(wanted.instance);
    }
    wanted.instance->packet_waits = true;
  }
  transmit();
}

void VrrpActuator::transmit() {
  if (outgoing_.empty()) return;
  const auto now = Clock::now();
  const auto failed = [&](std::size_t position, const Error& error) {
    auto* instance = std::exchange(outgoing_of_[position], nullptr);
    instance->packet_waits = false;
    if (instance->router().state() == vrrp::State::fault) return;  // a farewell on a dead link
    if (const auto quiet = instance->send_trouble.allow(now))
      log::error("({}) {}{}", instance->plan().name, error.message,
                 *quiet == 0 ? "" : fmt::format(" ({} times more)", *quiet));
  };
  sender_.send(outgoing_, failed);
  for (auto* instance : outgoing_of_) {
    if (instance == nullptr) continue;
    instance->packet_waits = false;
    if (!senders_.empty() && senders_.back() == instance) continue;  // to another peer
    instance->last_sent = now;
    senders_.push_back(instance);
  }
  outgoing_.clear();
  outgoing_of_.clear();
}

void VrrpActuator::acquire(std::span<VrrpInstance* const> instances) {
  std::map<std::chrono::seconds, LeaseList> lists;
  for (auto* instance : instances) {
    auto& list = lists[vrrp::lease_lifetime(silence_of(*instance))];
    auto addresses = leased(instance);
    list.owners.emplace_back(instance, addresses.size());
    std::ranges::move(addresses, std::back_inserter(list.addresses));
  }
  for (const auto& [lifetime, list] : lists)
    complain_all(list, leases_.acquire(list.addresses, lifetime));
}

/// One instance leads, so that all leases are renewed at the same moments: the kernel ends those late that are not.
bool VrrpActuator::renewal_due() {
  const auto now = Clock::now();
  for (const auto* instance : senders_) {
    if (!instance->is_active()) continue;
    const bool leads = instance->key() == leader_;
    const auto interval = instance->plan().params.advertisement_interval;
    const bool due = leads ? vrrp::renewal_due(last_renewal_, now, interval) : vrrp::leader_is_late(last_renewal_, now);
    if (!due) continue;
    leader_ = instance->key();
    last_renewal_ = now;
    return true;
  }
  return false;
}

void VrrpActuator::renew(std::span<VrrpInstance* const> active) {
  const auto now = Clock::now();
  std::map<std::chrono::seconds, LeaseList> lists;
  for (auto* instance : active) {
    const auto interval = instance->plan().params.advertisement_interval;
    // Who cannot be heard must lose its addresses.
    if (!instance->last_sent || now - *instance->last_sent > 2 * interval) continue;
    auto& list = lists[vrrp::lease_lifetime(silence_of(*instance), now - *instance->last_sent)];
    auto addresses = leased(instance);
    list.owners.emplace_back(instance, addresses.size());
    std::ranges::move(addresses, std::back_inserter(list.addresses));
  }
  for (const auto& [lifetime, list] : lists)
    complain_all(list, leases_.renew(list.addresses, lifetime));
}

void VrrpActuator::release(std::span<const net::LeasedAddress> addresses, const std::string& why) {
  if (addresses.empty()) return;
  const auto answers = keep_addresses_ ? leases_.make_permanent(addresses) : leases_.release(addresses);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].code != 0)
      log::error("{}", answers[i].what);
    else if (!why.empty())
      log::info("removing {}: {}", text(addresses[i]), why);
  }
}

void VrrpActuator::announce(const VrrpInstance& instance, unsigned repeat, const IpAddress* only) {
  // Each address is announced where it is: the instance's own interface for most.
  std::map<std::pair<std::string, Family>, std::vector<IpAddress>> by_device;
  for (const auto& planned : instance.plan().addresses)
    if (only == nullptr || planned.address == *only)
      by_device[{planned.device, planned.address.family()}].push_back(planned.address);
  for (auto& [where, list] : by_device) {
    const auto& [device, family] = where;
    const auto* link = links_.find(device);
    if (link == nullptr) continue;
    const auto lane = lanes_.lane(device, family);
    vrrp::AnnouncementBurst burst;
    burst.owner = &instance;
    burst.lane = lane.number;
    burst.distance = lane.distance;
    burst.link = link->index;
    burst.sender = link->mac;
    burst.is_router = family == Family::ipv6 && net::forwards_ipv6(device);
    burst.addresses = std::move(list);
    burst.repeat = repeat;
    announcer_.add(std::move(burst));
  }
}

void VrrpActuator::report(const VrrpInstance& instance, const vrrp::Action& action) const {
  if (const auto* change = std::get_if<vrrp::StateChanged>(&action)) report_state(instance, *change);
  if (const auto* change = std::get_if<vrrp::PriorityAdopted>(&action)) report_priority(instance, *change);
  if (std::holds_alternative<vrrp::HeardWeaker>(action)) tell(instance, NotifyState::master_rx_lower_pri);
  if (const auto* remark = std::get_if<vrrp::Remark>(&action)) log::info("({}) {}", instance.plan().name, remark->text);
}

void VrrpActuator::report_priority(const VrrpInstance& instance, const vrrp::PriorityAdopted& change) const {
  log::info("({}) Changing effective priority from {} to {}: {}", instance.plan().name, change.from, change.to,
            change.reason);
  if (!instance.plan().tells_priority) return;
  const auto state = instance.router().state();
  if (state == vrrp::State::active) tell(instance, NotifyState::master_priority);
  if (state == vrrp::State::backup) tell(instance, NotifyState::backup_priority);
}

void VrrpActuator::tell(const VrrpInstance& instance, NotifyState state) const {
  if (on_notify_) on_notify_(Notify{instance.plan().name, state, instance.router().params().priority});
}

void VrrpActuator::report_state(const VrrpInstance& instance, const vrrp::StateChanged& change) const {
  const auto& plan = instance.plan();
  const bool is_deleted = end_state_ == NotifyState::fault && plan.tells_deletion;
  const auto state = change.to == vrrp::State::active   ? NotifyState::master
                     : change.to == vrrp::State::backup ? NotifyState::backup
                     : change.to == vrrp::State::fault  ? NotifyState::fault
                     : is_deleted                       ? NotifyState::deleted
                                                        : end_state_;
  log::info("({}) Entering {} STATE: {}", plan.name, name(state), change.reason);
  if (!change.silent) tell(instance, state);
}

std::vector<net::LeasedAddress> VrrpActuator::leased(const std::string& name, std::span<const PlannedAddress> addresses,
                                                     PreferredLifetimes* lifetimes) const {
  const auto now = Clock::now();
  std::vector<net::LeasedAddress> list;
  list.reserve(addresses.size());
  for (const auto& planned : addresses) {
    const auto* link = links_.find(planned.device);
    if (link == nullptr) {
      log::debug("({}) no interface {} for {}", name, planned.device, planned.address.to_string());
      continue;
    }
    const auto preferred = lifetimes != nullptr ? lifetimes->left(planned, now) : planned.preferred;
    list.push_back({planned.address, planned.prefix_length, link->index, planned.scope, planned.label,
                    planned.broadcast, planned.flags, preferred, net::kBatonProtocol, planned.peer});
  }
  return list;
}

std::vector<net::HeldAddress> VrrpActuator::present(IfIndex link) {
  auto held = leases_.present(link);
  if (held) return std::move(*held);
  log::error("{}", held.error().message);
  return {};
}

}  // namespace baton::daemon
