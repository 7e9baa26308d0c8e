// What the settings of an instance do to each other, and instances to each other.
#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

VrrpInstance first(const Parsed& parsed) {
  REQUIRE_MESSAGE(!parsed.config.vrrp_instances.empty(), said(parsed));
  return parsed.config.vrrp_instances[0];
}

bool says(const Parsed& parsed, std::string_view words) {
  return said(parsed).find(words) != std::string::npos;
}

std::string another(std::string_view lines) {
  return "vrrp_instance B {\ninterface eth0\nvirtual_router_id 10\n" + std::string(lines) +
         "\nvirtual_ipaddress {\n192.0.2.11\n}\n}\n";
}

const char* const kPass = "authentication {\nauth_type PASS\nauth_pass x\n}\n";
const char* const kAh = "authentication {\nauth_type AH\nauth_pass x\n}\n";
const std::string kKey = "key 1 0123456789abcdef0123456789abcdef\n";

TEST_CASE("strict_mode takes out what the RFC does not know, each with a warning") {
  struct Row {
    const char* lines;
    const char* words;
  };
  for (const Row& row : {Row{"preempt_delay 5", "strict_mode does not allow preempt_delay"},
                         Row{"accept", "strict_mode does not allow accept in version 2"},
                         Row{"down_timer_adverts 5", "strict_mode does not allow down_timer_adverts"},
                         Row{"garp_lower_prio_repeat 5", "strict_mode does not allow garp_lower_prio_repeat"},
                         Row{"garp_lower_prio_delay 5", "strict_mode does not allow garp_lower_prio_delay"},
                         Row{"lower_prio_no_advert off", "strict_mode does not allow lower_prio_no_advert"},
                         Row{"higher_prio_send_advert", "strict_mode does not allow higher_prio_send_advert"},
                         Row{"use_vmac 02:0:0:0:0:1", "strict_mode does not allow a MAC address of one's own"},
                         Row{"use_vmac\nvmac_xmit_base", "strict_mode does not allow vmac_xmit_base"},
                         Row{kPass, "strict_mode and authentication do not go together"},
                         Row{"state MASTER", "strict_mode: state MASTER is for the owner of the addresses"}}) {
    const Parsed parsed = read(instance("strict_mode\n" + std::string(row.lines)));
    CHECK_MESSAGE(says(parsed, row.words), row.lines << "\n" << said(parsed));
    CHECK_MESSAGE(parsed.diagnostics.exit_status() == 5, row.lines);
    CHECK_MESSAGE(parsed.diagnostics.refusal() == 0, row.lines);
    CHECK_MESSAGE(read(dump(parsed.config)).diagnostics.exit_status() == 0, row.lines);
    CHECK_MESSAGE(!says(read(instance(row.lines)), "strict_mode"), row.lines);
  }
}

TEST_CASE("vrrp_strict of global_defs is the default of strict_mode, wherever it stands") {
  const std::string strict = globals("vrrp_strict");
  CHECK(says(read(strict + instance(kPass)), "strict_mode and authentication do not go together"));
  CHECK(says(read(instance(kPass) + strict), "strict_mode and authentication do not go together"));
  CHECK_FALSE(says(read(strict + instance("strict_mode off\n" + std::string(kPass))), "strict_mode and"));
}

TEST_CASE("strict_mode leaves alone what the RFC has") {
  for (const char* lines : {"", "nopreempt", "version 3\naccept", "garp_lower_prio_repeat 0\ngarp_lower_prio_delay 0",
                            "down_timer_adverts 3\nlower_prio_no_advert", "use_vmac"})
    CHECK_MESSAGE(read(instance("strict_mode\n" + std::string(lines))).diagnostics.exit_status() == 0, lines);
  const Parsed unicast = read(instance("strict_mode\nunicast_peer {\n192.0.2.2\n}"));
  CHECK(says(unicast, "6:1 warning 0: strict_mode and unicast: RFC 9568 knows multicast only"));
}

TEST_CASE("strict_mode: MASTER and the ownership of the addresses are one") {
  CHECK(first(read(instance("strict_mode\nstate MASTER"))).state == WantedState::backup);
  CHECK(first(read(instance("strict_mode\nstate MASTER\nnopreempt"))).nopreempt);
  const Parsed owner = read(
      "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\npriority 255\nstate BACKUP\n"
      "strict_mode\nvirtual_ipaddress {\n192.0.2.1\n}\n}\n");
  CHECK(first(owner).state == WantedState::master);
  CHECK(says(owner, "5:7 warning 5: strict_mode: priority 255, the owner of the addresses, has state MASTER"));
}

TEST_CASE("strict_mode needs an address, of IPv6 a link-local one first") {
  const Parsed none = read("vrrp_instance A {\nstrict_mode\ninterface eth0\nvirtual_router_id 1\n}\n");
  CHECK(says(none, "has no virtual_ipaddress, which strict_mode needs: it is left out"));
  CHECK(none.diagnostics.refusal() == 2);
  const auto six = [](const char* address) {
    return read("vrrp_instance A {\nstrict_mode\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n" +
                std::string(address) + "\n}\n}\n");
  };
  CHECK(six("2001:db8::1").diagnostics.exit_status() == 5);
  CHECK(six("fe80::1").diagnostics.exit_status() == 0);
}

TEST_CASE("no_virtual_ipaddress: an instance without addresses, also in version 3") {
  const Parsed parsed =
      read("vrrp_instance A {\nversion 3\nno_virtual_ipaddress\ninterface eth0\nvirtual_router_id 1\n}\n");
  CHECK(said(parsed).empty());
  CHECK(parsed.config.vrrp_instances.size() == 1);
}

TEST_CASE("a version is said once; IPv6 has version 3 only") {
  const Parsed twice = read(instance("version 3\nversion 2"));
  CHECK(says(twice, "6:1 warning 5: 'version' is written twice: the first one counts"));
  CHECK(first(twice).version == 3);
  const Parsed early = read(
      "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nversion 2\nvirtual_ipaddress {\n"
      "fe80::1\n}\n}\n");
  CHECK(first(early).version == 3);
  CHECK(says(early, "4:9 warning 0: IPv6 has VRRP version 3 only: version 2 becomes 3"));
  const Parsed late = read(
      "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\nfe80::1\n}\n"
      "version 2\n}\n");
  CHECK(says(late, "7:9 error 5: IPv6 has VRRP version 3 only: the line is ignored"));
}

TEST_CASE("one virtual_router_id on one interface, family and destination is one instance") {
  const auto refusal = [](std::string_view a, std::string_view b) {
    return read(instance(a) + another(b)).diagnostics.refusal();
  };
  const char* peer = "unicast_peer {\n192.0.2.2\n}";
  const char* peers = "unicast_peer {\n192.0.2.3\n192.0.2.2\n}";
  CHECK(refusal("", "") == 2);
  CHECK(refusal(peer, peers) == 2);
  CHECK(refusal("mcast_dst_ip 224.0.0.18", "") == 2);
  CHECK(refusal(peer, "unicast_peer {\n192.0.2.4\n}") == 0);
  CHECK(refusal(peer, "") == 0);
  CHECK(refusal("mcast_dst_ip 224.0.0.99", "") == 0);
  CHECK(read(globals("vrrp_mcast_group4 224.0.0.99") + instance("mcast_dst_ip 224.0.0.99") + another(""))
            .diagnostics.refusal() == 2);
  CHECK(refusal("unicast_src_ip 192.0.2.9\n" + std::string(peer), "unicast_src_ip 192.0.2.8\n" + std::string(peer)) ==
        0);
  CHECK(refusal("", "interface eth1") == 0);
}

TEST_CASE("instances that only their peers tell apart: the second one is not run yet, and that is said") {
  const Parsed parsed = read(instance("unicast_peer {\n192.0.2.2\n}") + another("unicast_peer {\n192.0.2.3\n}"));
  CHECK(parsed.config.vrrp_instances.size() == 2);
  CHECK(says(parsed,
             "warning 1: two unicast instances of one virtual_router_id and source are accepted, not active yet: "
             "'B' is not run"));
  CHECK(parsed.diagnostics.exit_status() == 0);
  const std::string other_source = "unicast_src_ip 192.0.2.9\nunicast_peer {\n192.0.2.3\n}";
  CHECK(said(read(instance("unicast_peer {\n192.0.2.2\n}") + another(other_source))).empty());
  CHECK(said(read(instance("mcast_dst_ip 224.0.0.99") + another(""))).empty());
}

TEST_CASE("AH is stored, begins as BACKUP, and has no place in version 3") {
  CHECK(first(read(instance(kAh))).auth_type == AuthType::ah);
  const Parsed master = read(instance("state MASTER\n" + std::string(kAh)));
  CHECK(first(master).state == WantedState::backup);
  CHECK(says(master, "5:7 warning 5: state MASTER does not work with auth_type AH: it becomes BACKUP"));
  CHECK(first(read(instance("version 3\n" + std::string(kAh)))).auth_type == AuthType::none);
  CHECK(says(read(instance("authentication {\nauth_type AH\n}")), "auth_type AH without auth_pass"));
}

TEST_CASE("auth_hmac: keys, the one in use, mode and freshness") {
  const Parsed parsed = read(instance("auth_hmac {\n" + kKey + "key 2 hex:" + std::string(64, 'a') +
                                      "\nactive_key 2\ntime_window 9\nanti_replay monotonic\nmode permissive\n}"));
  CHECK(parsed.diagnostics.exit_status() == 0);
  const AuthHmac hmac = first(parsed).auth_hmac.value();
  REQUIRE(hmac.keys.size() == 2);
  CHECK(hmac.keys[1].id == 2);
  CHECK(hmac.active_key == 2);
  CHECK(hmac.time_window == std::chrono::seconds(9));
  CHECK(hmac.anti_replay == AntiReplay::monotonic);
  CHECK(hmac.mode == HmacMode::permissive);
}

TEST_CASE("mistakes in auth_hmac, without a word of a key") {
  const auto with = [](const std::string& lines) { return read(instance("auth_hmac {\n" + lines + "\n}")); };
  CHECK(says(with("key 0 x\n" + kKey + "active_key 1"), "the id of a key is 1 to 255, not '0'"));
  CHECK(says(with("key 3\n" + kKey + "active_key 1"), "key 3 lacks the key itself"));
  CHECK(says(with(kKey + kKey + "active_key 1"), "there is a key 1 already"));
  CHECK(says(with(kKey + "key 2 secret\nactive_key 1"), "a key has 32 to 64 octets, and this one 6"));
  CHECK_FALSE(says(with("key 2 secret"), "secret"));
  CHECK(says(with("key 2 hex:abc\n" + kKey + "active_key 1"), "an even number of hexadecimal digits"));
  CHECK(says(with(kKey), "auth_hmac lacks its active_key: it is ignored"));
  CHECK(says(with(kKey + "active_key 2"), "there is no key 2: auth_hmac is ignored"));
  CHECK(says(with(kKey + "active_key 1\nmode enforced"), "did you mean 'enforce'?"));
  CHECK_FALSE(first(with(kKey)).auth_hmac.has_value());
  const Parsed both = read(instance(kPass + ("auth_hmac {\n" + kKey) + "active_key 1\n}"));
  CHECK(says(both, "auth_hmac does not go together with authentication"));
  CHECK(first(both).auth_type == AuthType::pass);
}

TEST_CASE("numbers of gratuitous ARP; 0 is taken for 1") {
  const Announcing all = first(read(instance("garp_master_delay 7\ngarp_master_refresh 60\ngarp_master_repeat 2\n"
                                             "garp_master_refresh_repeat 3\ngarp_extra_if all 9")))
                             .announcing;
  CHECK(all.master_delay == std::chrono::seconds(7));
  CHECK(all.master_refresh == std::chrono::seconds(60));
  CHECK(all.master_repeat == 2);
  CHECK(all.master_refresh_repeat == 3);
  CHECK(all.extra_if == GarpExtra{std::chrono::seconds(9), true});
  const Parsed zero = read(instance("garp_master_repeat 0"));
  CHECK(says(zero, "5:20 error 5: garp_master_repeat must be 1 or more, not '0': 1 is used"));
  CHECK(first(zero).announcing.master_repeat == 1);
  CHECK(says(read(instance("garp_extra_if all")), "garp_extra_if all lacks its interval"));
  CHECK(says(read(instance("garp_extra_if 86401")), "garp_extra_if must be 0 to 86400 s, not '86401'"));
}

TEST_CASE("deprecated keywords of an instance say what has taken their place") {
  CHECK(says(read(instance("lvs_sync_daemon_interface eth1")), "write lvs_sync_daemon eth1 A into global_defs"));
  CHECK(says(read(instance("linkbeat_use_polling")), "write the interface into linkbeat_interfaces { }"));
  const Parsed sync = read(instance("lvs_sync_daemon_interface eth1"));
  REQUIRE(sync.config.global.lvs.lvs_sync_daemon.has_value());
  CHECK(sync.config.global.lvs.lvs_sync_daemon->interface == "eth1");
  CHECK(sync.config.global.lvs.lvs_sync_daemon->instance == "A");
  const Parsed polling = read(instance("linkbeat_use_polling"));
  REQUIRE(polling.config.daemon.linkbeat_interfaces.size() == 1);
  CHECK(polling.config.daemon.linkbeat_interfaces[0].interface.name == "eth0");
  CHECK(says(read(instance("vmac_garp_intvl 5")), "'vmac_garp_intvl' is an old spelling"));
  CHECK(first(read(instance("timer_expired_backup"))).timer_expired_backup == 254);
  CHECK(first(read(instance("timer_expired_backup 9"))).timer_expired_backup == 9);
  CHECK(first(read(instance("notify_deleted"))).notify_deleted);
  CHECK(first(read(instance("notify_deleted /x"))).notify_deleted_script.has_value());
}

}  // namespace
}  // namespace baton::config
