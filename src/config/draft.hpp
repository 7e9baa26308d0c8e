// draft.hpp - objects while they are read: what was written and where, nothing inherited or defaulted yet.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/lexer.hpp"
#include "config/model.hpp"

namespace baton::config {

/// A value and the place it was written at, for what can only be judged later.
template <class T>
struct Placed {
  T value{};
  Place place;
};
template <class T>
using Written = std::optional<Placed<T>>;

/// Of drafts with `settled`: what needs no second look is stored straight into the object.
struct InstanceDraft {
  VrrpInstance settled;
  std::string name;
  Place place;
  Written<WantedState> state;
  Written<std::string> interface;
  Written<std::uint8_t> vrid, priority, version;
  Written<Duration> advert_int, preempt_delay;
  Written<bool> nopreempt;
  bool linkbeat_use_polling = false;  // old spellings of what is not the instance's own
  std::string lvs_sync_daemon_interface;
  Written<AuthType> auth_type;
  Written<std::string> auth_pass;
  Written<Family> family;                     // of the first of those addresses that must be of one
  std::size_t surplus_addresses = 0;          // beyond what an advert holds: moved to the excluded ones
  std::map<std::string_view, Place> written;  // by keyword, where settings stand that are judged together

  [[nodiscard]] bool has(std::string_view keyword) const { return written.contains(keyword); }
  [[nodiscard]] Place at(std::string_view keyword) const {
    const auto found = written.find(keyword);
    return found == written.end() ? place : found->second;
  }
};

struct SyncGroupDraft {
  SyncGroup settled;
  Place place;
  Place members_place;
  std::vector<Placed<std::string>> members;
};

/// The most addresses an advertisement holds (RFC 9568 5.2.5: eight bits).
inline constexpr std::size_t kMaxAddresses = 255;
/// The most IPv6 addresses that fit an Ethernet frame of 1500 octets beside the headers, as keepalived counts.
inline constexpr std::size_t kMaxIpv6Addresses = 89;

struct TimingDraft {
  std::optional<Duration> delay_loop, delay_before_retry, connect_timeout, warmup, latency_limit;
  std::optional<unsigned> retry;
};

struct UrlDraft {
  HttpUrl url;
  bool has_path = false;
  Place place;
  Place regex_place;  // of the first line about a regex
};

/// What the blocks of checks and the host blocks of SMTP_CHECK have in common.
struct ProbeDraft {
  Place place;
  TimingDraft timing;
  std::optional<bool> alpha, log_all_failures;
  CheckTarget target;
  Place connect_ip_place, bindto_place;
};

struct CheckDraft {
  Check settled;
  ProbeDraft probe;  // while it is read, that of the innermost block is in the builder
  std::vector<ProbeDraft> hosts;
  std::optional<ScriptIndex> misc_path;
  std::optional<std::uint32_t> misc_timeout;  // seconds
  Place misc_path_place;
  std::string user, group;
  Place name_place;  // of the track_file or bfd_instance
};

/// lb_kind and lvs_method with their tunnel.
struct Forwarding {
  LbKind kind = LbKind::nat;
  Tunnel tunnel;
};

struct RealServerDraft {
  RealServer settled;
  Place place;
  IpAddress address;
  std::optional<std::uint16_t> port;
  std::optional<int> weight;
  std::optional<Forwarding> forwarding;
  std::optional<bool> inhibit_on_failure, alpha;
  std::optional<std::chrono::seconds> slow_start;
  std::string virtualhost;
  TimingDraft timing;
  std::vector<CheckDraft> checks;
  bool has_port_of_answer = false;  // of a pool of SRV records
  bool is_left_out = false;         // a mistake that no default can stand in for; reported
};

struct ServerPoolDraft {
  PoolSource source;
  Place place;  // of the name
  std::optional<std::uint16_t> port;
  std::optional<PoolRecord> record;
  RealServerDraft server;  // while it is read, it is in the builder
};

struct SorryDraft {
  Place place;
  IpAddress address;
  std::optional<std::uint16_t> port;
  std::optional<Forwarding> forwarding;
  bool inhibit = false;
};

struct VirtualServerDraft {
  VirtualServer settled;
  Place place;
  std::uint16_t port = 0;  // of an address
  Written<Family> ip_family;
  Written<Protocol> protocol;
  std::optional<std::string> scheduler;
  std::optional<Forwarding> forwarding;
  std::optional<std::uint32_t> persistence_timeout;
  Written<Granularity> persistence_granularity;
  Written<std::string> persistence_engine;
  Written<std::uint32_t> quorum, hysteresis;
  Written<bool> ops, ha_suspend;
  bool alpha = false, inhibit_on_failure = false;
  std::optional<int> weight;
  std::string virtualhost;
  TimingDraft timing;
  std::optional<SorryDraft> sorry_server;
  std::vector<RealServerDraft> real_servers;
  std::vector<ServerPoolDraft> server_pools;
  bool is_left_out = false;
};

}  // namespace baton::config
