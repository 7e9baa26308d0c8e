#include "daemon/vrrp_listeners.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>

#include "daemon/log.hpp"
#include "daemon/role.hpp"

namespace baton::daemon {

namespace asio = boost::asio;

/// Shared with its coroutine, which ends when `wanted` is false.
struct VrrpListeners::Listener {
  ListenerKey key;
  IfIndex index{};
  std::unique_ptr<net::VrrpReceiver> socket;
  bool wanted = true;
};

std::map<ListenerKey, net::ReceiverPlan> plan_listeners(const std::map<InstanceKey, PlannedInstance>& instances,
                                                        bool unknown) {
  std::map<ListenerKey, net::ReceiverPlan> plan;
  for (const auto& [key, instance] : instances) {
    const bool authentic = instance.path.ah_key.has_value();
    const auto& group = instance.path.group;
    const bool by_vmac = instance.vmac && group;
    const auto own = instance.ipvlan ? instance.ipvlan->name : by_vmac ? instance.vmac->name : std::string();
    if (by_vmac) {  // the membership that is told to the network is the interface's own
      auto& member = plan[{key.interface, key.family, authentic, {}}];
      member.family = key.family;
      member.has_authentication_header = authentic;
      if (std::ranges::find(member.groups, *group) == member.groups.end()) member.groups.push_back(*group);
    }
    auto& receiver = plan[{key.interface, key.family, authentic, own}];
    receiver.family = key.family;
    receiver.has_authentication_header = authentic;
    receiver.takes_unknown = unknown;
    receiver.wanted.push_back(key.vrid);
    if (!group)
      receiver.takes_unicast = true;
    else if (std::ranges::find(receiver.groups, *group) == receiver.groups.end())
      receiver.groups.push_back(*group);
  }
  return plan;
}

VrrpListeners::VrrpListeners(asio::io_context& io, const net::Links& links, OnPacket on_packet,
                             std::function<void()> after)
    : io_(io), links_(links), on_packet_(std::move(on_packet)), after_(std::move(after)) {}

void VrrpListeners::set_plan(std::map<ListenerKey, net::ReceiverPlan> plan) {
  plan_ = std::move(plan);
  for (auto& [key, listener] : listeners_) {
    const auto wanted = plan_.find(key);
    if (wanted == plan_.end()) continue;
    if (const auto set = listener->socket->set_plan(wanted->second); !set) log::error("{}", set.error().message);
  }
  follow_links();
}

void VrrpListeners::follow_links() {
  for (auto it = listeners_.begin(); it != listeners_.end();) {
    const auto* link = links_.find(it->first.device());
    if (plan_.contains(it->first) && link != nullptr && link->index == it->second->index) {
      ++it;
      continue;
    }
    it->second->wanted = false;
    it->second->socket->cancel();
    it = listeners_.erase(it);
  }
  for (const auto& [key, receiver] : plan_) {
    const auto* link = links_.find(key.device());
    if (link != nullptr && !listeners_.contains(key)) open(key, receiver, link->index);
  }
}

void VrrpListeners::open(const ListenerKey& key, const net::ReceiverPlan& plan, IfIndex index) {
  auto socket = net::VrrpReceiver::open(io_, key.device(), index, plan);
  if (!socket) {
    log::error("{}", socket.error().message);
    return;
  }
  auto listener = std::make_shared<Listener>();
  listener->key = key;
  listener->index = index;
  listener->socket = std::move(*socket);
  listeners_.emplace(key, listener);
  asio::co_spawn(io_, listen(this, listener), RoleContext::rethrow);
}

asio::awaitable<void> VrrpListeners::listen(VrrpListeners* listeners, std::shared_ptr<Listener> listener) {
  for (;;) {
    const auto error = co_await listener->socket->readable();
    if (error || !listener->wanted) co_return;  // cancelled
    listeners->hear(*listener);
    listeners->after_();
  }
}

void VrrpListeners::hear(const Listener& listener) {
  const auto each = [&](std::span<const std::uint8_t> packet, Instant now) { on_packet_(listener.key, packet, now); };
  const auto drained = listener.socket->drain(each);
  if (!drained) log::warning("{}", drained.error().message);
}

void VrrpListeners::hear_all() {
  for (const auto& [key, listener] : listeners_)
    hear(*listener);
}

void VrrpListeners::stop() {
  for (const auto& [key, listener] : listeners_) {
    listener->wanted = false;
    listener->socket->cancel();
  }
  listeners_.clear();
}

}  // namespace baton::daemon
