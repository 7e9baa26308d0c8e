// model.hpp - what a configuration says, typed, with the defaults filled in.  Immutable once parsed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/position.hpp"
#include "core/ids.hpp"
#include "core/ip_address.hpp"
#include "core/time.hpp"

namespace baton::config {

/// A script line: the words after quotes are resolved, the program first.  Started by its index in Config::scripts.
struct Script {
  std::vector<std::string> arguments;  // at least the program
  std::string user, group;             // empty: the default user
  Position position;
  friend bool operator==(const Script&, const Script&) = default;
};
using ScriptIndex = std::uint32_t;

struct GlobalDefs {
  std::string router_id;
  std::vector<std::string> notification_email;
  std::string notification_email_from;
  std::string smtp_server;  // address or name
  std::uint16_t smtp_port = 25;
  std::optional<Duration> smtp_connect_timeout;
  std::uint8_t vrrp_version = 2;
  bool enable_script_security = false;
  std::string script_user, script_group;
  Position script_user_position;
  friend bool operator==(const GlobalDefs&, const GlobalDefs&) = default;
};

/// rtnetlink's RT_SCOPE_*.
enum class Scope : std::uint8_t { global = 0, site = 200, link = 253, host = 254, nowhere = 255 };

struct VirtualAddress {
  IpAddress address;
  std::uint8_t prefix_length = 32;
  std::string device;  // empty: the instance's interface
  Scope scope = Scope::global;
  std::string label;                   // empty: none
  std::optional<IpAddress> broadcast;  // `brd`
  Position position;
  friend bool operator==(const VirtualAddress&, const VirtualAddress&) = default;
};

enum class WantedState : std::uint8_t { unspecified, master, backup };

struct VrrpInstance {
  std::string name;
  Position position;
  WantedState state = WantedState::unspecified;
  std::string interface;
  Position interface_position;
  Vrid vrid{};
  Priority priority = kDefaultPriority;
  Duration advert_int = std::chrono::seconds{1};
  std::uint8_t version = 2;  // 2 or 3; global vrrp_version unless said here
  std::string auth_pass;     // empty: no authentication; at most 8 octets
  std::vector<VirtualAddress> virtual_addresses;
  bool nopreempt = false;
  Duration preempt_delay{};
  std::optional<ScriptIndex> notify_master, notify_backup, notify_fault, notify_stop, notify;
  friend bool operator==(const VrrpInstance&, const VrrpInstance&) = default;
};

/// What every checker has in common; inherited checker <- real server <- virtual server <- built-in.
struct CheckTiming {
  Duration delay_loop = std::chrono::seconds{60};
  Duration delay_before_retry = std::chrono::seconds{1};
  Duration connect_timeout = std::chrono::seconds{5};
  Duration warmup = std::chrono::seconds{60};
  unsigned retry = 1;
  friend bool operator==(const CheckTiming&, const CheckTiming&) = default;
};

/// Where a probe connects to and from; absent means the real server's address and port, any source.
struct CheckTarget {
  std::optional<IpAddress> connect_ip;
  std::optional<std::uint16_t> connect_port;
  std::optional<IpAddress> bindto;
  std::optional<std::uint16_t> bind_port;
  std::string bind_if;
  std::uint32_t fwmark = 0;  // SO_MARK; 0: none
  friend bool operator==(const CheckTarget&, const CheckTarget&) = default;
};

struct TcpCheck {
  CheckTarget target;
  CheckTiming timing;
  Position position;
  friend bool operator==(const TcpCheck&, const TcpCheck&) = default;
};

struct HttpUrl {
  std::string path = "/";
  std::string digest;  // MD5 of the body, 32 hex digits; empty: not compared
  struct StatusRange {
    std::uint16_t first = 200, last = 299;
    friend bool operator==(const StatusRange&, const StatusRange&) = default;
  };
  std::vector<StatusRange> status_codes;  // empty: 200..299
  std::string virtualhost;                // empty: the checker's
  friend bool operator==(const HttpUrl&, const HttpUrl&) = default;
};

struct HttpCheck {
  bool tls = false;  // SSL_GET
  std::vector<HttpUrl> urls;
  std::string virtualhost;  // inherited; empty: ip:port
  bool enable_sni = false;
  CheckTarget target;
  CheckTiming timing;
  Position position;
  friend bool operator==(const HttpCheck&, const HttpCheck&) = default;
};

using Check = std::variant<TcpCheck, HttpCheck>;

enum class LbKind : std::uint8_t { nat, dr, tun };
enum class Protocol : std::uint8_t { tcp, udp, sctp };

struct RealServer {
  IpAddress address;
  std::uint16_t port = 0;
  int weight = 1;                // 0..65535
  LbKind lb_kind = LbKind::nat;  // the virtual server's unless said here
  bool inhibit_on_failure = false;
  std::uint32_t u_threshold = 0, l_threshold = 0;  // uthreshold, lthreshold; 0: none
  std::vector<Check> checks;
  Position position;
  friend bool operator==(const RealServer&, const RealServer&) = default;
};

struct SorryServer {
  IpAddress address;
  std::uint16_t port = 0;
  LbKind lb_kind = LbKind::nat;
  bool inhibit = false;
  Position position;
  friend bool operator==(const SorryServer&, const SorryServer&) = default;
};

struct VirtualServer {
  IpAddress address;
  std::uint16_t port = 0;
  Protocol protocol = Protocol::udp;
  std::string scheduler = "wlc";  // lb_algo
  LbKind lb_kind = LbKind::nat;
  std::optional<std::uint32_t> persistence_timeout;  // seconds; absent: not persistent
  std::uint32_t quorum = 1, hysteresis = 0;
  bool alpha = false, omega = false;
  std::string virtualhost;
  std::optional<SorryServer> sorry_server;
  std::vector<RealServer> real_servers;
  Position position;
  friend bool operator==(const VirtualServer&, const VirtualServer&) = default;
};

struct Config {
  GlobalDefs global;
  std::vector<VrrpInstance> vrrp_instances;
  std::vector<VirtualServer> virtual_servers;
  std::vector<Script> scripts;
  friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace baton::config
