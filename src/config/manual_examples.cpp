// An example of each block, for the manual; a test reads every one of them.
#include <algorithm>
#include <array>

#include "config/manual.hpp"

namespace baton::config {
namespace {

constexpr auto kExamples = std::to_array<Example>({
    {Block::preprocessor, Block::root,
     "$VIP=192.0.2.10\n"
     "include /etc/baton/conf.d/*.conf\n"
     "@director1 $PRIORITY=100\n"
     "@^director1 $PRIORITY=50\n"
     "vrrp_instance VI_1 {\n"
     "    interface eth0\n"
     "    virtual_router_id 51\n"
     "    priority ${PRIORITY}\n"
     "    virtual_ipaddress {\n"
     "        ${VIP}\n"
     "        ~SEQ(N, 11, 13) 192.0.2.${N}\n"
     "    }\n"
     "}\n"},
    {Block::root, Block::root,
     "global_defs {\n"
     "    router_id director1\n"
     "}\n"
     "vrrp_instance VI_1 {\n"
     "    interface eth0\n"
     "    virtual_router_id 51\n"
     "    virtual_ipaddress {\n"
     "        192.0.2.10\n"
     "    }\n"
     "}\n"
     "virtual_server 192.0.2.10 80 {\n"
     "    lb_algo rr\n"
     "    lb_kind DR\n"
     "    protocol TCP\n"
     "    real_server 192.0.2.21 80 {\n"
     "        TCP_CHECK {\n"
     "        }\n"
     "    }\n"
     "}\n"},
    {Block::global_defs, Block::root,
     "global_defs {\n"
     "    router_id director1\n"
     "    script_user nobody\n"
     "    enable_script_security\n"
     "}\n"},
    {Block::notification_email, Block::global_defs,
     "notification_email {\n"
     "    admin@example.org\n"
     "    duty@example.org\n"
     "}\n"},
    {Block::track_group, Block::root,
     "track_group EDGE {\n"
     "    group {\n"
     "        VI_1\n"
     "    }\n"
     "}\n"},
    {Block::vrrp_sync_group, Block::root,
     "vrrp_sync_group VG_1 {\n"
     "    group {\n"
     "        VI_1\n"
     "        VI_2\n"
     "    }\n"
     "}\n"},
    {Block::garp_group, Block::root,
     "garp_group {\n"
     "    garp_interval 0.01\n"
     "    interface eth0\n"
     "}\n"},
    {Block::vrrp_instance, Block::root,
     "vrrp_instance VI_1 {\n"
     "    state MASTER\n"
     "    interface eth0\n"
     "    virtual_router_id 51\n"
     "    priority 100\n"
     "    advert_int 1\n"
     "    virtual_ipaddress {\n"
     "        192.0.2.10/24\n"
     "    }\n"
     "}\n"},
    {Block::authentication, Block::vrrp_instance,
     "authentication {\n"
     "    auth_type PASS\n"
     "    auth_pass sesame\n"
     "}\n"},
    {Block::auth_hmac, Block::vrrp_instance,
     "auth_hmac {\n"
     "    key 1 thirty-two-octets-or-more-of-secret\n"
     "    active_key 1\n"
     "}\n"},
    {Block::vrrp_script, Block::root,
     "vrrp_script proxy_lives {\n"
     "    script \"/usr/local/bin/proxy_lives --quick\"\n"
     "    interval 2\n"
     "    weight -20\n"
     "    fall 2\n"
     "    rise 2\n"
     "}\n"},
    {Block::vrrp_track_process, Block::root,
     "vrrp_track_process proxy {\n"
     "    process haproxy\n"
     "    weight -20\n"
     "    delay 1\n"
     "}\n"},
    {Block::track_file, Block::root,
     "track_file load {\n"
     "    file /run/baton/load\n"
     "    weight -1\n"
     "}\n"},
    {Block::bfd_instance, Block::root,
     "bfd_instance router {\n"
     "    neighbor_ip 192.0.2.1\n"
     "    min_rx 50\n"
     "    min_tx 50\n"
     "}\n"},
    {Block::vrrp_track_gateway, Block::root,
     "vrrp_track_gateway uplink {\n"
     "    address 192.0.2.1\n"
     "    interval 0.5\n"
     "    fall 4\n"
     "    weight -20\n"
     "}\n"},
    {Block::ssl, Block::root,
     "SSL {\n"
     "    ca /etc/baton/ca.pem\n"
     "    certificate /etc/baton/client.pem\n"
     "    key /etc/baton/client.key\n"
     "}\n"},
    {Block::virtual_server, Block::root,
     "virtual_server 192.0.2.10 80 {\n"
     "    delay_loop 5\n"
     "    lb_algo wrr\n"
     "    lb_kind NAT\n"
     "    protocol TCP\n"
     "    persistence_timeout 50\n"
     "    sorry_server 127.0.0.1 8080\n"
     "    real_server 10.0.0.21 8080 {\n"
     "        TCP_CHECK {\n"
     "        }\n"
     "    }\n"
     "}\n"},
    {Block::real_server, Block::virtual_server,
     "real_server 10.0.0.21 8080 {\n"
     "    weight 2\n"
     "    inhibit_on_failure\n"
     "    TCP_CHECK {\n"
     "        connect_timeout 2\n"
     "    }\n"
     "}\n"},
    {Block::real_server_pool, Block::virtual_server,
     "real_server_pool _http._tcp.web.service.consul {\n"
     "    nameserver 127.0.0.1 8600\n"
     "    max_ttl 30\n"
     "    TCP_CHECK {\n"
     "        connect_timeout 2\n"
     "    }\n"
     "}\n"},
    {Block::misc_check, Block::real_server,
     "MISC_CHECK {\n"
     "    misc_path \"/usr/local/bin/check_server 10.0.0.21\"\n"
     "    misc_timeout 5\n"
     "}\n"},
    {Block::smtp_check, Block::real_server,
     "SMTP_CHECK {\n"
     "    connect_timeout 2\n"
     "    helo_name director1.example.org\n"
     "}\n"},
    {Block::tcp_check, Block::real_server,
     "TCP_CHECK {\n"
     "    connect_timeout 2\n"
     "    retry 2\n"
     "    delay_before_retry 1\n"
     "}\n"},
    {Block::ping_check, Block::real_server,
     "PING_CHECK {\n"
     "    retry 2\n"
     "}\n"},
    {Block::udp_check, Block::real_server,
     "UDP_CHECK {\n"
     "    connect_port 53\n"
     "    require_reply\n"
     "}\n"},
    {Block::http_get, Block::real_server,
     "HTTP_GET {\n"
     "    url {\n"
     "        path /health\n"
     "        status_code 200\n"
     "    }\n"
     "    connect_timeout 2\n"
     "}\n"},
    {Block::ssl_get, Block::real_server,
     "SSL_GET {\n"
     "    enable_sni\n"
     "    virtualhost www.example.org\n"
     "    url {\n"
     "        path /health\n"
     "        status_code 200\n"
     "    }\n"
     "}\n"},
    {Block::http_url, Block::http_get,
     "url {\n"
     "    path /index.html\n"
     "    digest 640205b7b0fc66c1ea91c463fac6334d\n"
     "}\n"},
    {Block::ssl_url, Block::ssl_get,
     "url {\n"
     "    path /health\n"
     "    status_code 200\n"
     "}\n"},
    {Block::dns_check, Block::real_server,
     "DNS_CHECK {\n"
     "    type A\n"
     "    name www.example.org\n"
     "}\n"},
    {Block::file_check, Block::real_server,
     "FILE_CHECK {\n"
     "    track_file load\n"
     "}\n"},
    {Block::bfd_check, Block::real_server,
     "BFD_CHECK {\n"
     "    name router\n"
     "}\n"},
    {Block::ip_entry, Block::vrrp_instance,
     "virtual_ipaddress {\n"
     "    192.0.2.10/24 dev eth0 label eth0:1\n"
     "    192.0.2.11/24\n"
     "}\n"},
    {Block::route_entry, Block::vrrp_instance,
     "virtual_routes {\n"
     "    198.51.100.0/24 via 192.0.2.1 dev eth0 metric 20\n"
     "}\n"},
    {Block::rule_entry, Block::vrrp_instance,
     "virtual_rules {\n"
     "    from 198.51.100.0/24 table 100 preference 2000\n"
     "}\n"},
    {Block::group_entry, Block::root,
     "virtual_server_group WEB {\n"
     "    192.0.2.10 80\n"
     "    192.0.2.11-14 80\n"
     "}\n"},
    {Block::track_interface, Block::vrrp_instance,
     "track_interface {\n"
     "    eth1 weight -20\n"
     "}\n"},
    {Block::track_script, Block::vrrp_instance,
     "track_script {\n"
     "    proxy_lives\n"
     "}\n"},
    {Block::track_file_entry, Block::vrrp_instance,
     "track_file {\n"
     "    load weight 2\n"
     "}\n"},
    {Block::track_process, Block::vrrp_instance,
     "track_process {\n"
     "    proxy\n"
     "}\n"},
    {Block::track_bfd, Block::vrrp_instance,
     "track_bfd {\n"
     "    router weight -20\n"
     "}\n"},
    {Block::track_gateway, Block::vrrp_instance,
     "track_gateway {\n"
     "    uplink\n"
     "}\n"},
    {Block::unicast_peer, Block::vrrp_instance,
     "unicast_peer {\n"
     "    192.0.2.2\n"
     "}\n"},
    {Block::name_list, Block::vrrp_sync_group,
     "group {\n"
     "    VI_1 VI_2\n"
     "}\n"},
    {Block::script_form, Block::vrrp_instance, "notify_master \"/usr/local/bin/became master\" nobody\n"},
});

}  // namespace

const Example* example_of(Block block) {
  const auto* const found = std::ranges::find(kExamples, block, &Example::block);
  return found == kExamples.end() ? nullptr : found;
}

}  // namespace baton::config
