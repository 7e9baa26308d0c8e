// model_global.hpp - what holds for the whole daemon: global_defs, and the keywords of the top level that are no
// blocks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/model_script.hpp"
#include "config/position.hpp"
#include "core/ip_address.hpp"
#include "core/time.hpp"

namespace baton::config {

/// Alert mails, and who is told what by default.
struct MailDefs {
  std::vector<std::string> notification_email;
  std::string notification_email_from;
  std::string smtp_server;  // address or name
  std::uint16_t smtp_port = 25;
  std::string smtp_helo_name;
  std::optional<Duration> smtp_connect_timeout;
  std::optional<bool> smtp_alert, smtp_alert_vrrp, smtp_alert_checker;  // absent: each kind as it is by itself
  bool no_email_faults = false, no_checker_emails = false;
  friend bool operator==(const MailDefs&, const MailDefs&) = default;
};

/// dynamic_interfaces: whether interfaces need not exist, and may come again as another type.
enum class DynamicInterfaces : std::uint8_t { off, on, allow_if_changes };

/// What instances inherit, and what holds for all of them together.
struct VrrpDefs {
  IpAddress vrrp_mcast_group4 = IpAddress::v4({224, 0, 0, 18});
  IpAddress vrrp_mcast_group6 = IpAddress::v6({0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12});
  std::uint8_t vrrp_down_timer_adverts = 3;
  bool vrrp_lower_prio_no_advert = false, vrrp_higher_prio_send_advert = false;
  bool vrrp_check_unicast_src = false, vrrp_skip_check_adv_addr = false, vrrp_strict = false;
  bool vrrp_notify_priority_changes = false, vrrp_owner_ignore_adverts = false, v3_checksum_as_v2 = false;
  Duration vrrp_startup_delay{}, vrrp_delay_after_boot{};
  bool log_unknown_vrids = false, disable_local_igmp = false;
  DynamicInterfaces dynamic_interfaces = DynamicInterfaces::off;
  std::string default_interface;              // empty: eth0
  std::string vmac_prefix, vmac_addr_prefix;  // empty: vrrp
  friend bool operator==(const VrrpDefs&, const VrrpDefs&) = default;
};

/// Gratuitous ARP and unsolicited neighbour advertisements, where an instance does not say otherwise.
struct GarpDefs {
  std::chrono::seconds vrrp_garp_master_delay{5}, vrrp_garp_master_refresh{};
  std::uint32_t vrrp_garp_master_repeat = 5, vrrp_garp_master_refresh_repeat = 1;
  std::optional<std::chrono::seconds> vrrp_garp_lower_prio_delay;  // absent: the delay after becoming master
  std::optional<std::uint32_t> vrrp_garp_lower_prio_repeat;        // likewise
  Duration vrrp_garp_interval{}, vrrp_gna_interval{};              // on each interface; 0: none
  bool vrrp_min_garp = false;                                      // one of each, no second burst
  std::chrono::seconds vrrp_garp_extra_if{};                       // 0: none
  bool vrrp_garp_extra_all = false;                                // also on other interfaces with virtual addresses
  friend bool operator==(const GarpDefs&, const GarpDefs&) = default;
};

enum class Child : std::uint8_t { vrrp, checker, bfd };

/// How one of the processes runs.
template <Child>
struct ProcessDefs {
  std::string name;
  std::optional<std::int8_t> priority;  // nice
  bool no_swap = false;
  std::optional<std::uint8_t> rt_priority;
  std::vector<std::uint16_t> cpu_affinity;     // empty: all
  std::optional<std::uint32_t> rlimit_rttime;  // microseconds
  friend bool operator==(const ProcessDefs&, const ProcessDefs&) = default;
};

/// The scripts of the daemon as a whole.
struct ScriptDefs {
  std::optional<ScriptIndex> startup_script, shutdown_script;
  std::chrono::seconds startup_script_timeout{10}, shutdown_script_timeout{10};
  bool use_symlink_paths = false, set_supplementary_groups = false;
  friend bool operator==(const ScriptDefs&, const ScriptDefs&) = default;
};

/// A named pipe that is told of events.
struct NotifyFifo {
  std::string path;
  std::string user, group;  // its owners; empty: the daemon's
  friend bool operator==(const NotifyFifo&, const NotifyFifo&) = default;
};

struct FifoDefs {
  std::optional<NotifyFifo> notify_fifo, vrrp_notify_fifo, lvs_notify_fifo;
  std::optional<ScriptIndex> notify_fifo_script, vrrp_notify_fifo_script, lvs_notify_fifo_script;
  bool fifo_write_vrrp_states_on_reload = false;
  friend bool operator==(const FifoDefs&, const FifoDefs&) = default;
};

/// lvs_timeouts: of connections; absent: as the kernel has them.
struct LvsTimeouts {
  std::optional<std::chrono::seconds> tcp, tcpfin, udp;
  friend bool operator==(const LvsTimeouts&, const LvsTimeouts&) = default;
};

/// lvs_sync_daemon: the kernel's exchange of connections between directors.
struct LvsSyncDaemon {
  std::string interface;
  std::string instance;            // whose state it follows; empty: it sends and receives always
  std::optional<std::uint8_t> id;  // absent: the VRID of the instance
  std::optional<std::uint16_t> maxlen, port;
  std::optional<std::uint8_t> ttl;
  std::optional<IpAddress> group;
  Position position;
  friend bool operator==(const LvsSyncDaemon&, const LvsSyncDaemon&) = default;
};

enum class FlushOnStop : std::uint8_t { off, all, virtual_servers };

struct LvsDefs {
  LvsTimeouts lvs_timeouts;
  bool lvs_flush = false;
  FlushOnStop lvs_flush_on_stop = FlushOnStop::off;
  std::optional<LvsSyncDaemon> lvs_sync_daemon;
  bool rs_init_notifies = false, checker_log_all_failures = false;
  friend bool operator==(const LvsDefs&, const LvsDefs&) = default;
};

/// vrrp_iptables: the chains; both are empty where none is named.
struct Iptables {
  std::string in = "INPUT", out = "OUTPUT";
  friend bool operator==(const Iptables&, const Iptables&) = default;
};

/// The packet filter, and the marks it gives to virtual server groups.
struct FirewallDefs {
  std::optional<std::string> nftables, nftables_ipvs;  // the table; empty: keepalived, keepalived_ipvs
  std::int32_t nftables_priority = -1, nftables_ipvs_priority = -1;
  bool nftables_ifindex = false, nftables_counters = false;
  std::uint32_t nftables_ipvs_start_fwmark = 1000;
  std::optional<Iptables> vrrp_iptables;
  std::optional<std::vector<std::string>> vrrp_ipsets;  // empty: no ipsets are used
  friend bool operator==(const FirewallDefs&, const FirewallDefs&) = default;
};

struct SnmpDefs {
  std::string snmp_socket;
  bool enable_traps = false, enable_snmp_vrrp = false, enable_snmp_rfc = false, enable_snmp_rfcv2 = false;
  bool enable_snmp_rfcv3 = false, enable_snmp_checker = false;
  Duration snmp_vs_stats_update_interval = std::chrono::seconds{5};
  std::optional<Duration> snmp_rs_stats_update_interval;  // absent: the former
  friend bool operator==(const SnmpDefs&, const SnmpDefs&) = default;
};

struct DbusDefs {
  bool enable_dbus = false;
  std::string dbus_service_name;  // empty: org.keepalived.Vrrp1
  std::string dbus_no_interface_name;
  friend bool operator==(const DbusDefs&, const DbusDefs&) = default;
};

/// vrrp_rx_bufs_policy: how large the receive buffer of an instance is.
struct RxBufs {
  bool mtu = false, advert = false;
  std::optional<std::uint32_t> size;  // octets; wins over both
  friend bool operator==(const RxBufs&, const RxBufs&) = default;
};

/// Receive buffers of sockets, in octets; absent: the system's.
struct BufferDefs {
  std::optional<std::uint32_t> vrrp_netlink_cmd, vrrp_netlink_monitor, process_monitor, lvs_netlink_cmd,
      lvs_netlink_monitor;
  bool vrrp_netlink_cmd_force = false, vrrp_netlink_monitor_force = false, process_monitor_force = false;
  bool lvs_netlink_cmd_force = false, lvs_netlink_monitor_force = false;
  RxBufs vrrp_rx_bufs_policy;
  std::uint32_t vrrp_rx_bufs_multiplier = 3;
  friend bool operator==(const BufferDefs&, const BufferDefs&) = default;
};

/// Reading again, and what is written to files.
struct FileDefs {
  std::optional<std::string> reload_check_config;  // its log; empty: none
  std::optional<std::string> reload_file;          // empty: the name of the pid file with .reload
  std::string reload_time_file;
  bool reload_repeat = false;
  std::string config_save_dir, tmp_config_directory;
  bool data_use_instance = false;
  std::uint8_t json_version = 1;
  std::string iproute_usr_dir, iproute_etc_dir;
  std::string state_dump_file, stats_dump_file, json_dump_file;
  std::optional<std::uint16_t> umask;
  std::optional<std::uint32_t> random_seed;
  friend bool operator==(const FileDefs&, const FileDefs&) = default;
};

/// Names and priorities that all processes share.
struct ProcessesDefs {
  bool process_names = false;
  std::string process_name;
  std::int8_t max_auto_priority = 0;
  std::optional<std::uint32_t> min_auto_priority_delay;  // microseconds
  friend bool operator==(const ProcessesDefs&, const ProcessesDefs&) = default;
};

/// global_defs.  Members have the names of the keywords.
struct GlobalDefs {
  std::string router_id;
  std::uint8_t vrrp_version = 2;
  bool enable_script_security = false;
  std::string script_user, script_group;
  Position script_user_position;
  MailDefs mail;
  VrrpDefs vrrp;
  GarpDefs garp;
  LvsDefs lvs;
  ScriptDefs scripts;
  FifoDefs fifos;
  FirewallDefs firewall;
  SnmpDefs snmp;
  DbusDefs dbus;
  ProcessesDefs processes;
  ProcessDefs<Child::vrrp> vrrp_process;
  ProcessDefs<Child::checker> checker_process;
  ProcessDefs<Child::bfd> bfd_process;
  BufferDefs buffers;
  FileDefs files;
  friend bool operator==(const GlobalDefs&, const GlobalDefs&) = default;
};

struct NamedInterface {
  std::string name;
  Position position;
  friend bool operator==(const NamedInterface&, const NamedInterface&) = default;
};

/// garp_group: interfaces that share the spacing of gratuitous ARP.
struct GarpGroup {
  Duration garp_interval{}, gna_interval{};  // 0: none
  std::vector<NamedInterface> interface;     // each waits for itself
  std::vector<NamedInterface> interfaces;    // these wait for one another
  Position position;
  friend bool operator==(const GarpGroup&, const GarpGroup&) = default;
};

/// linkbeat_interfaces: an interface whose link state is asked for again and again.
struct LinkbeatInterface {
  NamedInterface interface;
  std::string method;  // MII, ETHTOOL, IOCTL; empty: whichever works
  friend bool operator==(const LinkbeatInterface&, const LinkbeatInterface&) = default;
};

/// interface_up_down_delays: how long a change of the link state must last.
struct LinkDelay {
  NamedInterface interface;
  Duration down{}, up{};
  friend bool operator==(const LinkDelay&, const LinkDelay&) = default;
};

/// The keywords of the top level that are no blocks.
struct DaemonDefs {
  bool linkbeat_use_polling = false;
  std::string net_namespace;
  std::optional<std::string> net_namespace_ipvs;  // empty: the one that the daemon was started in
  bool namespace_with_ipsets = false, use_pid_dir = false;
  std::string instance;
  std::chrono::seconds child_wait_time{5};
  std::vector<LinkbeatInterface> linkbeat_interfaces;
  std::vector<LinkDelay> interface_up_down_delays;
  friend bool operator==(const DaemonDefs&, const DaemonDefs&) = default;
};

}  // namespace baton::config
