#include "config/field.hpp"
#include "config/keywords.hpp"
#include "config/set_check.hpp"
#include "config/show_check.hpp"

namespace baton::config {
namespace {

constexpr auto kMiscCheck = std::to_array<Keyword>({
    {"retry",
     integer(0, kUnlimited),
     "server default (0)",
     "Extra attempts before the server counts as failed",
     {.set = set_retry, .show = show_number<&CheckTiming::retry, When::always>}},
    {"misc_path",
     lenient(script()),
     "none (required)",
     "Command; run through the shell if it is not executable content",
     {.set = set_misc_path, .show = show_misc_path}},
    {"misc_timeout",
     integer(0, 4294, "s"),
     "delay_loop of the service",
     "Run time after which it counts as failed",
     {.set = set_integer<&CheckDraft::misc_timeout>, .show = show_seconds<&MiscCheck::misc_timeout, When::always>}},
    {"misc_dynamic", none(), "off", "Exit codes 2-255 set the weight to code-2",
     flag_field<&MiscCheck::misc_dynamic>()},
    {"user",
     lenient(text("<user> [[:]<group>]")),
     "script_user",
     "User and group of the command",
     {.set = set_misc_user, .show = show_misc_user}},
});

constexpr auto kRetriedAfterOneSecond = std::to_array<Keyword>({
    {"delay_before_retry",
     seconds(0, kUnlimitedSeconds),
     "server default (1)",
     "Pause before a retry",
     {.set = set_timing<&TimingDraft::delay_before_retry>,
      .show = show_seconds<&CheckTiming::delay_before_retry, When::always>}},
});

constexpr auto kEveryCheck = std::to_array<Keyword>({
    {"warmup",
     seconds(0, kUnlimitedSeconds),
     "server default (delay_loop)",
     "Bound of the random start delay",
     {.set = set_timing<&TimingDraft::warmup>, .show = show_seconds<&CheckTiming::warmup, When::always>}},
    {"delay_loop",
     seconds(1, kUnlimitedSeconds),
     "server default (60)",
     "Interval between checks",
     {.set = set_timing<&TimingDraft::delay_loop>, .show = show_seconds<&CheckTiming::delay_loop, When::always>}},
    {"alpha",
     boolean(),
     "server default",
     "Start as failed until the first success",
     {.set = set_boolean<&ProbeDraft::alpha>, .show = show_alpha}},
    {"log_all_failures",
     boolean(),
     "global (off)",
     "Log each failed attempt",
     {.set = set_boolean<&ProbeDraft::log_all_failures>, .show = show_boolean<&CheckMode::log_all_failures>}},
});

constexpr auto kNetworkCheck = std::to_array<Keyword>({
    {"connect_ip",
     address(),
     "real server address",
     "Address to check instead of the real server",
     {.set = set_connect_ip, .show = show_address<&CheckTarget::connect_ip>}},
    {"connect_port",
     integer(1, 65535),
     "real server port",
     "Port to check",
     {.set = set_integer<&CheckTarget::connect_port>, .show = show_number<&CheckTarget::connect_port>}},
    {"bindto", address(), "any", "Local address", {.set = set_bindto, .show = show_address<&CheckTarget::bindto>}},
    {"bind_port",
     integer(1, 65535),
     "any",
     "Local port",
     {.set = set_integer<&CheckTarget::bind_port>, .show = show_number<&CheckTarget::bind_port>}},
    {"bind_if",
     word("<if>"),
     "",
     "Local interface (needed for IPv6 link-local addresses)",
     {.set = set_bind_if, .show = show_word<&CheckTarget::bind_if>}},
    {"connect_timeout",
     seconds(1, 4294967295),
     "server default (5)",
     "Time allowed for the connection and for each wait",
     {.set = set_timing<&TimingDraft::connect_timeout>,
      .show = show_seconds<&CheckTiming::connect_timeout, When::always>}},
    {"latency_limit", seconds(0, kUnlimitedSeconds), "0 (none)", "A probe that passes, but takes longer, has failed",
     own({.set = set_timing<&TimingDraft::latency_limit>, .show = show_seconds<&CheckTiming::latency_limit>})},
});

constexpr auto kMarkedCheck = std::to_array<Keyword>({
    {"fwmark",
     integer(0, kUnlimited),
     "0",
     "Mark of outgoing packets",
     {.set = set_integer<&CheckTarget::fwmark>, .show = show_number<&CheckTarget::fwmark>}},
});

constexpr auto kRetriedOnce = std::to_array<Keyword>({
    {"retry",
     integer(0, kUnlimited),
     "server default (1)",
     "Extra attempts before the server counts as failed",
     {.set = set_retry, .show = show_number<&CheckTiming::retry, When::always>}},
});

constexpr auto kSmtpCheck = std::to_array<Keyword>({
    {"helo_name", lenient(word("<string>")), "smtpchecker.keepalived.org", "Argument of HELO",
     word_field<&SmtpCheck::helo_name>()},
    {"host",
     repeated(block()),
     "",
     "Old style: one address/port set to check per block; deprecated",
     {.set = open_smtp_host, .opens = Block::smtp_host, .close = close_smtp_host, .show = show_smtp_hosts}},
});

constexpr auto kPingCheck = std::to_array<Keyword>({
    {"fwmark", integer(0, kUnlimited), "0", "Mark of outgoing packets", integer_field<&CheckTarget::fwmark>()},
});

constexpr auto kUdpCheck = std::to_array<Keyword>({
    {"payload",
     lenient(text("<hex digits>...")),
     "32 text bytes",
     "Datagram to send",
     {.set = set_payload, .show = show_payload}},
    {"require_reply",
     optional(text("<hex digits, x or X = any nibble>...")),
     "off",
     "A reply must arrive (and match the pattern)",
     {.set = set_require_reply, .show = show_require_reply}},
    {"min_reply_length", integer(0, 65535), "0", "Shortest acceptable reply; only checked with a reply pattern",
     integer_field<&UdpCheck::min_reply_length>()},
    {"max_reply_length", integer(0, 65535), "255", "Longest acceptable reply; only checked with a reply pattern",
     integer_field<&UdpCheck::max_reply_length>()},
});

constexpr auto kPageCheck = std::to_array<Keyword>({
    {"delay_before_retry",
     seconds(0, kUnlimitedSeconds),
     "server default (3)",
     "Pause before a retry",
     {.set = set_timing<&TimingDraft::delay_before_retry>,
      .show = show_seconds<&CheckTiming::delay_before_retry, When::always>}},
    {"nb_get_retry",
     integer(0, kUnlimited),
     "",
     "Deprecated spelling of retry",
     {.set = set_retry, .instead = "retry"}},
    {"virtualhost", lenient(word("<string>")), "real/virtual server value", "Host header and SNI",
     word_field<&HttpCheck::virtualhost>()},
    {"http_protocol",
     lenient(word("1.0|1.0C|1.0c|1.1")),
     "1.0",
     "Request version; 1.0C adds Connection: close to 1.0, 1.1 always sends it",
     {.set = set_http_protocol, .show = show_http_protocol}},
    {"enable_sni", boolean(), "off", "Send SNI (SSL_GET)", boolean_field<&HttpCheck::enable_sni>()},
    {"sni_name", optional(word("<name>")), "virtualhost chain", "SNI value, enables SNI (SSL_GET)",
     since("after 2.4.3", {.set = set_sni_name, .show = show_sni_name})},
    {"fast_recovery", boolean(), "off",
     "After a failed URL recovers do not re-check all URLs before the server counts as up",
     boolean_field<&HttpCheck::fast_recovery>()},
    {"method", word("<method>"), "GET", "Method of the request, such as HEAD or POST",
     own({.set = set_request_method, .show = show_word<&HttpCheck::method>})},
    {"header", repeated(word("<\"name: value\">")), "", "One more header line of the request, or another value of one",
     own({.set = add_header, .show = show_headers})},
    {"body", word("<string>"), "", "Body of the request, sent with its Content-Length",
     own(word_field<&HttpCheck::body>())},
});

constexpr auto kHttpGet = std::to_array<Keyword>({
    {"url",
     repeated(block()),
     "none (required)",
     "One page to fetch; all must pass",
     {.set = open_url, .opens = Block::http_url, .close = close_url, .show = show_urls}},
});

constexpr auto kUrl = std::to_array<Keyword>({
    {"path", word("<path>"), "none (required)", "Request path", {.set = set_path, .show = show_word<&HttpUrl::path>}},
    {"digest", word("<32 hex>"), "", "MD5 of the body that must match",
     first_counts({.set = set_digest, .show = show_word<&HttpUrl::digest>})},
    {"status_code",
     optional(repeated(text("<n>|<n>-<m> ..."))),
     "200-299",
     "Acceptable status codes",
     {.set = add_status_codes, .show = show_status_codes}},
    {"virtualhost", lenient(word("<string>")), "checker value", "Host header and SNI of this page",
     word_field<&HttpUrl::virtualhost>()},
    {"regex",
     optional(word("<pattern>")),
     "",
     "Body must match this PCRE2 pattern; a match spans at most 64 KiB",
     {.set = set_regex, .show = show_word<&HttpUrl::regex>}},
    {"regex_options",
     optional(repeated(text("<option> ..."))),
     "",
     "PCRE2 option words",
     {.set = add_regex_options, .show = show_regex_options}},
    {"regex_no_match",
     none(),
     "off",
     "Invert regex",
     {.set = set_regex_no_match, .show = show_flag<&HttpUrl::regex_no_match>}},
    {"regex_min_offset",
     optional(integer(0, kUnlimited)),
     "0",
     "Match must not start before this offset of the body",
     {.set = set_regex_min_offset, .show = show_number<&HttpUrl::regex_min_offset>}},
    {"regex_max_offset",
     optional(integer(0, kUnlimited)),
     "",
     "Match must start at or before this offset",
     {.set = set_regex_max_offset, .show = show_number<&HttpUrl::regex_max_offset>}},
    {"regex_stack", optional(text("<start bytes> <max bytes>")), "PCRE2 default",
     "JIT stack sizes; the largest over all URLs is used",
     inert({.set = set_regex_stack, .show = show_regex_stack},
           "patterns run without the JIT compiler, in bounded memory")},
});

constexpr auto kSslGet = std::to_array<Keyword>({
    {"tls_compliant", boolean(), "off", "Send the TLS close_notify alert at the end; unknown keyword inside HTTP_GET",
     since("2.2.8", boolean_field<&HttpCheck::tls_compliant>())},
    {"verify", boolean(), "off", "The certificate must be valid, and that of the name that is asked for",
     own(boolean_field<&HttpCheck::verify>())},
    {"ca_file", word("<path>"), "ca of the SSL block, else the system's", "Authorities that verify believes",
     own(word_field<&HttpCheck::ca_file>())},
    {"expire_within", word("<n>d"), "off", "Warn once a day of a certificate that expires within so many days",
     own({.set = set_expire_within, .show = show_expire_within})},
    {"tls_min_version", word("1.0|1.1|1.2|1.3"), "OpenSSL's", "The oldest version of TLS that is spoken",
     own({.set = set_tls_min_version, .show = show_tls_min_version})},
    {"url",
     repeated(block()),
     "none (required)",
     "One page to fetch; all must pass",
     {.set = open_url, .opens = Block::ssl_url, .close = close_url, .show = show_urls}},
});

constexpr auto kSslUrl = std::to_array<Keyword>({
    {"tls_compliant", boolean(), "checker value", "As for the checker, for this page",
     since("2.2.8", boolean_field<&HttpUrl::tls_compliant>())},
});

constexpr auto kDnsCheck = std::to_array<Keyword>({
    {"retry",
     integer(0, kUnlimited),
     "server default (3)",
     "Extra attempts before the server counts as failed",
     {.set = set_retry, .show = show_number<&CheckTiming::retry, When::always>}},
    {"delay_before_retry",
     seconds(0, kUnlimitedSeconds),
     "server default (delay_loop)",
     "Pause before a retry",
     {.set = set_timing<&TimingDraft::delay_before_retry>,
      .show = show_seconds<&CheckTiming::delay_before_retry, When::always>}},
    {"type",
     word("A|NS|CNAME|SOA|MX|TXT|AAAA|RRSIG|DNSKEY"),
     "SOA",
     "Query type, case-insensitive; Baton's own: any other record type by name or as TYPEn",
     {.set = set_dns_type, .show = show_dns_type}},
    {"name", word("<domain>"), ". (root)", "Query name",
     first_counts({.set = set_dns_name, .show = show_word<&DnsCheck::name>})},
});

constexpr auto kFileCheck = std::to_array<Keyword>({
    {"track_file",
     word("<name>"),
     "none (required)",
     "track_file to follow",
     {.set = set_followed_file, .show = show_word<&FileCheck::track_file>}},
    {"weight",
     lenient(text("<int:-2147483647-2147483647> [reverse|noreverse]")),
     "weight of the track_file",
     "Multiplier of the file value added to the weight",
     {.set = set_file_weight, .show = show_file_weight}},
});

constexpr auto kBfdCheck = std::to_array<Keyword>({
    {"name",
     lenient(text("<bfd_instance>")),
     "none (required)",
     "BFD session to follow",
     {.set = set_followed_bfd, .show = show_word<&BfdCheck::name>}},
    {"alpha",
     boolean(),
     "server default",
     "Start down until the session is up",
     {.set = set_boolean<&ProbeDraft::alpha>, .show = show_bfd_alpha}},
});

constexpr auto kCheckerSections = std::to_array<Section>({
    {{Block::misc_check}, kMiscCheck},
    {{Block::misc_check, Block::smtp_check, Block::smtp_host, Block::tcp_check, Block::ping_check, Block::udp_check},
     kRetriedAfterOneSecond},
    {{Block::misc_check, Block::smtp_check, Block::smtp_host, Block::tcp_check, Block::ping_check, Block::udp_check,
      Block::http_get, Block::ssl_get, Block::dns_check},
     kEveryCheck},
    {{Block::smtp_check, Block::smtp_host, Block::tcp_check, Block::ping_check, Block::udp_check, Block::http_get,
      Block::ssl_get, Block::dns_check},
     kNetworkCheck},
    {{Block::smtp_check, Block::smtp_host, Block::tcp_check, Block::udp_check, Block::http_get, Block::ssl_get,
      Block::dns_check},
     kMarkedCheck},
    {{Block::smtp_check, Block::smtp_host, Block::tcp_check, Block::ping_check, Block::udp_check, Block::http_get,
      Block::ssl_get},
     kRetriedOnce},
    {{Block::smtp_check}, kSmtpCheck},
    {{Block::ping_check}, kPingCheck},
    {{Block::udp_check}, kUdpCheck},
    {{Block::http_get, Block::ssl_get}, kPageCheck},
    {{Block::http_get}, kHttpGet},
    {{Block::http_url, Block::ssl_url}, kUrl},
    {{Block::ssl_get}, kSslGet},
    {{Block::ssl_url}, kSslUrl},
    {{Block::dns_check}, kDnsCheck},
    {{Block::file_check}, kFileCheck},
    {{Block::bfd_check}, kBfdCheck},
});

}  // namespace

std::span<const Section> checker_keywords() {
  return kCheckerSections;
}

}  // namespace baton::config
