// draft.hpp - objects while they are read: what was written and where, nothing inherited or defaulted yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
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
  Written<bool> auth_is_pass;  // auth_type
  Written<std::string> auth_pass;
  std::vector<VirtualAddress> virtual_addresses;
  std::size_t surplus_addresses = 0;  // beyond kMaxAddresses: counted, not kept
  std::optional<ScriptIndex> notify_master, notify_backup, notify_fault, notify_stop, notify;
};

/// The most addresses an advertisement holds (RFC 9568 5.2.5: eight bits).
inline constexpr std::size_t kMaxAddresses = 255;

struct TimingDraft {
  std::optional<Duration> delay_loop, delay_before_retry, connect_timeout, warmup;
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

struct RealServerDraft {
  RealServer settled;
  Place place;
  IpAddress address;
  std::optional<std::uint16_t> port;
  std::optional<int> weight;
  std::optional<LbKind> lb_kind;
  std::optional<bool> inhibit_on_failure;
  std::uint32_t u_threshold = 0, l_threshold = 0;
  std::string virtualhost;
  TimingDraft timing;
  std::vector<CheckDraft> checks;
  bool is_left_out = false;  // a mistake that no default can stand in for; reported
};

struct SorryDraft {
  Place place;
  IpAddress address;
  std::optional<std::uint16_t> port;
  std::optional<LbKind> lb_kind;
  bool inhibit = false;
};

struct VirtualServerDraft {
  VirtualServer settled;
  Place place;
  IpAddress address;
  std::uint16_t port = 0;
  std::optional<Protocol> protocol;
  std::optional<std::string> scheduler;
  std::optional<LbKind> lb_kind;
  std::optional<std::uint32_t> persistence_timeout;
  Written<std::uint32_t> quorum, hysteresis;
  bool alpha = false, omega = false, inhibit_on_failure = false;
  std::optional<int> weight;
  std::string virtualhost;
  TimingDraft timing;
  std::optional<SorryDraft> sorry_server;
  std::vector<RealServerDraft> real_servers;
  bool is_left_out = false;
};

}  // namespace baton::config
