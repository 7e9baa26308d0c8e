// vrrp_actuator.hpp - carries out what virtual routers want: packets, addresses, announcements, log lines.
//
// Actions of many instances are carried out kind by kind (all advertisements, then all addresses, then all
// announcements), each kind as one batch: 250 instances take over in the time of one.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "daemon/announcement_lanes.hpp"
#include "daemon/messages.hpp"
#include "daemon/vrrp_instance.hpp"
#include "daemon/vrrp_kernel.hpp"
#include "net/address_leases.hpp"
#include "net/announcer.hpp"
#include "net/links.hpp"
#include "net/vrrp_socket.hpp"

namespace baton::daemon {

/// One action of one instance.
struct WantedAction {
  VrrpInstance* instance = nullptr;
  vrrp::Action action;
};

class VrrpActuator {
 public:
  using OnNotify = std::function<void(const Notify&)>;

  /// `links` and `kernel` outlive the actuator.  Throws std::system_error when the kernel refuses the sockets (start-up
  /// only).
  VrrpActuator(boost::asio::io_context& io, const net::Links& links, VrrpKernel* kernel, OnNotify on_notify);

  /// What others wait for: packets, addresses, announcements, in the order of the list within each kind.  True when the
  /// leases of all active instances are to be renewed now.
  bool carry_out(const std::vector<WantedAction>& actions);
  /// Says in the log and to the supervisor what has been carried out.
  void report(const std::vector<WantedAction>& actions) const;

  /// Renews the leases of those of the instances that have lately been able to advertise, in one batch.
  void renew(std::span<VrrpInstance* const> active);

  /// Puts the instances' addresses on their interfaces, or puts back what is missing.
  void acquire(std::span<VrrpInstance* const> instances);
  /// Gratuitous ARP and Neighbour Advertisements for all addresses of an instance, or for one.
  void announce(const VrrpInstance& instance, unsigned repeat, const IpAddress* only = nullptr);
  /// What announce() has queued.
  void send_announcements() { announcer_.send(); }
  /// Nothing more of an instance that ends.
  void forget(const VrrpInstance& instance) { announcer_.cancel(&instance); }
  void set_lanes(AnnouncementLanes lanes) { lanes_ = std::move(lanes); }

  /// Takes addresses away; `why` for the log.
  void release(std::span<const net::LeasedAddress> addresses, const std::string& why);

  /// From now on addresses that are to be released stay instead, for ever (-V).
  void keep_addresses() { keep_addresses_ = true; }
  /// How a change to Initialize is told: FAULT at a reload (with notify_deleted DELETED), STOP at a stop.
  void set_end_state(NotifyState state) { end_state_ = state; }

  /// The addresses as the kernel is to have them; those whose interface does not exist are left out, with a line.
  std::vector<net::LeasedAddress> leased(const std::string& name, std::span<const PlannedAddress> addresses,
                                         PreferredLifetimes* lifetimes = nullptr) const;
  /// All of an instance's, with what is left of their preferred lifetimes.
  std::vector<net::LeasedAddress> leased(VrrpInstance* instance) const {
    return leased(instance->plan().name, instance->plan().addresses, &instance->preferred);
  }

  /// What is on a link now.
  std::vector<net::HeldAddress> present(IfIndex link);

 private:
  void send(const std::vector<WantedAction>& actions);
  void transmit();
  bool renewal_due();
  void report(const VrrpInstance& instance, const vrrp::Action& action) const;
  void report_state(const VrrpInstance& instance, const vrrp::StateChanged& change) const;
  void report_priority(const VrrpInstance& instance, const vrrp::PriorityAdopted& change) const;
  void tell(const VrrpInstance& instance, NotifyState state) const;

  const net::Links& links_;
  VrrpKernel* kernel_;
  OnNotify on_notify_;
  net::AddressLeases leases_;
  net::Announcer announcer_;
  AnnouncementLanes lanes_;
  net::VrrpSender sender_;
  bool keep_addresses_ = false;
  NotifyState end_state_ = NotifyState::fault;
  std::vector<net::OutgoingPacket> outgoing_;  // kept, so that the steady state allocates nothing
  std::vector<VrrpInstance*> outgoing_of_;     // whose they are
  std::vector<VrrpInstance*> senders_;         // whose advertisements went out in this carry_out()
  InstanceKey leader_;                         // whose advertisements renew all leases (vrrp/lease.hpp)
  Instant last_renewal_{};
};

}  // namespace baton::daemon
