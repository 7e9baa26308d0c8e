// vrrp_tracking.hpp - watches what the instances of the vrrp role track, and says how it is: the shell around the pure
// cores (vrrp/tracking.hpp, track_scripts.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/model.hpp"
#include "daemon/messages.hpp"
#include "daemon/track_scripts.hpp"
#include "net/file_watch.hpp"
#include "net/gateway_watch.hpp"
#include "net/links.hpp"
#include "net/process_watch.hpp"
#include "vrrp/tracking.hpp"

namespace baton::daemon {

class VrrpTracking {
 public:
  struct Hooks {
    std::function<void(const RunCheck&)> run_script;
    /// A thing is otherwise than before; not from configure().  Must not destroy the tracking nor configure it.
    std::function<void(const vrrp::TrackKey&, const vrrp::TrackValue&)> on_value;
  };

  /// `links` outlives it.
  VrrpTracking(boost::asio::io_context& io, const net::Links& links, Hooks hooks);

  /// Start and reload: what is known stays known.  Afterwards value() has what is known at once.
  void configure(const config::Config& config, std::uint64_t generation);
  void stop();

  [[nodiscard]] vrrp::TrackValue value(const vrrp::TrackKey& key) const;

  /// From whoever watches things of its own kind (sessions of BFD); kept over configure().
  void set(const vrrp::TrackKey& key, const vrrp::TrackValue& value);
  /// An interface came, went, or changed its state.
  void link_changed(const std::string& name);
  void ended(const CheckEnded& end);

 private:
  void run_scripts();
  void arm();
  void script_changed(const std::optional<TrackScriptChange>& change);
  /// Those that are new to us.
  void make_files(const std::vector<config::TrackFile>& files);
  void read_file(const std::string& path, bool tell);
  void process_changed(const vrrp::ProcessChange& change);
  void gateway_changed(const std::string& name, bool up, const std::string& reason);

  const net::Links& links_;
  Hooks hooks_;
  boost::asio::steady_timer timer_;
  TrackScripts scripts_;
  net::FileWatch file_watch_;
  net::ProcessWatch process_watch_;
  net::GatewayWatch gateway_watch_;
  std::multimap<std::string, std::string> files_;  // path -> names
  std::map<vrrp::TrackKey, vrrp::TrackValue> values_;
};

}  // namespace baton::daemon
