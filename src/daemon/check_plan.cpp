#include "daemon/check_plan.hpp"

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

/// The Host header without a virtualhost: the address and port that the probe connects to, as keepalived sends it.
std::string host_of(const checkers::Endpoint& to) {
  const auto address = to.address.to_string();
  return (to.address.is_v6() ? '[' + address + ']' : address) + ':' + std::to_string(to.port);
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
  url.host = !from.virtualhost.empty()    ? from.virtualhost
             : !check.virtualhost.empty() ? check.virtualhost
                                          : host_of(to);
  for (const auto& range : from.status_codes)
    url.status_codes.push_back({range.first, range.last});
  if (url.status_codes.empty()) url.status_codes.emplace_back();
  if (check.enable_sni) url.server_name = server_name(from, check);
  return url;
}

/// What all checks over a network have in common, and what this one asks.
template <class Check, class What>
checkers::CheckSpec to_check(const Check& from, const config::RealServer& server, What what) {
  checkers::CheckSpec spec;
  spec.target = to_target(from.target, server);
  spec.what = std::move(what);
  spec.schedule = to_schedule(from.timing);
  return spec;
}

/// Absent: a kind of check that is not carried out, and the server is served without it, as was told when it was read.
std::optional<checkers::CheckSpec> to_spec(const config::Check& from, const config::RealServer& server) {
  using Spec = std::optional<checkers::CheckSpec>;
  return std::visit(
      Overloaded{
          [](const auto&) { return Spec(); },
          [&](const config::TcpCheck& check) -> Spec { return to_check(check, server, checkers::TcpSpec{}); },
          [&](const config::HttpCheck& check) -> Spec {
            checkers::HttpSpec http;
            http.tls = check.tls;
            const auto to = to_target(check.target, server).to;
            for (const auto& url : check.urls)
              http.urls.push_back(to_url(url, check, to));
            return to_check(check, server, std::move(http));
          },
      },
      from);
}

}  // namespace

std::map<MemberKey, std::vector<checkers::CheckSpec>> plan_checks(const config::Config& config) {
  std::map<MemberKey, std::vector<checkers::CheckSpec>> plan;
  for (const auto& service : config.virtual_servers) {
    const auto key = key_of(service);
    if (!key) continue;
    for (const auto& server : service.real_servers) {
      if (!is_reachable(server.tunnel)) continue;
      std::vector<checkers::CheckSpec> specs;
      for (const auto& check : server.checks)
        if (auto spec = to_spec(check, server)) specs.push_back(std::move(*spec));
      // A repeated service replaces the former, as in plan_services.
      if (!specs.empty()) plan.insert_or_assign({*key, key_of(server)}, std::move(specs));
    }
  }
  return plan;
}

}  // namespace baton::daemon
