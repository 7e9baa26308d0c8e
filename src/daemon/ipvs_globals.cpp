#include "daemon/ipvs_globals.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include "daemon/ledger.hpp"
#include "daemon/log.hpp"

namespace baton::daemon {

namespace {

/// "timeouts 900 120 300": what a former process has found; nothing when it is none of that.
std::optional<ipvs::Timeouts> decode_timeouts(const std::string& text) {
  std::istringstream words(text);
  std::string name;
  std::uint32_t tcp = 0;
  std::uint32_t tcp_fin = 0;
  std::uint32_t udp = 0;
  if (!(words >> name >> tcp >> tcp_fin >> udp) || name != "timeouts") return std::nullopt;
  return ipvs::Timeouts{std::chrono::seconds(tcp), std::chrono::seconds(tcp_fin), std::chrono::seconds(udp)};
}

std::string encode(const ipvs::Timeouts& timeouts) {
  return "timeouts " + std::to_string(timeouts.tcp.count()) + ' ' + std::to_string(timeouts.tcp_fin.count()) + ' ' +
         std::to_string(timeouts.udp.count()) + '\n';
}

}  // namespace

std::vector<ipvs::SyncDaemon> wanted_sync_daemons(const config::Config& config,
                                                  const std::map<std::string, NotifyState>& states) {
  const auto& from = config.global.lvs.lvs_sync_daemon;
  if (!from) return {};
  ipvs::SyncDaemon daemon;
  daemon.interface = from->interface;
  daemon.sync_id = from->id.value_or(0);
  daemon.maxlen = from->maxlen;
  daemon.port = from->port;
  daemon.ttl = from->ttl;
  daemon.group = from->group;
  auto other = daemon;
  other.role = ipvs::SyncRole::master;
  if (from->instance.empty()) return {other, daemon};
  const auto instance = std::ranges::find(config.vrrp_instances, from->instance, &config::VrrpInstance::name);
  if (instance == config.vrrp_instances.end()) return {};
  if (!from->id) daemon.sync_id = number(instance->vrid);
  const auto state = states.find(from->instance);
  if (state != states.end() && state->second == NotifyState::master) daemon.role = ipvs::SyncRole::master;
  return {daemon};
}

ipvs::Timeouts wanted_timeouts(const config::LvsTimeouts& configured, const ipvs::Timeouts& kernels) {
  return {configured.tcp.value_or(kernels.tcp), configured.tcpfin.value_or(kernels.tcp_fin),
          configured.udp.value_or(kernels.udp)};
}

IpvsGlobals::IpvsGlobals(std::string ledger) : ledger_(std::move(ledger)) {
  kernels_ = decode_timeouts(read_ledger(ledger_));
}

void IpvsGlobals::configure(const config::Config& config) {
  config_.global.lvs = config.global.lvs;
  config_.vrrp_instances.clear();
  const auto& daemon = config.global.lvs.lvs_sync_daemon;
  if (!daemon || daemon->instance.empty()) return;
  const auto instance = std::ranges::find(config.vrrp_instances, daemon->instance, &config::VrrpInstance::name);
  if (instance == config.vrrp_instances.end()) return;
  config_.vrrp_instances.emplace_back();
  config_.vrrp_instances.back().name = instance->name;
  config_.vrrp_instances.back().vrid = instance->vrid;
}

void IpvsGlobals::on_instance(const std::string& name, NotifyState state) {
  states_.insert_or_assign(name, state);
}

bool IpvsGlobals::keep(net::IpvsClient& client) {
  const bool timed = keep_timeouts(client, config_.global.lvs.lvs_timeouts);
  const bool synced = keep_sync_daemons(client, wanted_sync_daemons(config_, states_));
  if (timed && synced) trouble_.clear();
  return timed && synced;
}

bool IpvsGlobals::keep_timeouts(net::IpvsClient& client, const config::LvsTimeouts& wanted) {
  const bool has_any = wanted != config::LvsTimeouts{};
  if (!has_any && !kernels_) return true;
  if (!kernels_) {
    const auto now = client.read_timeouts();
    if (!now) return complain(now.error());
    kernels_ = *now;
    if (const auto kept = write_ledger(ledger_, encode(*kernels_)); !kept) log::error("{}", kept.error().message);
  }
  const auto timeouts = wanted_timeouts(wanted, *kernels_);
  if (in_force_ == timeouts) return true;
  if (const auto set = client.set(timeouts); !set) return complain(set.error());
  in_force_ = timeouts;
  return true;
}

bool IpvsGlobals::keep_sync_daemons(net::IpvsClient& client, const std::vector<ipvs::SyncDaemon>& wanted) {
  if (synced_ == wanted || (wanted.empty() && !has_synced_)) return true;
  synced_.reset();
  const auto actual = client.read_sync_daemons();
  if (!actual) return complain(actual.error());
  const auto steps = ipvs::diff(*actual, wanted);
  has_synced_ = true;
  if (const auto done = client.apply(steps); !done) return complain(done.error());
  for (const auto& step : steps)
    log::info("IPVS: {}", ipvs::to_string(step));
  synced_ = wanted;
  has_synced_ = !wanted.empty();
  return true;
}

void IpvsGlobals::stop(net::IpvsClient& client) {
  keep_timeouts(client, {});
  if (kernels_) static_cast<void>(write_ledger(ledger_, {}));
  kernels_.reset();
  keep_sync_daemons(client, {});
}

bool IpvsGlobals::complain(const Error& error) {
  if (error.message != trouble_) log::error("{}", error.message);
  trouble_ = error.message;
  return false;
}

}  // namespace baton::daemon
