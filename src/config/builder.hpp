// builder.hpp - the configuration while it is read: the object of each open block, and the way to report about it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "config/diagnostics.hpp"
#include "config/draft.hpp"
#include "config/draft_tracking.hpp"
#include "config/keyword.hpp"
#include "config/model.hpp"

namespace baton::config {

inline void append(std::string& text, std::string_view part) {
  text += part;
}
template <class Number>
requires std::is_arithmetic_v<Number>
void append(std::string& text, Number part) {
  text += std::to_string(part);
}

/// The parts of a text put together: texts and numbers.
template <class... Parts>
std::string concat(const Parts&... parts) {
  std::string text;
  (append(text, parts), ...);
  return text;
}

/// 'word', cut when it is long: words of a strange file inside a message.
std::string quoted(std::string_view word);

/// What tells virtual servers apart, and with one protocol the real servers of one.
struct EndpointKey {
  IpAddress address;
  std::uint16_t port = 0;
  Protocol protocol = Protocol::tcp;
  friend bool operator==(const EndpointKey&, const EndpointKey&) = default;
};
struct EndpointHash {
  std::size_t operator()(const EndpointKey& key) const noexcept {
    return std::hash<IpAddress>{}(key.address) * 31U + key.port * 4U + static_cast<std::size_t>(key.protocol);
  }
};

class Builder {
 public:
  explicit Builder(Diagnostics& out) : out_(&out) {}

  // The object of the innermost open block of each kind.
  InstanceDraft instance;
  VirtualAddress virtual_address;
  VirtualServerDraft server;
  RealServerDraft real_server;  // or what those of a pool have in common
  ServerPoolDraft server_pool;
  CheckDraft check;
  ProbeDraft probe;                                  // of the check, or of a host in it
  std::map<Position, std::size_t> known_when_named;  // by a FILE_CHECK or BFD_CHECK: how many objects there were
  UrlDraft url;
  UnicastPeer unicast_peer;  // of the line that is being read
  SyncGroup sync_group;
  Place sync_group_place, members_place;
  std::vector<Placed<std::string>> members;  // of sync_group
  GarpGroup garp_group;
  Place garp_group_place;
  std::unordered_set<std::string> garp_interfaces;           // of all garp_groups
  std::unordered_map<std::string, std::size_t> link_delays;  // place in interface_up_down_delays
  TrackGroup track_group;
  VrrpScript vrrp_script;
  TrackFile track_file;
  TrackProcess track_process;
  BfdInstance bfd;
  TrackGateway track_gateway;
  SslMaterial ssl;
  VirtualServerGroup server_group;
  Route route;       // of the line that is being read
  Rule rule;         // likewise
  EntryDraft entry;  // likewise
  TrackingDraft tracking;
  std::uint32_t next_preference = kFirstPreference;
  Config config;                         // globals, scripts and the virtual servers that are complete
  std::vector<InstanceDraft> instances;  // resolved at the end: global_defs may follow
  std::vector<SyncGroupDraft> sync_groups;
  std::unordered_map<std::string, Place> instance_names, sync_group_names;
  std::unordered_map<EndpointKey, Place, EndpointHash> servers;
  std::unordered_map<std::string, Place> other_servers;  // of marks and groups
  std::unordered_map<std::string, Place> server_groups;  // by name
  std::vector<VirtualServerDraft> group_services;        // resolved at the end: their groups may follow
  std::size_t emails_before = 0;                         // in notification_email, when its block was opened
  Place emails_place;

  /// The object that a setter's member belongs to.
  template <class T>
  T& current();
  /// The timing of the check, real server or virtual server that `block` is.
  TimingDraft& timing(Block block);

  void report(Severity severity, Status status, const Place& place, std::string text, std::string hint = {});
  void error(const Place& place, std::string text, std::string hint = {}) {
    report(Severity::error, Status::bad, place, std::move(text), std::move(hint));
  }
  void warn(const Place& place, std::string text, std::string hint = {}) {
    report(Severity::warning, Status::bad, place, std::move(text), std::move(hint));
  }
  /// What keepalived passes over in silence.
  void advise(const Place& place, std::string text, std::string hint = {}) {
    report(Severity::warning, Status::ok, place, std::move(text), std::move(hint));
  }
  /// keepalived does not start on this either (`status` 2), or Baton has read half of the file (6).
  void refuse(std::uint8_t status, Status as, const Place& place, std::string text, std::string hint = {});

  /// Notes a keyword that Baton does not act on; report_not_active() tells of each once, at its first place.
  void not_active(const Keyword& keyword, const Place& place);
  void report_not_active();
  /// "line 7": a place inside the text or hint of a diagnostic about another place.
  [[nodiscard]] std::string at(const Place& place) const;
  [[nodiscard]] bool would_report(Severity severity, const Place& place) const {
    return out_->would_keep(severity, place.position);
  }

 private:
  struct Seen {
    Place place;
    std::size_t count = 0;
  };
  Diagnostics* out_;
  std::unordered_map<const Keyword*, Seen> not_active_;
};

template <>
inline GlobalDefs& Builder::current<GlobalDefs>() {
  return config.global;
}
template <>
inline DaemonDefs& Builder::current<DaemonDefs>() {
  return config.daemon;
}
template <>
inline MailDefs& Builder::current<MailDefs>() {
  return config.global.mail;
}
template <>
inline VrrpDefs& Builder::current<VrrpDefs>() {
  return config.global.vrrp;
}
template <>
inline GarpDefs& Builder::current<GarpDefs>() {
  return config.global.garp;
}
template <>
inline LvsDefs& Builder::current<LvsDefs>() {
  return config.global.lvs;
}
template <>
inline ScriptDefs& Builder::current<ScriptDefs>() {
  return config.global.scripts;
}
template <>
inline FifoDefs& Builder::current<FifoDefs>() {
  return config.global.fifos;
}
template <>
inline FirewallDefs& Builder::current<FirewallDefs>() {
  return config.global.firewall;
}
template <>
inline SnmpDefs& Builder::current<SnmpDefs>() {
  return config.global.snmp;
}
template <>
inline DbusDefs& Builder::current<DbusDefs>() {
  return config.global.dbus;
}
template <>
inline ProcessesDefs& Builder::current<ProcessesDefs>() {
  return config.global.processes;
}
template <>
inline ProcessDefs<Child::vrrp>& Builder::current<ProcessDefs<Child::vrrp>>() {
  return config.global.vrrp_process;
}
template <>
inline ProcessDefs<Child::checker>& Builder::current<ProcessDefs<Child::checker>>() {
  return config.global.checker_process;
}
template <>
inline ProcessDefs<Child::bfd>& Builder::current<ProcessDefs<Child::bfd>>() {
  return config.global.bfd_process;
}
template <>
inline BufferDefs& Builder::current<BufferDefs>() {
  return config.global.buffers;
}
template <>
inline FileDefs& Builder::current<FileDefs>() {
  return config.global.files;
}
template <>
inline InstanceDraft& Builder::current<InstanceDraft>() {
  return instance;
}
template <>
inline VirtualAddress& Builder::current<VirtualAddress>() {
  return virtual_address;
}
template <>
inline VirtualServerDraft& Builder::current<VirtualServerDraft>() {
  return server;
}
template <>
inline RealServerDraft& Builder::current<RealServerDraft>() {
  return real_server;
}
template <>
inline CheckDraft& Builder::current<CheckDraft>() {
  return check;
}
template <>
inline ProbeDraft& Builder::current<ProbeDraft>() {
  return probe;
}
template <>
inline CheckTarget& Builder::current<CheckTarget>() {
  return probe.target;
}
template <>
inline HttpCheck& Builder::current<HttpCheck>() {
  return std::get<HttpCheck>(check.settled);
}
template <>
inline MiscCheck& Builder::current<MiscCheck>() {
  return std::get<MiscCheck>(check.settled);
}
template <>
inline SmtpCheck& Builder::current<SmtpCheck>() {
  return std::get<SmtpCheck>(check.settled);
}
template <>
inline UdpCheck& Builder::current<UdpCheck>() {
  return std::get<UdpCheck>(check.settled);
}
template <>
inline DnsCheck& Builder::current<DnsCheck>() {
  return std::get<DnsCheck>(check.settled);
}
template <>
inline FileCheck& Builder::current<FileCheck>() {
  return std::get<FileCheck>(check.settled);
}
template <>
inline BfdCheck& Builder::current<BfdCheck>() {
  return std::get<BfdCheck>(check.settled);
}
template <>
inline HttpUrl& Builder::current<HttpUrl>() {
  return url.url;
}
template <>
inline VrrpInstance& Builder::current<VrrpInstance>() {
  return instance.settled;
}
template <>
inline Announcing& Builder::current<Announcing>() {
  return instance.settled.announcing;
}
template <>
inline AuthHmac& Builder::current<AuthHmac>() {
  return *instance.settled.auth_hmac;
}
template <>
inline UnicastPeer& Builder::current<UnicastPeer>() {
  return unicast_peer;
}
template <>
inline VirtualServer& Builder::current<VirtualServer>() {
  return server.settled;
}
template <>
inline RealServer& Builder::current<RealServer>() {
  return real_server.settled;
}
template <>
inline PoolSource& Builder::current<PoolSource>() {
  return server_pool.source;
}
template <>
inline SyncGroup& Builder::current<SyncGroup>() {
  return sync_group;
}
template <>
inline GarpGroup& Builder::current<GarpGroup>() {
  return garp_group;
}
template <>
inline TrackGroup& Builder::current<TrackGroup>() {
  return track_group;
}
template <>
inline VrrpScript& Builder::current<VrrpScript>() {
  return vrrp_script;
}
template <>
inline TrackFile& Builder::current<TrackFile>() {
  return track_file;
}
template <>
inline TrackProcess& Builder::current<TrackProcess>() {
  return track_process;
}
template <>
inline BfdInstance& Builder::current<BfdInstance>() {
  return bfd;
}
template <>
inline TrackGateway& Builder::current<TrackGateway>() {
  return track_gateway;
}
template <>
inline SslMaterial& Builder::current<SslMaterial>() {
  return ssl;
}
template <>
inline VirtualServerGroup& Builder::current<VirtualServerGroup>() {
  return server_group;
}
template <>
inline Route& Builder::current<Route>() {
  return route;
}
template <>
inline Rule& Builder::current<Rule>() {
  return rule;
}
template <>
inline Nexthop& Builder::current<Nexthop>() {
  return entry.nexthop;
}
template <>
inline EncapIp& Builder::current<EncapIp>() {
  return entry.encap_ip;
}

/// Resolves, validates and moves what was read into `config`; called once, after the last line.
void resolve_instances(Builder& builder);
/// After resolve_instances(): groups have members that there are.
void resolve_sync_groups(Builder& builder);
/// After all instances and groups: what track_* blocks and track_group name.
void resolve_tracking(Builder& builder);
/// Likewise for the virtual server whose block has just ended.
void resolve_server(Builder& builder);
/// And for those of groups, after the last line.
void resolve_group_services(Builder& builder);

}  // namespace baton::config
