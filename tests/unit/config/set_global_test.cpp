#include <doctest/doctest.h>

#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

TEST_CASE("global_defs, all of it") {
  const Parsed parsed =
      read(globals("router_id LVS_1\nnotification_email {\na@b\nc@d\n}\nnotification_email_from \"Me "
                   "<e@f>\"\nsmtp_server 192.0.2.25 2525\n"
                   "smtp_connect_timeout 7\nvrrp_version 3\nenable_script_security\nscript_user nobody nogroup"));
  CHECK(said(parsed).empty());
  const GlobalDefs& global = parsed.config.global;
  CHECK(global.router_id == "LVS_1");
  CHECK(global.mail.notification_email == std::vector<std::string>{"a@b", "c@d"});
  CHECK(global.mail.notification_email_from == "Me <e@f>");
  CHECK(global.mail.smtp_server == "192.0.2.25");
  CHECK(global.mail.smtp_port == 2525);
  CHECK(global.mail.smtp_connect_timeout == std::chrono::seconds(7));
  CHECK(global.vrrp_version == 3);
  CHECK(global.enable_script_security);
  CHECK(global.script_user == "nobody");
  CHECK(global.script_group == "nogroup");
  CHECK(global.script_user_position == Position{0, 12, 13});
}

TEST_CASE("global_defs, none of it") {
  const GlobalDefs global = read("").config.global;
  CHECK(global.router_id.empty());
  CHECK(global.mail.notification_email.empty());
  CHECK(global.mail.smtp_port == 25);
  CHECK_FALSE(global.mail.smtp_connect_timeout.has_value());
  CHECK(global.vrrp_version == 2);
  CHECK_FALSE(global.enable_script_security);
  CHECK(global.script_user.empty());
}

TEST_CASE("a mail server may be a name, and is not looked up") {
  const Parsed parsed = read(globals("smtp_server mail.example.invalid"));
  CHECK(said(parsed).empty());
  CHECK(parsed.config.global.mail.smtp_server == "mail.example.invalid");
}

TEST_CASE("a wrong port of the mail server costs the line") {
  const Parsed parsed = read(globals("smtp_server 192.0.2.25 99999"));
  CHECK(said(parsed) == "2:24 error 5: smtp_server: the port must be 1 to 65535, not '99999' (the line is ignored)\n");
  CHECK(parsed.config.global.mail.smtp_server.empty());
}

TEST_CASE("a connection takes time") {
  const Parsed parsed = read(globals("smtp_connect_timeout 0"));
  CHECK(said(parsed) == "2:22 warning 5: smtp_connect_timeout 0 is taken for 1 s (a connection takes time)\n");
  CHECK(parsed.config.global.mail.smtp_connect_timeout == std::chrono::seconds(1));
}

TEST_CASE("an empty notification_email is reported, also when another one holds addresses") {
  CHECK(said(read(globals("notification_email {\na@b\n}\nnotification_email {\n}"))) ==
        "5:1 warning 5: notification_email holds no address (write one per line between the braces)\n");
}

TEST_CASE("versions are 2 and 3") {
  CHECK(said(read(globals("vrrp_version 5"))) ==
        "2:14 error 5: vrrp_version must be 2 to 3, not '5' (the line is ignored)\n");
}

TEST_CASE("global_defs holds for instances before it, too") {
  const Parsed parsed = read(instance("") + globals("vrrp_version 3"));
  CHECK(parsed.config.vrrp_instances.at(0).version == 3);
}

/// What is said of a line of global_defs, apart from that Baton does not act on it.
std::string said_of(const std::string& line) {
  std::string text;
  const Parsed parsed = read(globals(line));
  for (const Diagnostic& d : parsed.diagnostics.all())
    if (d.status != Status::not_active) text += std::to_string(static_cast<int>(d.status)) + " " + d.text + "\n";
  return text;
}

GlobalDefs of(const std::string& lines) {
  return read(globals(lines)).config.global;
}

TEST_CASE("an interval of 0, as distributions ship it, is the default and no mistake") {
  CHECK(said_of("vrrp_garp_interval 0\nvrrp_gna_interval 0").empty());
  CHECK(of("vrrp_garp_interval 0.5").garp.vrrp_garp_interval == std::chrono::milliseconds(500));
  CHECK(said_of("vrrp_garp_interval 4295") == "5 vrrp_garp_interval must be 0 to 4294.967295 s, not '4295'\n");
}

TEST_CASE("numbers that keepalived brings into their range are brought there") {
  CHECK(said_of("vrrp_garp_master_repeat 0").find("5 vrrp_garp_master_repeat must be 1 ") == 0);
  CHECK(of("vrrp_garp_master_repeat 0").garp.vrrp_garp_master_repeat == 1);
  CHECK(said_of("vrrp_rt_priority 100") == "5 vrrp_rt_priority must be 1 to 99, not '100'\n");
  CHECK(of("vrrp_rt_priority 100").vrrp_process.rt_priority == 99);
  CHECK(of("bfd_rt_priority -3").bfd_process.rt_priority == 1);
  CHECK_FALSE(of("checker_rt_priority x").checker_process.rt_priority.has_value());
  CHECK(said_of("vrrp_priority 20") == "5 vrrp_priority must be -20 to 19, not '20'\n");
}

TEST_CASE("the names of processes are cut as the kernel cuts them") {
  CHECK(said_of("process_name abcdefghijklmnop") == "5 process_name has at most 15 octets\n");
  CHECK(of("process_name abcdefghijklmnop").processes.process_name == "abcdefghijklmno");
  CHECK(said_of("lvs_process_name lvs") == "0 'lvs_process_name' is an old spelling\n");
  CHECK(of("lvs_process_name lvs").checker_process.name == "lvs");
}

TEST_CASE("processors are numbers, each once") {
  CHECK(of("vrrp_cpu_affinity 3 1 3").vrrp_process.cpu_affinity == std::vector<std::uint16_t>{1, 3});
  CHECK(said_of("vrrp_cpu_affinity 1 x") == "5 vrrp_cpu_affinity: a processor is a number, 0 to 1023, not 'x'\n");
  CHECK(of("vrrp_cpu_affinity 1 x").vrrp_process.cpu_affinity == std::vector<std::uint16_t>{1});
}

TEST_CASE("groups are multicast addresses of their family") {
  CHECK(said_of("vrrp_mcast_group4 10.0.0.1").find("is no multicast address") != std::string::npos);
  CHECK(said_of("vrrp_mcast_group4 ff02::12").find("is no IPv4 address") != std::string::npos);
  CHECK(said_of("vrrp_mcast_group6 224.0.0.18").find("is no IPv6 address") != std::string::npos);
  CHECK(said_of("vrrp_mcast_group6 ff05::1").find("is not of link-local scope") != std::string::npos);
  CHECK(of("vrrp_mcast_group6 ff05::1").vrrp.vrrp_mcast_group6 == IpAddress::parse("ff05::1"));
  CHECK(of("vrrp_mcast_group4 10.0.0.1").vrrp.vrrp_mcast_group4 == IpAddress::parse("224.0.0.18"));
}

TEST_CASE("lvs_timeouts keeps what it understands") {
  const LvsTimeouts timeouts = of("lvs_timeouts tcp 10 foo tcpfin 2678401 udp 0").lvs.lvs_timeouts;
  CHECK(timeouts.tcp == std::chrono::seconds(10));
  CHECK_FALSE(timeouts.tcpfin.has_value());
  CHECK(timeouts.udp == std::chrono::seconds(0));
  CHECK(said_of("lvs_timeouts tcp 10 udp") == "5 lvs_timeouts: 'udp' lacks its value\n");
  CHECK(said_of("lvs_timeouts tcp 1 foo") == "5 lvs_timeouts has no option 'foo'\n");
}

TEST_CASE("lvs_sync_daemon, new and old form") {
  const auto daemon =
      of("lvs_sync_daemon eth0 inst A id 3 maxlen 1000 port 8848 ttl 2 group 224.0.0.82").lvs.lvs_sync_daemon;
  REQUIRE(daemon.has_value());
  CHECK(daemon->interface == "eth0");
  CHECK(daemon->instance == "A");
  CHECK(daemon->id == 3);
  CHECK(daemon->maxlen == 1000);
  CHECK(daemon->port == 8848);
  CHECK(daemon->ttl == 2);
  CHECK(daemon->group == IpAddress::parse("224.0.0.82"));
  const auto old = of("lvs_sync_daemon eth0 A 7").lvs.lvs_sync_daemon;
  CHECK(old->instance == "A");
  CHECK(old->id == 7);
  CHECK(said_of("lvs_sync_daemon eth0 A 7") == "5 lvs_sync_daemon: the number lacks a word before it\n");
  CHECK(said_of("lvs_sync_daemon eth0 A").empty());
  CHECK(said_of("lvs_sync_daemon eth0 inst A id 300") == "5 lvs_sync_daemon: id must be 0 to 255, not '300'\n");
  CHECK(said_of("lvs_sync_daemon eth0 inst") == "5 lvs_sync_daemon: 'inst' lacks its value\n");
  CHECK(said_of("lvs_sync_daemon eth0 id 3 foo 4") == "5 lvs_sync_daemon has no option 'foo'\n");
  CHECK(said_of("lvs_sync_daemon eth0\nlvs_sync_daemon eth1").find("'lvs_sync_daemon' is written twice") !=
        std::string::npos);
}

TEST_CASE("umask in octal or in bits") {
  CHECK(of("umask 027").files.umask == 027);
  CHECK(of("umask IRWXG|IRWXO").files.umask == 077);
  CHECK(of("umask IWGRP | IXOTH").files.umask == 021);
  for (const char* wrong : {"999", "01000", "foo", "IRUSR||IWUSR"})
    CHECK_MESSAGE(said_of("umask " + std::string(wrong)).find("is no mode") != std::string::npos, wrong);
}

TEST_CASE("bare words and their options") {
  CHECK(of("dynamic_interfaces").vrrp.dynamic_interfaces == DynamicInterfaces::on);
  CHECK(of("dynamic_interfaces allow_if_changes").vrrp.dynamic_interfaces == DynamicInterfaces::allow_if_changes);
  CHECK(said_of("dynamic_interfaces foo").find("5 dynamic_interfaces stands alone") == 0);
  CHECK(of("lvs_flush_on_stop").lvs.lvs_flush_on_stop == FlushOnStop::all);
  CHECK(of("lvs_flush_onstop VS").lvs.lvs_flush_on_stop == FlushOnStop::virtual_servers);
  CHECK(said_of("lvs_flush_on_stop foo").find("5 lvs_flush_on_stop stands alone") == 0);
  CHECK(of("nftables").firewall.nftables == "");
  CHECK(of("nftables t").firewall.nftables == "t");
  CHECK(of("max_auto_priority").processes.max_auto_priority == 99);
  CHECK(of("vrrp_garp_extra_if all 60").garp.vrrp_garp_extra_all);
  CHECK(said_of("vrrp_garp_extra_if all").find("5 vrrp_garp_extra_if is [all] and a time") == 0);
  CHECK(said_of("vrrp_vmac_garp_intvl 5") == "5 'vrrp_vmac_garp_intvl' is an old spelling\n");
  CHECK(said_of("include_check foo") == "5 include_check has no option 'foo'\n");
  CHECK(said_of("vrrp_rx_bufs_policy foo").find("5 vrrp_rx_bufs_policy is MTU") == 0);
  CHECK(of("vrrp_rx_bufs_policy mtu").buffers.vrrp_rx_bufs_policy.mtu);
}

TEST_CASE("a pipe and its owners") {
  const auto fifo = of("notify_fifo /run/f nobody nogroup").fifos.notify_fifo;
  CHECK(fifo == NotifyFifo{"/run/f", "nobody", "nogroup"});
  CHECK(said_of("notify_fifo") == "5 'notify_fifo' lacks its value: the line is ignored\n");
  CHECK(said_of("notify_fifo \"\"") == "5 notify_fifo: the path is empty\n");
}

TEST_CASE("scripts of the daemon are known by what they are for") {
  const Config config =
      read(globals("startup_script /a\nshutdown_script \"/b c\" nobody\nvrrp_notify_fifo_script /d")).config;
  REQUIRE(config.scripts.size() == 3);
  CHECK(config.global.scripts.startup_script == 0U);
  CHECK(config.global.scripts.shutdown_script == 1U);
  CHECK(config.global.fifos.vrrp_notify_fifo_script == 2U);
  CHECK(config.scripts[1].use == ScriptUse::process);
  CHECK(config.scripts[2].use == ScriptUse::pipe);
}

TEST_CASE("global_defs may be written in several blocks") {
  const GlobalDefs global = read(globals("vrrp_strict") + globals("enable_dbus\nvrrp_strict off")).config.global;
  CHECK(global.dbus.enable_dbus);
  CHECK_FALSE(global.vrrp.vrrp_strict);
}

TEST_CASE("vrrp_strict holds for instances that do not say otherwise, wherever it stands") {
  const auto takes_delay = [](const Parsed& parsed) {
    return parsed.config.vrrp_instances.at(0).preempt_delay.count() > 0;
  };
  CHECK(takes_delay(read(instance("preempt_delay 5"))));
  CHECK_FALSE(takes_delay(read(globals("vrrp_strict") + instance("preempt_delay 5"))));
  CHECK_FALSE(takes_delay(read(instance("preempt_delay 5") + globals("vrrp_strict"))));
  CHECK(takes_delay(read(globals("vrrp_strict") + instance("strict_mode off\npreempt_delay 5"))));
}

TEST_CASE("the keywords of the top level") {
  const DaemonDefs daemon = read(
                                "net_namespace blue\nnet_namespace_ipvs\ninstance one\ninstance two\n"
                                "use_pid_dir\nchild_wait_time 9\nlinkbeat_use_polling\n")
                                .config.daemon;
  CHECK(daemon.net_namespace == "blue");
  CHECK(daemon.net_namespace_ipvs == "");
  CHECK(daemon.instance == "one");
  CHECK(daemon.use_pid_dir);
  CHECK(daemon.child_wait_time == std::chrono::seconds(9));
  CHECK(daemon.linkbeat_use_polling);
}

}  // namespace
}  // namespace baton::config
