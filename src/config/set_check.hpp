// set_check.hpp - what the rows of the blocks of checks do with a line.
#pragma once

#include "config/setters.hpp"

namespace baton::config {

/// Begins a check of this kind.
template <class Kind>
bool open_check(Builder& builder, const Line& line) {
  builder.check = {};
  builder.check.settled = Kind{};
  builder.probe = {};
  builder.probe.place = line.words[0].place;
  return true;
}
bool open_ssl_get(Builder& builder, const Line& line);
void close_check(Builder& builder);

// What most checks have.
bool set_connect_ip(Builder& builder, const Line& line);
bool set_bindto(Builder& builder, const Line& line);
bool set_bind_if(Builder& builder, const Line& line);

// HTTP_GET, SSL_GET and their urls
void close_http_check(Builder& builder);
bool set_http_protocol(Builder& builder, const Line& line);
bool set_sni_name(Builder& builder, const Line& line);
bool set_request_method(Builder& builder, const Line& line);
bool add_header(Builder& builder, const Line& line);
bool set_expire_within(Builder& builder, const Line& line);
bool set_tls_min_version(Builder& builder, const Line& line);
bool open_url(Builder& builder, const Line& line);
void close_url(Builder& builder);
bool set_path(Builder& builder, const Line& line);
bool set_digest(Builder& builder, const Line& line);
bool add_status_codes(Builder& builder, const Line& line);
bool set_regex(Builder& builder, const Line& line);
bool add_regex_options(Builder& builder, const Line& line);
bool set_regex_no_match(Builder& builder, const Line& line);
bool set_regex_min_offset(Builder& builder, const Line& line);
bool set_regex_max_offset(Builder& builder, const Line& line);
bool set_regex_stack(Builder& builder, const Line& line);

// MISC_CHECK
void close_misc_check(Builder& builder);
bool set_misc_path(Builder& builder, const Line& line);
bool set_misc_user(Builder& builder, const Line& line);

// SMTP_CHECK
bool open_smtp_host(Builder& builder, const Line& line);
void close_smtp_host(Builder& builder);

// UDP_CHECK
void close_udp_check(Builder& builder);
bool set_payload(Builder& builder, const Line& line);
bool set_require_reply(Builder& builder, const Line& line);

// DNS_CHECK
bool set_dns_type(Builder& builder, const Line& line);
bool set_dns_name(Builder& builder, const Line& line);

// FILE_CHECK, BFD_CHECK
void close_file_check(Builder& builder);
bool set_followed_file(Builder& builder, const Line& line);
bool set_file_weight(Builder& builder, const Line& line);
void close_bfd_check(Builder& builder);
bool set_followed_bfd(Builder& builder, const Line& line);

}  // namespace baton::config
