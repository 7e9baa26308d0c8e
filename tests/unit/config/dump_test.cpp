#include "config/dump.hpp"

#include <doctest/doctest.h>

#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

/// Dumps what `text` says, and checks that the dump reads back without a fault and dumps as itself.
std::string dumped(std::string_view text) {
  const std::string once = dump(read(text).config);
  const Parsed again = read(once);
  for (const Diagnostic& diagnostic : again.diagnostics.all())
    CHECK_MESSAGE(diagnostic.status == Status::not_active, once << said(again));
  CHECK(dump(again.config) == once);
  return once;
}

TEST_CASE("the dump of an empty configuration is its defaults") {
  CHECK(dumped("") == "global_defs {\n    vrrp_version 2\n}\n");
}

TEST_CASE("an instance with every value") {
  CHECK(dumped("vrrp_instance A {\ninterface eth0\nvirtual_router_id 10\nstate BACKUP\npriority 90\nadvert_int "
               "0.25\nversion 3\n"
               "virtual_ipaddress {\n192.0.2.10/24 dev eth1 scope link label eth1:1 brd "
               "+\n192.0.2.11\n}\npreempt_delay 2.5\n"
               "notify_master \"/x 'a b' c\" root wheel\n}\n") ==
        "global_defs {\n    vrrp_version 2\n}\n"
        "vrrp_instance A {\n    state BACKUP\n    interface eth0\n    virtual_router_id 10\n    version 3\n    "
        "priority 90\n"
        "    advert_int 0.25\n    virtual_ipaddress {\n"
        "        192.0.2.10/24 broadcast 192.0.2.255 dev eth1 scope 253 label eth1:1\n        192.0.2.11/32\n    }\n"
        "    preempt_delay 2.5\n    notify_master \"/x 'a b' c\" root wheel\n}\n");
}

TEST_CASE("a virtual server with every value") {
  const std::string text = dumped(
      "virtual_server 10.0.0.1 80 {\nlb_algo sh\nlb_kind NAT\nprotocol TCP\npersistence_timeout 50\nquorum "
      "2\nhysteresis "
      "1\nalpha\nomega\nvirtualhost www\nsorry_server 10.0.0.9 8080\nsorry_server_inhibit\nreal_server 10.0.0.2 8080 "
      "{\nweight "
      "3\nuthreshold 9\nlthreshold 4\ninhibit_on_failure\nTCP_CHECK {\nconnect_ip 10.0.0.7\nconnect_port 1\nbindto "
      "10.0.0.8\nbind_port 2\nbind_if eth0\nfwmark 3\nretry 4\n}\nSSL_GET {\nurl {\npath /a\ndigest "
      "0123456789abcdef0123456789abcdef\nstatus_code 200 300-301\nvirtualhost v\n}\nenable_sni\n}\n}\n}\n");
  for (const char* line : {"virtual_server 10.0.0.1 80 {\n    lb_algo sh\n",
                           "persistence_timeout 50\n",
                           "quorum 2\n",
                           "hysteresis 1\n",
                           "alpha\n",
                           "omega\n",
                           "virtualhost www\n",
                           "sorry_server 10.0.0.9 8080\n",
                           "sorry_server_inhibit\n",
                           "sorry_server_lvs_method NAT\n",
                           "real_server 10.0.0.2 8080 {\n",
                           "weight 3\n",
                           "uthreshold 9\n",
                           "lthreshold 4\n",
                           "inhibit_on_failure on\n",
                           "TCP_CHECK {\n",
                           "connect_ip 10.0.0.7\n",
                           "connect_port 1\n",
                           "bindto 10.0.0.8\n",
                           "bind_port 2\n",
                           "bind_if eth0\n",
                           "fwmark 3\n",
                           "retry 4\n",
                           "SSL_GET {\n",
                           "path /a\n",
                           "status_code 200-200 300-301\n",
                           "virtualhost v\n",
                           "enable_sni on\n",
                           "delay_before_retry 3\n"})
    CHECK_MESSAGE(text.find(line) != std::string::npos, line << "\n" << text);
}

TEST_CASE("words that are not plain are quoted, and read back the same") {
  const std::string text = dumped(
      "global_defs {\nrouter_id \"a b\"\nnotification_email { \"x y\" include $A= @b a\\#b router_id }\n}\n"
      "vrrp_instance \"A {#!} B\" {\ninterface \"eth 0\"\nvirtual_router_id 1\nvirtual_ipaddress { 192.0.2.1 }\n}\n");
  CHECK(text.find("router_id \"a b\"\n") != std::string::npos);
  CHECK(text.find("vrrp_instance \"A {#!} B\" {\n") != std::string::npos);
  CHECK(text.find("\"router_id\"\n") != std::string::npos);
}

TEST_CASE("every octet of a script's arguments survives") {
  Config config;
  std::string odd;
  for (int i = 1; i < 256; ++i)
    odd += static_cast<char>(i);
  config.scripts.push_back({{"/x", odd, "", "'\"\\"}, "u", "", {}});
  VrrpInstance instance;
  instance.name = "A";
  instance.interface = "eth0";
  instance.vrid = Vrid{1};
  instance.notify = 0;
  config.vrrp_instances.push_back(instance);
  const Parsed again = read(dump(config));
  REQUIRE(again.config.scripts.size() == 1);
  CHECK(again.config.scripts[0].arguments == config.scripts[0].arguments);
  CHECK(again.config.scripts[0].user == "u");
}

TEST_CASE("weights of 0 alone make the quorum 0 again") {
  const std::string once = dump(read(real("weight 0")).config);
  CHECK(once.find("quorum") == std::string::npos);
  CHECK(dump(read(once).config) == once);
}

TEST_CASE("IPv6 services") {
  CHECK(dumped("virtual_server 2001:db8::1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 2001:db8::2 81 "
               "{\n}\n}\n")
            .find("virtual_server 2001:db8::1 80 {\n") != std::string::npos);
}

}  // namespace
}  // namespace baton::config
