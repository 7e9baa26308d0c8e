// show_check.hpp - what the rows of the blocks of checks print: the counterpart of set_check.hpp.
#pragma once

#include "config/show.hpp"

namespace baton::config {

void show_checks(Printer& printer, const Keyword& keyword);
void show_alpha(Printer& printer, const Keyword& keyword);
void show_bfd_alpha(Printer& printer, const Keyword& keyword);
void show_http_protocol(Printer& printer, const Keyword& keyword);
void show_sni_name(Printer& printer, const Keyword& keyword);
void show_headers(Printer& printer, const Keyword& keyword);
void show_expire_within(Printer& printer, const Keyword& keyword);
void show_tls_min_version(Printer& printer, const Keyword& keyword);
void show_urls(Printer& printer, const Keyword& keyword);
void show_status_codes(Printer& printer, const Keyword& keyword);
void show_regex_options(Printer& printer, const Keyword& keyword);
void show_regex_stack(Printer& printer, const Keyword& keyword);
void show_misc_path(Printer& printer, const Keyword& keyword);
void show_misc_user(Printer& printer, const Keyword& keyword);
void show_smtp_hosts(Printer& printer, const Keyword& keyword);
void show_payload(Printer& printer, const Keyword& keyword);
void show_require_reply(Printer& printer, const Keyword& keyword);
void show_dns_type(Printer& printer, const Keyword& keyword);
void show_file_weight(Printer& printer, const Keyword& keyword);

}  // namespace baton::config
