// vrrp_listeners.hpp - the sockets that hear VRRP packets, one for each interface, family and protocol that instances
// need; kept as links come and go.
#pragma once

#include <compare>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "daemon/instance_plan.hpp"
#include "net/links.hpp"
#include "net/vrrp_socket.hpp"

namespace baton::daemon {

struct ListenerKey {
  std::string interface;
  Family family = Family::ipv4;
  bool has_authentication_header = false;
  std::string own_link{};  // where the instance's own link hears in its place: what comes from there reaches no other
  [[nodiscard]] const std::string& device() const { return own_link.empty() ? interface : own_link; }
  friend auto operator<=>(const ListenerKey&, const ListenerKey&) = default;
};

/// What has to be heard for these instances (pure).  With `unknown` also VRIDs that nobody has.
std::map<ListenerKey, net::ReceiverPlan> plan_listeners(const std::map<InstanceKey, PlannedInstance>& instances,
                                                        bool unknown);

class VrrpListeners {
 public:
  using OnPacket = std::function<void(const ListenerKey& where, std::span<const std::uint8_t> packet, Instant now)>;

  /// `links` outlives the listeners.  `after` is called when something was heard because it arrived, not by hear_all().
  VrrpListeners(boost::asio::io_context& io, const net::Links& links, OnPacket on_packet, std::function<void()> after);

  /// Opens, changes and closes sockets; again without a plan when links have changed.
  void set_plan(std::map<ListenerKey, net::ReceiverPlan> plan);
  void follow_links();

  /// Reads whatever has arrived.
  void hear_all();

  /// Hears nothing any more.
  void stop();

 private:
  struct Listener;
  void hear(const Listener& listener);
  void open(const ListenerKey& key, const net::ReceiverPlan& plan, IfIndex index);
  static boost::asio::awaitable<void> listen(VrrpListeners* listeners, std::shared_ptr<Listener> listener);

  boost::asio::io_context& io_;
  const net::Links& links_;
  OnPacket on_packet_;
  std::function<void()> after_;
  std::map<ListenerKey, net::ReceiverPlan> plan_;
  std::map<ListenerKey, std::shared_ptr<Listener>> listeners_;
};

}  // namespace baton::daemon
