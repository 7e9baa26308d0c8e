// messages.hpp - what the processes of Baton say to each other, as values and as bytes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/server_pool.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "ipvs/model.hpp"

namespace baton::daemon {

enum class Role : std::uint8_t { supervisor, vrrp, checkers, ipvs, control };
inline constexpr std::size_t kRoles = 5;

std::string_view name(Role role);
std::optional<Role> role_named(std::string_view name);

/// supervisor -> role: the configuration to put into force; its text is a sealed memfd that travels with the message.
struct Configure {
  std::uint64_t generation = 0;
  friend bool operator==(const Configure&, const Configure&) = default;
};

/// role -> supervisor: the configuration of this generation is in force.
struct Configured {
  std::uint64_t generation = 0;
  friend bool operator==(const Configured&, const Configured&) = default;
};

/// checkers -> ipvs: a server is up or down; ipvs -> checkers: what it held last, for a checkers role that was
/// restarted.
struct Verdict {
  ipvs::ServiceKey service;
  ipvs::DestKey server;
  bool up = false;
  std::optional<std::uint16_t> weight;  // effective: what checks made of it; absent: as configured
  std::string reason;                   // at most kMaxReason octets; encode() cuts it
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// supervisor -> every other role: this role was (re)started and knows nothing; who owes it a snapshot sends one.
struct RoleStarted {
  Role role = Role::supervisor;
  friend bool operator==(const RoleStarted&, const RoleStarted&) = default;
};

enum class NotifyState : std::uint8_t {
  master,
  backup,
  fault,
  stop,
  deleted,
  master_rx_lower_pri,  // a master has heard a weaker one
  master_priority,      // its priority alone has changed
  backup_priority
};
inline constexpr std::size_t kNotifyStates = 8;
/// "MASTER", "BACKUP", "FAULT", "STOP", "DELETED", "MASTER_RX_LOWER_PRI" ...
std::string_view name(NotifyState state);

/// vrrp -> supervisor: an instance or a sync group changed its state; the supervisor finds the scripts in its own
/// configuration.
struct Notify {
  std::string instance;  // its name; at most kMaxName octets
  NotifyState state = NotifyState::stop;
  Priority priority = 0;  // effective; of a group 0
  bool is_group = false;
  friend bool operator==(const Notify&, const Notify&) = default;
};

/// supervisor -> role: tidy up and end.
struct Stop {
  friend bool operator==(const Stop&, const Stop&) = default;
};

/// When the events come.
enum class PoolMoment : std::uint8_t {
  start,   // of the daemon, or of a service in a reload
  change,  // a check's, or a reload's of a service that goes on
  removal  // of the service, or the daemon's stop
};

/// ipvs -> supervisor: a real server was taken in or out; the supervisor finds whom to tell in its own configuration.
struct ServerNotify {
  ipvs::ServiceKey service;
  ipvs::DestKey server;
  bool up = false;
  PoolMoment moment = PoolMoment::change;
  std::string reason{};  // the check's, for mails; at most kMaxReason octets, encode() cuts it; may be empty
  friend bool operator==(const ServerNotify&, const ServerNotify&) = default;
};

/// ipvs -> supervisor: a virtual server has gained or lost its quorum.
struct QuorumNotify {
  ipvs::ServiceKey service;
  bool up = false;
  PoolMoment moment = PoolMoment::change;
  std::uint64_t live = 0;  // the sum of the weights, for mails
  friend bool operator==(const QuorumNotify&, const QuorumNotify&) = default;
};

/// checkers -> supervisor: run the script of a MISC_CHECK; vrrp -> supervisor: of a vrrp_script; answered with one
/// CheckEnded.
struct RunCheck {
  std::uint64_t run = 0;         // the sender's number of this run
  std::uint64_t generation = 0;  // of the configuration that `script` is an index of
  std::uint32_t script = 0;
  std::chrono::milliseconds timeout{60'000};  // then TERM, and KILL if that is not heeded
  friend bool operator==(const RunCheck&, const RunCheck&) = default;
};

/// How a script ended.
enum class ScriptEnd : std::uint8_t {
  exited,     // by itself
  signalled,  // by a signal that was not ours
  timed_out,  // by our TERM or KILL
  not_run     // it could not be started: says nothing of the server
};

/// supervisor -> checkers, vrrp: the answer to RunCheck.
struct CheckEnded {
  std::uint64_t run = 0;
  ScriptEnd end = ScriptEnd::not_run;
  std::uint8_t code = 0;  // exited: its status; signalled: the signal
  std::string reason;     // not_run: why; at most kMaxReason octets, encode() cuts it
  friend bool operator==(const CheckEnded&, const CheckEnded&) = default;
};

/// checkers -> supervisor: DNS names these servers for pools; supervisor -> checkers, ipvs: the last answer.  It is
/// said before the configuration that asks for it.
struct PoolAnswer {
  config::PoolQuestion question;    // its name: at most kMaxName octets
  std::vector<PoolServer> servers;  // at most kMaxPoolServers, sorted, each once
  friend bool operator==(const PoolAnswer&, const PoolAnswer&) = default;
};

/// vrrp -> checkers: a BFD session that BFD_CHECKs may follow has come up or gone down.
struct BfdState {
  std::string session;  // its name; at most kMaxName octets
  bool up = false;
  friend bool operator==(const BfdState&, const BfdState&) = default;
};

using Message = std::variant<Configure, Configured, Verdict, RoleStarted, Notify, Stop, ServerNotify, QuorumNotify,
                             RunCheck, CheckEnded, PoolAnswer, BfdState>;
/// "Verdict": for logs.
std::string_view name(const Message& message);

struct Envelope {
  Role from = Role::supervisor;
  Role to = Role::supervisor;
  Message message;
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

inline constexpr std::size_t kMaxMessage = 8192;  // octets on the channel; the longest, a PoolAnswer, needs 5,700
inline constexpr std::size_t kMaxReason = 256;
inline constexpr std::size_t kMaxName = 255;

/// Names longer than kMaxName and too many servers are refused, reasons are cut.
Result<std::vector<std::byte>> encode(const Envelope& envelope);
/// Refuses what is not exactly one well-formed message.
Result<Envelope> decode(std::span<const std::byte> bytes);

/// Whether `from` may say this to `to`: the supervisor passes nothing else on, so that a role that was taken over by a
/// hostile answer can do no more than lie in its own words.
bool may_send(Role from, Role to, const Message& message);

}  // namespace baton::daemon
