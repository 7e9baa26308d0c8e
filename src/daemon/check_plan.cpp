#include "daemon/check_plan.hpp"

#include <string_view>
#include <utility>

#include "checkers/http_request.hpp"
#include "checkers/regex_search.hpp"
#include "config/regex_option.hpp"
#include "core/overloaded.hpp"

namespace baton::daemon {

namespace {

checkers::Schedule to_schedule(const config::CheckTiming& from) {
  checkers::Schedule to;
  to.delay_loop = from.delay_loop;
  to.delay_before_retry = from.delay_before_retry;
  to.connect_timeout = from.connect_timeout;
  to.warmup = from.warmup;
  to.retry = from.retry;
  to.latency_limit = from.latency_limit;
  return to;
}

checkers::Target to_target(const config::CheckTarget& from, const config::RealServer& server) {
  checkers::Target to;
  to.to = {from.connect_ip.value_or(server.address), from.connect_port.value_or(server.port)};
  if (from.bindto || from.bind_port)
    to.from = checkers::Endpoint{from.bindto.value_or(to.to.address.is_v4() ? IpAddress{} : IpAddress::v6({})),
                                 from.bind_port.value_or(0)};
  to.bind_if = from.bind_if;
  to.fwmark = from.fwmark;
  return to;
}

checkers::RegexSpec to_regex(const config::HttpUrl& from) {
  checkers::RegexSpec regex;
  regex.pattern = from.regex;
  for (std::size_t i = 0; i < from.regex_options.size(); ++i)
    if (from.regex_options.test(i)) regex.options |= checkers::regex_option(config::kRegexOptionNames.at(i));
  regex.no_match = from.regex_no_match;
  regex.min_offset = from.regex_min_offset;
  regex.max_offset = from.regex_max_offset;
  return regex;
}

/// SNI: sni_name, or the virtualhost of the page, the check, the real server or the virtual server; may be empty.
const std::string& server_name(const config::HttpUrl& url, const config::HttpCheck& check) {
  if (!check.sni_name.empty()) return check.sni_name;
  return url.virtualhost.empty() ? check.virtualhost : url.virtualhost;
}

checkers::UrlSpec to_url(const config::HttpUrl& from, const config::HttpCheck& check, const checkers::Endpoint& to) {
  checkers::UrlSpec url;
  url.path = from.path;
  url.digest = from.digest;
  url.tls_compliant = from.tls_compliant.value_or(check.tls_compliant);
  if (!from.regex.empty()) url.regex = Shared(to_regex(from));
  url.host = !from.virtualhost.empty()    ? from.virtualhost
             : !check.virtualhost.empty() ? check.virtualhost
                                          : checkers::default_host(to);
  for (const auto& range : from.status_codes)
    url.status_codes.push_back({range.first, range.last});
  if (url.status_codes.empty()) url.status_codes.emplace_back();
  if (check.enable_sni) url.server_name = server_name(from, check);
  return url;
}

checkers::HttpProtocol to_protocol(config::HttpProtocol from) {
  switch (from) {
    case config::HttpProtocol::v1_0: break;
    case config::HttpProtocol::v1_0_close: return checkers::HttpProtocol::v1_0_close;
    case config::HttpProtocol::v1_1: return checkers::HttpProtocol::v1_1;
  }
  return checkers::HttpProtocol::v1_0;
}

/// None when nothing is asked for that the usual client does not do.
Shared<checkers::TlsSpec> to_tls(const config::HttpCheck& from, const std::optional<config::SslMaterial>& ssl) {
  checkers::TlsSpec tls;
  tls.verify = from.verify;
  tls.minimum = from.tls_min_version;
  tls.expire_within = std::chrono::duration_cast<std::chrono::seconds>(from.expire_within);
  if (ssl) {
    tls.certificate = ssl->certificate;
    tls.key = ssl->key;
    if (!tls.certificate.empty() || !tls.key.empty()) tls.password = ssl->password;
  }
  if (from.verify) tls.ca_file = from.ca_file.empty() && ssl ? ssl->ca : from.ca_file;
  return tls == checkers::TlsSpec{} ? Shared<checkers::TlsSpec>() : Shared(std::move(tls));
}

checkers::HttpSpec to_http(const config::HttpCheck& from, const checkers::Endpoint& to,
                           const std::optional<config::SslMaterial>& ssl) {
  checkers::HttpSpec http;
  http.tls = from.tls;
  http.fast_recovery = from.fast_recovery;
  http.protocol = to_protocol(from.http_protocol);
  for (const auto& url : from.urls)
    http.urls.push_back(to_url(url, from, to));
  if (from.tls) http.tls_options = to_tls(from, ssl);
  if (!from.method.empty() || !from.headers.empty() || !from.body.empty())
    http.request = Shared(checkers::RequestSpec{from.method.empty() ? "GET" : from.method, from.headers, from.body});
  return http;
}

checkers::UdpSpec to_udp(const config::UdpCheck& from) {
  constexpr std::string_view kPayload = "keepalived check - keepalived ch";  // as keepalived, to its 32 octets
  checkers::UdpSpec udp;
  udp.payload = from.payload;
  if (udp.payload.empty()) udp.payload.assign(kPayload.begin(), kPayload.end());
  udp.require_reply = from.require_reply;
  for (const auto& [value, mask] : from.reply)
    udp.reply.push_back({value, mask});
  udp.min_reply_length = from.min_reply_length;
  udp.max_reply_length = from.max_reply_length;
  return udp;
}

/// The probes of one check.
class ProbePlanner {
 public:
  ProbePlanner(const config::Config& config, const config::RealServer& server) : config_(config), server_(server) {}

  std::vector<PlannedProbe> plan(const config::Check& check) {
    std::visit([this](const auto& kind) { add(kind); }, check);
    return std::move(probes_);
  }

 private:
  /// What all checks over a network have in common, and what this one asks.
  template <class Check, class What>
  void add(const Check& from, What what) {
    checkers::CheckSpec spec;
    spec.target = to_target(from.target, server_);
    spec.what = std::move(what);
    spec.schedule = to_schedule(from.timing);
    spec.log_all_failures = from.mode.log_all_failures.value_or(config_.global.lvs.checker_log_all_failures);
    probes_.push_back({std::move(spec), from.mode.alpha});
  }

  void add(const config::TcpCheck& check) { add(check, checkers::TcpSpec{}); }
  void add(const config::HttpCheck& check) {
    add(check, to_http(check, to_target(check.target, server_).to, config_.ssl));
  }
  void add(const config::SmtpCheck& check) {
    constexpr std::string_view kHelo = "smtpchecker.keepalived.org";  // as keepalived
    const checkers::SmtpSpec smtp{check.helo_name.empty() ? std::string(kHelo) : check.helo_name};
    if (check.hosts.empty()) add(check, smtp);
    for (const auto& host : check.hosts)  // then they alone are asked, as keepalived has it
      add(host, smtp);
  }
  void add(const config::DnsCheck& check) {
    add(check, checkers::DnsSpec{static_cast<std::uint16_t>(check.type), check.name});
  }
  void add(const config::UdpCheck& check) { add(check, to_udp(check)); }
  void add(const config::PingCheck& check) { add(check, checkers::PingSpec{}); }
  // Not carried out by a probe.
  void add(const config::MiscCheck& /*check*/) {}
  void add(const config::FileCheck& /*check*/) {}
  void add(const config::BfdCheck& /*check*/) {}

  const config::Config& config_;
  const config::RealServer& server_;
  std::vector<PlannedProbe> probes_;
};

}  // namespace

bool begins_failed(const config::Check& check) {
  const auto alpha = [](const auto& kind) {
    if constexpr (requires { kind.mode; }) return kind.mode.alpha;
    if constexpr (requires { kind.alpha; }) return kind.alpha;
    return false;
  };
  return std::visit(alpha, check);
}

std::vector<PlannedProbe> probes_of(const config::Check& check, const config::RealServer& server,
                                    const config::Config& config) {
  return ProbePlanner(config, server).plan(check);
}

}  // namespace baton::daemon
