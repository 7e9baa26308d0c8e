" Vim syntax file of Baton's (and keepalived's) configuration.
" Made from the keyword table by golden_docs; UPDATE_GOLDEN=1 writes it anew.
if exists("b:current_syntax")
  finish
endif
setlocal iskeyword=@,48-57,_,-
syntax case match

syntax keyword batonBlock BFD_CHECK DNS_CHECK FILE_CHECK HTTP_GET MISC_CHECK PING_CHECK SMTP_CHECK SSL SSL_GET TCP_CHECK
syntax keyword batonBlock UDP_CHECK auth_hmac authentication bfd_instance garp_group global_defs group host
syntax keyword batonBlock interface_up_down_delays interfaces linkbeat_interfaces notification_email real_server
syntax keyword batonBlock real_server_pool static_ipaddress static_routes static_rules track_bfd track_file
syntax keyword batonBlock track_gateway track_group track_interface track_process track_script unicast_peer url
syntax keyword batonBlock virtual_ipaddress virtual_ipaddress_excluded virtual_routes virtual_rules virtual_server
syntax keyword batonBlock virtual_server_group vrrp_instance vrrp_script vrrp_sync_group vrrp_track_file
syntax keyword batonBlock vrrp_track_gateway vrrp_track_process
syntax keyword batonKeyword -nodad accept active_key add address advert_int advmss alpha anti_replay append as auth_pass
syntax keyword batonKeyword auth_type autojoin bfd_cpu_affinity bfd_no_swap bfd_priority bfd_process_name
syntax keyword batonKeyword bfd_rlimit_rtime bfd_rlimit_rttime bfd_rt_priority bind_if bind_port bindto blackhole body
syntax keyword batonKeyword brd broadcast ca ca_file certificate check_unicast_src checker checker_cpu_affinity
syntax keyword batonKeyword checker_log_all_failures checker_no_swap checker_priority checker_process_name
syntax keyword batonKeyword checker_rlimit_rtime checker_rlimit_rttime checker_rt_priority child_wait_time
syntax keyword batonKeyword config_save_dir congctl connect_ip connect_port connect_timeout cwnd data_use_instance
syntax keyword batonKeyword dbus_no_interface_name dbus_service_name debug default_interface delay delay_before_retry
syntax keyword batonKeyword delay_loop dev digest disable_local_igmp dont_track_primary down_timer_adverts dport dsfield
syntax keyword batonKeyword dst dynamic_interfaces enable_dbus enable_script_security enable_sni enable_snmp_checker
syntax keyword batonKeyword enable_snmp_keepalived enable_snmp_rfc enable_snmp_rfcv2 enable_snmp_rfcv3 enable_snmp_vrrp
syntax keyword batonKeyword enable_traps encap expire_within expires fall fast_recovery fastopen_no_cookie features
syntax keyword batonKeyword fifo_write_vrrp_states_on_reload file flag-1 flag-2 flag-3 flags fork_delay from
syntax keyword batonKeyword full_command fwmark garp_extra_if garp_interval garp_lower_prio_delay garp_lower_prio_repeat
syntax keyword batonKeyword garp_master_delay garp_master_refresh garp_master_refresh_repeat garp_master_repeat
syntax keyword batonKeyword global_tracking gna_interval goto gw ha_suspend hashed header helo_name
syntax keyword batonKeyword higher_prio_send_advert home hoplimit http_protocol hysteresis id idle_tx iif include_check
syntax keyword batonKeyword inet inet6 inhibit_on_failure init_fail init_file initcwnd initrwnd instance interface
syntax keyword batonKeyword interval ip_family ipproto iproute_etc_dir iproute_usr_dir json_dump_file json_version
syntax keyword batonKeyword kernel_rx_buf_size key l3mdev label latency_limit lb_algo lb_kind linkbeat_use_polling
syntax keyword batonKeyword log_all_failures log_unknown_vrids lookup lower_prio_no_advert lthreshold lvs_flush
syntax keyword batonKeyword lvs_flush_on_stop lvs_flush_onstop lvs_method lvs_netlink_cmd_rcv_bufs
syntax keyword batonKeyword lvs_netlink_cmd_rcv_bufs_force lvs_netlink_monitor_rcv_bufs
syntax keyword batonKeyword lvs_netlink_monitor_rcv_bufs_force lvs_notify_fifo lvs_notify_fifo_script lvs_process_name
syntax keyword batonKeyword lvs_sched lvs_sync_daemon lvs_sync_daemon_interface lvs_timeouts max_auto_priority max_hops
syntax keyword batonKeyword max_removed max_reply_length max_servers max_ttl mcast_dst_ip mcast_src_ip method metric
syntax keyword batonKeyword mh-fallback mh-port min_auto_priority_delay min_reply_length min_rx min_ttl min_tx
syntax keyword batonKeyword misc_dynamic misc_path misc_timeout mngtmpaddr mode mtu multihop multiplier name nameserver
syntax keyword batonKeyword namespace_with_ipsets native_ipv6 nb_get_retry neighbor_ip neighbour_ip net_namespace
syntax keyword batonKeyword net_namespace_ipvs nexthop nftables nftables_counters nftables_ifindex nftables_ipvs
syntax keyword batonKeyword nftables_ipvs_priority nftables_ipvs_start_fwmark nftables_priority no_accept
syntax keyword batonKeyword no_checker_emails no_email_faults no_track no_virtual_ipaddress nop nopreempt noprefixroute
syntax keyword batonKeyword not notification_email_from notify notify_backup notify_deleted notify_down notify_fault
syntax keyword batonKeyword notify_fifo notify_fifo_script notify_master notify_master_rx_lower_pri
syntax keyword batonKeyword notify_priority_changes notify_stop notify_up oif old_unicast_checksum omega onlink ops or
syntax keyword batonKeyword order owner_ignore_adverts param_match passive password path payload peer persistence_engine
syntax keyword batonKeyword persistence_granularity persistence_timeout port preempt preempt_delay pref preference
syntax keyword batonKeyword preferred_lft prepend priority process process_monitor_rcv_bufs
syntax keyword batonKeyword process_monitor_rcv_bufs_force process_name process_names prohibit promote_secondaries
syntax keyword batonKeyword protocol quickack quorum quorum_down quorum_max quorum_up random_seed realms record regex
syntax keyword batonKeyword regex_max_offset regex_min_offset regex_no_match regex_options regex_stack
syntax keyword batonKeyword reload_check_config reload_file reload_repeat reload_time_file reordering require_reply
syntax keyword batonKeyword resolve_timeout retry rise router_id rs_init_notifies rto_min rtt rttvar scope script
syntax keyword batonKeyword script_user set_supplementary_groups sh-fallback sh-port shutdown_script
syntax keyword batonKeyword shutdown_script_timeout skip_check_adv_addr slow_start smtp_alert smtp_alert_checker
syntax keyword batonKeyword smtp_alert_vrrp smtp_connect_timeout smtp_helo_name smtp_server sni_name snmp_name
syntax keyword batonKeyword snmp_rs_stats_update_interval snmp_socket snmp_vs_stats_update_interval sorry_server
syntax keyword batonKeyword sorry_server_inhibit sorry_server_lvs_method source_ip sport src ssthresh startup_script
syntax keyword batonKeyword startup_script_timeout state state_dump_file stats_dump_file status_code strict_mode
syntax keyword batonKeyword sup_group sup_pl suppress_ifgroup suppress_prefixlength sync_group_tracking_weight table tc
syntax keyword batonKeyword terminate_delay thread_timer_expired time_window timeout timer_expired_backup tls_compliant
syntax keyword batonKeyword tls_min_version tmp_config_directory to tos track_src_ip ttl ttl-propagate tunnel-id type
syntax keyword batonKeyword uidrange umask unicast_fault_no_peer unicast_src_ip unicast_ttl unreachable use_ipvlan
syntax keyword batonKeyword use_pid_dir use_symlink_paths use_vmac use_vmac_addr user uthreshold v3_checksum_as_v2
syntax keyword batonKeyword verify version via virtual_router_id virtualhost vmac_addr_prefix vmac_garp_intvl
syntax keyword batonKeyword vmac_prefix vmac_xmit_base vrf vrrp vrrp_check_unicast_src vrrp_cpu_affinity
syntax keyword batonKeyword vrrp_delay_after_boot vrrp_down_timer_adverts vrrp_garp_extra_if vrrp_garp_interval
syntax keyword batonKeyword vrrp_garp_lower_prio_delay vrrp_garp_lower_prio_repeat vrrp_garp_master_delay
syntax keyword batonKeyword vrrp_garp_master_refresh vrrp_garp_master_refresh_repeat vrrp_garp_master_repeat
syntax keyword batonKeyword vrrp_gna_interval vrrp_higher_prio_send_advert vrrp_ipsets vrrp_iptables
syntax keyword batonKeyword vrrp_lower_prio_no_advert vrrp_mcast_group4 vrrp_mcast_group6 vrrp_min_garp
syntax keyword batonKeyword vrrp_netlink_cmd_rcv_bufs vrrp_netlink_cmd_rcv_bufs_force vrrp_netlink_monitor_rcv_bufs
syntax keyword batonKeyword vrrp_netlink_monitor_rcv_bufs_force vrrp_no_swap vrrp_notify_fifo vrrp_notify_fifo_script
syntax keyword batonKeyword vrrp_notify_priority_changes vrrp_owner_ignore_adverts vrrp_priority vrrp_process_name
syntax keyword batonKeyword vrrp_rlimit_rtime vrrp_rlimit_rttime vrrp_rt_priority vrrp_rx_bufs_multiplier
syntax keyword batonKeyword vrrp_rx_bufs_policy vrrp_skip_check_adv_addr vrrp_startup_delay vrrp_strict vrrp_version
syntax keyword batonKeyword vrrp_vmac_garp_intvl warmup weight window
syntax keyword batonValue A AAAA ADVERT AH BACKUP CNAME DNSKEY MASTER MTU MX NS PASS RRSIG SCTP SOA SRV TCP TXT UDP all
syntax keyword batonValue any dh disabled enabled enforce false fo forever global high initial lblc lblcr lc link low
syntax keyword batonValue medium mh monotonic no nowhere nq off on ovf partial permissive receive-only rr sed sh site
syntax keyword batonValue time true twos wlc wrr yes

syntax match batonNumber "\<-\?\d\+\(\.\d\+\)\?\>"
syntax match batonAddress "\<\d\{1,3}\(\.\d\{1,3}\)\{3}\(/\d\{1,2}\)\?\>"
syntax match batonAddress "\<\x\{1,4}\?\(:\x\{0,4}\)\{2,7}\(/\d\{1,3}\)\?\>"
syntax match batonPreProc "^\s*\(include[rmwba]\?\>\|\~\(SEQx\?\|LST\)(.*)\|\$\w\+=\|@^\?[^ \t]\+\)"
syntax match batonReference "\${[^}]*}\|\$\w\+\>"
syntax region batonString start=+"+ skip=+\\"+ end=+"+ oneline contains=batonReference
syntax match batonComment "\\\@<![#!].*$"
syntax region batonFold start="{" end="}" transparent fold

highlight default link batonBlock Structure
highlight default link batonKeyword Keyword
highlight default link batonValue Constant
highlight default link batonNumber Number
highlight default link batonAddress Identifier
highlight default link batonPreProc PreProc
highlight default link batonReference Identifier
highlight default link batonString String
highlight default link batonComment Comment

let b:current_syntax = "baton"
