// vrrp_engine.hpp - all virtual routers of the vrrp role: feeds them what the network and the clock say, has carried
// out what they want.  Decides nothing itself.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/model.hpp"
#include "daemon/duplicate_watch.hpp"
#include "daemon/ledger.hpp"
#include "daemon/vrrp_actuator.hpp"
#include "daemon/vrrp_groups.hpp"
#include "daemon/vrrp_instance.hpp"
#include "daemon/vrrp_kernel.hpp"
#include "daemon/vrrp_listeners.hpp"
#include "daemon/vrrp_tracking.hpp"
#include "net/links.hpp"

namespace baton::daemon {

class VrrpEngine {
 public:
  struct Settings {
    std::string ledger;  // its path
    std::string kernel_ledger;
    bool keep_vips = false;  // -V: at a stop the addresses stay, for ever
    /// Has the supervisor run a vrrp_script; empty: none is run.
    std::function<void(const RunCheck&)> run_script{};
  };

  /// Throws std::system_error when the kernel refuses the sockets (start-up only).
  VrrpEngine(boost::asio::io_context& io, Settings settings, VrrpActuator::OnNotify on_notify);
  ~VrrpEngine();
  VrrpEngine(const VrrpEngine&) = delete;
  VrrpEngine& operator=(const VrrpEngine&) = delete;

  /// Start and reload: instances that stay keep their state.  At the first call, instances that the ledger calls master
  /// and whose addresses are still there are adopted.
  void configure(const config::Config& config, std::uint64_t generation);

  /// A tracked script has ended.
  void script_ended(const CheckEnded& end) { tracking_.ended(end); }
  /// How a tracked thing is that somebody else watches (a session of BFD); one that is tracked and not known yet holds
  /// its instances back.
  void set_tracked(const vrrp::TrackKey& key, const vrrp::TrackValue& value) { tracking_.set(key, value); }

  /// Every active router resigns and its addresses go.  Nothing is sent or heard afterwards.
  void stop();

  /// The link watch, until stop(): spawned once by the owner, who keeps *this until it has completed.
  boost::asio::awaitable<void> watch_links();

 private:
  // start and reload
  void retire_all_but(const std::map<InstanceKey, PlannedInstance>& plan);
  void update(VrrpInstance* instance, const PlannedInstance& before);
  void start(VrrpInstance* instance);
  void go_on(VrrpInstance* instance);
  std::set<InstanceKey> adopt_former(const std::map<InstanceKey, PlannedInstance>& plan);
  void set_virtual_addresses(const std::map<InstanceKey, PlannedInstance>& plan, const VrrpLedger& former);

  // events
  void feed(VrrpInstance* instance, const vrrp::Event& event) { feed_at(instance, event, Clock::now()); }
  void feed_at(VrrpInstance* instance, const vrrp::Event& event, Instant now);
  void tracked(const vrrp::TrackKey& key, const vrrp::TrackValue& value);
  void assess(VrrpInstance* instance, const std::string& why);
  [[nodiscard]] std::string link_trouble(const VrrpInstance& instance) const;
  void note_address(const IpAddress& address);
  void apply(VrrpInstance* instance, const std::string& why);
  [[nodiscard]] bool is_held_back(VrrpInstance* instance) const;
  void on_packet(const ListenerKey& where, std::span<const std::uint8_t> packet, Instant now);
  void on_unknown(const ListenerKey& where, Instant now);
  void announce(const VrrpInstance& instance, std::span<const IpAddress> addresses);
  VrrpInstance* choose(const ListenerKey& where, std::span<const std::uint8_t> packet,
                       std::optional<vrrp::Refusal>* why) const;
  void on_claim(const std::string& device, const vrrp::AddressClaim& claim);
  void post_settle();
  void settle_links();
  void restore(VrrpInstance* instance, const std::set<std::pair<std::string, IpAddress>>& missing);
  void on_timer();
  std::vector<VrrpInstance*> hear_and_find_due();
  void act();
  void flush();
  void renew();
  void renew_some();
  void arm();
  void save_ledger();

  boost::asio::io_context& io_;
  Settings settings_;
  net::Links links_;
  VrrpKernel kernel_;
  VrrpActuator::OnNotify on_notify_;
  VrrpActuator actuator_;
  VrrpTracking tracking_;
  VrrpGroups groups_;
  boost::asio::steady_timer timer_;
  std::optional<Instant> armed_;
  std::map<InstanceKey, std::unique_ptr<VrrpInstance>> instances_;
  VrrpListeners listeners_;
  DuplicateWatch duplicates_;
  vrrp::Received received_;                                // of one packet; kept for its memory
  std::set<std::pair<Instant, VrrpInstance*>> deadlines_;  // earliest first
  std::vector<WantedAction> wanted_;                       // since the last act()
  std::vector<WantedAction> done_;                         // carried out, not yet told of
  std::vector<vrrp::Action> actions_;                      // of one event; kept for its memory
  std::set<std::string> changed_links_;                    // reported, not yet acted upon
  std::vector<std::pair<IfIndex, IpAddress>> removed_addresses_;
  std::set<IpAddress> followed_sources_, changed_sources_;  // of track_src_ip; come or gone, not yet acted upon
  RateLimit undecodable_{std::chrono::seconds{10}};
  RateLimit unknown_{std::chrono::milliseconds{100}};
  Duration startup_delay_{};
  std::vector<InstanceKey> renewing_;  // whose leases are to be renewed; the next one last
  bool renewal_due_ = false;
  bool is_in_rounds_ = false;  // of on_timer(), which tells afterwards
  bool settle_posted_ = false;
  bool configured_ = false;
  bool stopping_ = false;
};

}  // namespace baton::daemon
