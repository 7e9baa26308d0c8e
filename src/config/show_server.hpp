// show_server.hpp - what the rows of virtual_server, real_server, virtual_server_group and SSL print.
#pragma once

#include "config/keyword.hpp"
#include "config/printer.hpp"

namespace baton::config {

void show_ssl(Printer& printer, const Keyword& keyword);
void show_server_groups(Printer& printer, const Keyword& keyword);
void show_virtual_servers(Printer& printer, const Keyword& keyword);
void show_ip_family(Printer& printer, const Keyword& keyword);
void show_scheduler(Printer& printer, const Keyword& keyword);
/// flag-1 and flag-2 of schedulers that have no name for them.
void show_plain_flag(Printer& printer, const Keyword& keyword);
void show_hashed(Printer& printer, const Keyword& keyword);
/// Their names with sh and mh.
void show_hash_flag(Printer& printer, const Keyword& keyword);
void show_protocol(Printer& printer, const Keyword& keyword);
void show_service_method(Printer& printer, const Keyword& keyword);
void show_granularity(Printer& printer, const Keyword& keyword);
void show_quorum(Printer& printer, const Keyword& keyword);
void show_sorry_server(Printer& printer, const Keyword& keyword);
void show_sorry_server_inhibit(Printer& printer, const Keyword& keyword);
void show_sorry_server_method(Printer& printer, const Keyword& keyword);
void show_real_servers(Printer& printer, const Keyword& keyword);
void show_server_pools(Printer& printer, const Keyword& keyword);
void show_pool_record(Printer& printer, const Keyword& keyword);
void show_pool_nameserver(Printer& printer, const Keyword& keyword);
void show_method(Printer& printer, const Keyword& keyword);
void show_real_server_alpha(Printer& printer, const Keyword& keyword);
void show_slow_start(Printer& printer, const Keyword& keyword);
void show_real_server_slow_start(Printer& printer, const Keyword& keyword);
void show_max_removed(Printer& printer, const Keyword& keyword);

}  // namespace baton::config
