#include "daemon/vrrp_engine.hpp"

#include <algorithm>
#include <unordered_set>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "daemon/adoption.hpp"
#include "daemon/log.hpp"
#include "daemon/role.hpp"

namespace baton::daemon {

namespace asio = boost::asio;

namespace {

/// Why a link cannot carry VRRP; empty when it can.
std::string link_trouble(const std::string& name, const net::Link* link) {
  if (link == nullptr || !link->exists) return name + " does not exist";
  if (!link->up) return name + " is down";
  if (!link->primary_ipv4) return name + " has no IPv4 address of its own";
  return {};
}

}  // namespace

/// What hears one interface.  Shared with its coroutine, which ends when `wanted` is false.
struct VrrpEngine::Receiver {
  std::string interface;
  IfIndex index{};
  std::unique_ptr<net::VrrpReceiver> socket;
  bool wanted = true;
};

VrrpEngine::VrrpEngine(asio::io_context& io, Settings settings, VrrpActuator::OnNotify on_notify)
    : io_(io),
      settings_(std::move(settings)),
      links_(io, {.on_change =
                      [this](const net::Link& link) {
                        changed_links_.insert(link.name);
                        post_settle();
                      },
                  .on_address_added = {},
                  .on_address_removed =
                      [this](IfIndex index, const IpAddress& address, std::uint8_t) {
                        removed_addresses_.emplace_back(index, address);
                        post_settle();
                      }}),
      actuator_(io, links_, std::move(on_notify)),
      timer_(io) {}

VrrpEngine::~VrrpEngine() = default;

void VrrpEngine::configure(const config::Config& config) {
  const auto plan = plan_instances(config);
  std::set<InstanceKey> adopted;
  if (!std::exchange(configured_, true)) {
    adopted = adopt_former(plan);
  } else {
    hear_all();
    set_virtual_addresses(plan, {});
    retire_all_but(plan);
  }
  for (const auto& [key, planned] : plan) {
    auto& slot = instances_[key];
    if (slot) {
      update(slot.get(), planned);
      continue;
    }
    slot = std::make_unique<VrrpInstance>(key, planned);
    start(slot.get(), adopted.contains(key));
  }
  flush();
  open_receivers();
  save_ledger();
}

std::set<InstanceKey> VrrpEngine::adopt_former(const std::map<InstanceKey, PlannedInstance>& plan) {
  const auto ledger = decode_vrrp_ledger(read_ledger(settings_.ledger));
  set_virtual_addresses(plan, ledger);
  std::vector<HeldAddress> present;
  std::map<HeldAddress, net::LeasedAddress> leases;
  for (const auto& held : actuator_.present(IfIndex{})) {
    const auto* link = links_.find(held.lease.link);
    if (link == nullptr) continue;
    present.push_back({held.lease.address, held.lease.prefix_length, link->name});
    leases.emplace(present.back(), held.lease);
  }
  const auto adoption = adopt(plan, ledger, present);
  std::vector<net::LeasedAddress> leftovers;
  for (const auto& held : adoption.leftovers)
    leftovers.push_back(leases.at(held));
  actuator_.release(leftovers, "left over from a former run");
  return adoption.adopted;
}

/// What must not be mistaken for an interface's own address.
void VrrpEngine::set_virtual_addresses(const std::map<InstanceKey, PlannedInstance>& plan, const VrrpLedger& former) {
  std::unordered_set<IpAddress> addresses;
  for (const auto& [key, instance] : plan)
    for (const auto& planned : instance.addresses)
      addresses.insert(planned.address);
  for (const auto& held : former)
    for (const auto& address : held.addresses)
      addresses.insert(address.address);
  links_.set_virtual_addresses(std::move(addresses));
}

void VrrpEngine::retire_all_but(const std::map<InstanceKey, PlannedInstance>& plan) {
  std::vector<std::unique_ptr<VrrpInstance>> retired;
  for (auto it = instances_.begin(); it != instances_.end();) {
    if (plan.contains(it->first)) {
      ++it;
      continue;
    }
    feed(it->second.get(), vrrp::Shutdown{});
    retired.push_back(std::move(it->second));
    it = instances_.erase(it);
  }
  flush();
  for (const auto& instance : retired)
    if (instance->deadline_in_queue) deadlines_.erase({*instance->deadline_in_queue, instance.get()});
}

void VrrpEngine::update(VrrpInstance* instance, const PlannedInstance& plan) {
  const auto before = instance->plan().addresses;
  instance->replan(plan);
  auto params = plan.params;
  params.primary_address = instance->router().params().primary_address;
  feed(instance, vrrp::Reconfigure{params});
  flush();
  if (!instance->is_active()) return;
  std::vector<PlannedAddress> gone;
  for (const auto& address : before)
    if (std::ranges::find(plan.addresses, address) == plan.addresses.end()) gone.push_back(address);
  std::vector<IpAddress> come;
  for (const auto& address : plan.addresses)
    if (std::ranges::find(before, address) == before.end()) come.push_back(address.address);
  actuator_.release(actuator_.leased(plan.name, gone), "it left the configuration");
  if (come.empty()) return;
  VrrpInstance* const list[] = {instance};
  actuator_.acquire(list);
  for (const auto& address : come)
    actuator_.announce(*instance, &address);
}

void VrrpEngine::start(VrrpInstance* instance, bool adopt) {
  const auto* link = links_.find(instance->key().interface);
  if (auto trouble = link_trouble(instance->key().interface, link); !trouble.empty()) {
    feed(instance, vrrp::InterfaceDown{std::move(trouble)});
    return;
  }
  auto params = instance->plan().params;
  params.primary_address = *link->primary_ipv4;
  feed(instance, vrrp::Reconfigure{params});
  if (adopt)
    feed(instance, vrrp::Adopt{});
  else
    feed(instance, vrrp::Startup{});
}

void VrrpEngine::open_receivers() {
  std::map<std::string, std::vector<Vrid>> wanted;
  for (const auto& [key, instance] : instances_)
    wanted[key.interface].push_back(key.vrid);
  for (auto it = receivers_.begin(); it != receivers_.end();) {
    const auto* link = links_.find(it->first);
    if (wanted.contains(it->first) && link != nullptr && link->index == it->second->index) {
      ++it;
      continue;
    }
    it->second->wanted = false;
    it->second->socket->cancel();
    it = receivers_.erase(it);
  }
  for (const auto& [interface, vrids] : wanted) {
    const auto* link = links_.find(interface);
    if (link == nullptr) continue;
    if (const auto open = receivers_.find(interface); open != receivers_.end()) {
      if (const auto set = open->second->socket->set_wanted(vrids); !set) log::error("{}", set.error().message);
      continue;
    }
    auto socket = net::VrrpReceiver::open(io_, interface, link->index, vrids);
    if (!socket) {
      log::error("{}", socket.error().message);
      continue;
    }
    auto receiver = std::make_shared<Receiver>();
    receiver->interface = interface;
    receiver->index = link->index;
    receiver->socket = std::move(*socket);
    receivers_.emplace(interface, receiver);
    asio::co_spawn(io_, listen(this, receiver), RoleContext::rethrow);
  }
}

asio::awaitable<void> VrrpEngine::listen(VrrpEngine* engine, std::shared_ptr<Receiver> receiver) {
  for (;;) {
    const auto error = co_await receiver->socket->readable();
    if (error || !receiver->wanted) co_return;  // cancelled
    engine->hear(*receiver);
    engine->flush();
  }
}

void VrrpEngine::hear(const Receiver& receiver) {
  const auto each = [&](std::span<const std::uint8_t> packet, Instant now) {
    on_packet(receiver.interface, packet, now);
  };
  const auto drained = receiver.socket->drain(each);
  if (!drained) log::warning("{}", drained.error().message);
}

void VrrpEngine::hear_all() {
  for (const auto& [interface, receiver] : receivers_)
    hear(*receiver);
}

void VrrpEngine::on_packet(const std::string& interface, std::span<const std::uint8_t> packet, Instant now) {
  const auto received = vrrp::decode_ipv4_packet(packet);
  if (!received) {
    if (const auto quiet = undecodable_.allow(now))
      log::warning("{}: a VRRP packet that cannot be read: {} ({} more before)", interface,
                   vrrp::users_text(received.error()), *quiet);
    return;
  }
  const auto found = instances_.find({interface, received->advertisement.vrid});
  if (found == instances_.end()) return;
  auto* instance = found->second.get();
  if (const auto why = vrrp::refusal(*received, instance->expectation())) {
    if (const auto quiet = instance->refused(*why, now))
      log::warning("({}) refused an advertisement of {}: {} ({} more before)", instance->plan().name,
                   received->source.to_string(), vrrp::users_text(*why), *quiet);
    return;
  }
  if (vrrp::address_list_differs(*received, instance->expectation())) {
    if (const auto quiet = instance->list_trouble.allow(now))
      log::warning("({}) {} advertises other addresses than we do", instance->plan().name,
                   received->source.to_string());
  }
  const auto& advertisement = received->advertisement;
  feed(instance,
       vrrp::AdvertisementReceived{received->source, advertisement.priority, advertisement.max_adver_interval});
}

void VrrpEngine::feed(VrrpInstance* instance, const vrrp::Event& event) {
  actions_.clear();
  instance->router().handle(event, Clock::now(), actions_);
  for (auto& action : actions_)
    wanted_.push_back({instance, std::move(action)});
  const auto deadline = instance->router().deadline();
  if (deadline == instance->deadline_in_queue) return;
  if (instance->deadline_in_queue) deadlines_.erase({*instance->deadline_in_queue, instance});
  if (deadline) deadlines_.emplace(*deadline, instance);
  instance->deadline_in_queue = deadline;
}

void VrrpEngine::flush() {
  if (!wanted_.empty()) {
    std::vector<WantedAction> actions;
    actions.swap(wanted_);
    if (actuator_.carry_out(actions)) renew();
    const auto is_change = [](const WantedAction& wanted) {
      return std::holds_alternative<vrrp::StateChanged>(wanted.action);
    };
    if (std::ranges::any_of(actions, is_change)) save_ledger();
    if (wanted_.empty()) {  // its memory serves the next round
      actions.clear();
      actions.swap(wanted_);
    }
  }
  arm();
}

void VrrpEngine::renew() {
  std::vector<VrrpInstance*> active;
  for (const auto& [key, instance] : instances_)
    if (instance->is_active()) active.push_back(instance.get());
  actuator_.renew(active);
}

/// The timer runs to the earliest deadline.  One that has moved away is not chased: waking once too often costs less
/// than setting the timer anew for every advertisement heard.
void VrrpEngine::arm() {
  if (stopping_ || deadlines_.empty()) return;
  const auto earliest = deadlines_.begin()->first;
  if (armed_ && *armed_ <= earliest) return;
  armed_ = earliest;
  timer_.expires_at(earliest);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) on_timer();
  });
}

void VrrpEngine::on_timer() {
  armed_.reset();
  // After any stall, what has arrived is read first, and only then is a silence judged.
  hear_all();
  if (const auto fresh = links_.refresh(); !fresh) log::warning("{}", fresh.error().message);
  settle_links();
  const auto now = Clock::now();
  std::vector<VrrpInstance*> due;
  for (const auto& [deadline, instance] : deadlines_) {
    if (deadline > now) break;
    due.push_back(instance);
  }
  for (auto* instance : due)
    feed(instance, vrrp::Tick{});
  flush();
}

void VrrpEngine::post_settle() {
  if (std::exchange(settle_posted_, true)) return;
  asio::post(io_, [this] {
    settle_posted_ = false;
    if (stopping_) return;
    hear_all();
    settle_links();
    flush();
  });
}

void VrrpEngine::settle_links() {
  const auto changed = std::exchange(changed_links_, {});
  const auto removed = std::exchange(removed_addresses_, {});
  if (!changed.empty()) {
    open_receivers();
    for (const auto& [key, instance] : instances_)
      if (changed.contains(key.interface)) follow_link(instance.get());
  }
  if (removed.empty()) return;
  std::set<std::pair<std::string, IpAddress>> missing;  // device, address
  for (const auto& [index, address] : removed)
    if (const auto* link = links_.find(index)) missing.emplace(link->name, address);
  for (const auto& [key, instance] : instances_)
    if (instance->is_active()) restore(instance.get(), missing);
}

void VrrpEngine::follow_link(VrrpInstance* instance) {
  const auto& interface = instance->key().interface;
  const auto* link = links_.find(interface);
  const bool faulty = instance->router().state() == vrrp::State::fault;
  auto trouble = link_trouble(interface, link);
  if (!trouble.empty()) {
    if (!faulty) feed(instance, vrrp::InterfaceDown{std::move(trouble)});
    return;
  }
  if (faulty) {
    feed(instance, vrrp::InterfaceUp{*link->primary_ipv4});
    return;
  }
  auto params = instance->router().params();
  if (params.primary_address == *link->primary_ipv4) return;
  params.primary_address = *link->primary_ipv4;
  feed(instance, vrrp::Reconfigure{params});
}

/// Somebody else removed addresses that an active instance holds: they are put back at once, without leaving the state.
void VrrpEngine::restore(VrrpInstance* instance, const std::set<std::pair<std::string, IpAddress>>& missing) {
  std::vector<IpAddress> lost;
  for (const auto& planned : instance->plan().addresses)
    if (missing.contains({planned.device, planned.address})) lost.push_back(planned.address);
  if (lost.empty()) return;
  VrrpInstance* const list[] = {instance};
  actuator_.acquire(list);
  for (const auto& address : lost) {
    log::warning("({}) {} was removed by somebody else; it is back", instance->plan().name, address.to_string());
    actuator_.announce(*instance, &address);
  }
}

void VrrpEngine::save_ledger() {
  VrrpLedger ledger;
  for (const auto& [key, instance] : instances_) {
    if (!instance->is_active()) continue;
    HeldInstance held{key.interface, key.vrid, {}};
    for (const auto& planned : instance->plan().addresses)
      held.addresses.push_back({planned.address, planned.prefix_length, planned.device});
    ledger.push_back(std::move(held));
  }
  if (const auto written = write_ledger(settings_.ledger, encode(ledger)); !written)
    log::error("{}", written.error().message);
}

void VrrpEngine::stop() {
  hear_all();
  flush();
  stopping_ = true;
  timer_.cancel();
  actuator_.set_end_state(NotifyState::stop);
  if (settings_.keep_vips) actuator_.keep_addresses();
  for (const auto& [key, instance] : instances_)
    feed(instance.get(), vrrp::Shutdown{});
  flush();
  for (const auto& [interface, receiver] : receivers_) {
    receiver->wanted = false;
    receiver->socket->cancel();
  }
  receivers_.clear();
}

asio::awaitable<void> VrrpEngine::watch_links() {
  co_await links_.run([](const Error& error) { log::warning("{}", error.message); });
}

}  // namespace baton::daemon
