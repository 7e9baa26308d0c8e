// fuzz_config_parse.cpp - any bytes as a configuration: diagnostics in bounds, a Config fit to run, its dump read back
// alike.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "config/dump.hpp"
#include "config/lexer.hpp"
#include "config/parse.hpp"
#include "core/assert.hpp"

using namespace baton;
using namespace baton::config;

namespace {

void check_diagnostics(const Diagnostics& diagnostics, std::string_view text) {
  const auto& all = diagnostics.all();
  ASSERT(all.size() <= Diagnostics::kMaxShown);
  ASSERT(diagnostics.suppressed() == 0 || all.size() == Diagnostics::kMaxShown);
  ASSERT(std::ranges::is_sorted(all, {}, &Diagnostic::position));
  constexpr std::size_t kRendered = 10;  // showing takes longer than finding
  std::size_t rendered = 0;
  const auto lines = static_cast<std::uint32_t>(std::ranges::count(text, '\n')) + 1;
  for (const Diagnostic& diagnostic : all) {
    ASSERT(diagnostic.position.line <= lines && diagnostic.position.column <= text.size() + 1);
    ASSERT(!diagnostic.text.empty() && diagnostic.length > 0);
    ASSERT(diagnostic.refusal == 0 || diagnostic.severity == Severity::error);
    if (rendered++ >= kRendered) continue;
    const std::string shown = diagnostics.render(diagnostic) + diagnostics.render_line(diagnostic);
    ASSERT(shown.size() < 8000);
    ASSERT(std::ranges::all_of(shown, [](char c) { return static_cast<unsigned char>(c) >= ' ' || c == '\n'; }));
  }
  const std::set<int> statuses = {0, 2, 4, 5, 6};
  ASSERT(statuses.contains(diagnostics.exit_status()) && statuses.contains(diagnostics.refusal()));
  ASSERT(diagnostics.refusal() == 0 || (diagnostics.has_errors() && diagnostics.exit_status() != 0));
}

void check_instances(const Config& config) {
  std::set<std::string> names;
  std::set<std::tuple<Family, std::string, std::uint8_t, std::optional<IpAddress>>> routers;  // by multicast
  for (const VrrpInstance& instance : config.vrrp_instances) {
    ASSERT(!instance.name.empty() && names.insert(instance.name).second);
    ASSERT(!instance.interface.empty() && number(instance.vrid) > 0 && instance.priority > 0);
    if (instance.unicast_peers.empty())
      ASSERT(routers.emplace(instance.family, instance.interface, number(instance.vrid), instance.mcast_dst_ip).second);
    ASSERT(instance.version == 2 || instance.version == 3);
    const Duration unit = instance.version == 2 ? Duration(std::chrono::seconds{1}) : std::chrono::milliseconds{10};
    const Duration most =
        instance.version == 2 ? Duration(std::chrono::seconds{255}) : std::chrono::milliseconds{40950};
    ASSERT(instance.advert_int >= unit && instance.advert_int <= most &&
           instance.advert_int % unit == Duration::zero());
    ASSERT(instance.auth_pass.size() <= 8 && (instance.auth_pass.empty() || instance.version == 2));
    ASSERT(instance.virtual_addresses.size() <= 255);
    for (const VirtualAddress& entry : instance.virtual_addresses)
      ASSERT(entry.address.family() == instance.family && entry.prefix_length <= max_prefix_length(instance.family) &&
             entry.label.size() <= 15);
    for (const auto& script :
         {instance.notify_master, instance.notify_backup, instance.notify_fault, instance.notify_stop, instance.notify})
      ASSERT(!script || *script < config.scripts.size());
  }
  for (const Script& script : config.scripts)
    ASSERT(!script.arguments.empty() && !script.arguments[0].empty());
}

void check_timing(const CheckTiming& timing) {
  ASSERT(timing.delay_loop > Duration::zero() && timing.connect_timeout > Duration::zero());
  ASSERT(timing.delay_before_retry >= Duration::zero() && timing.warmup >= Duration::zero());
}

void check_check(const Config& config, const Check& check) {
  if (const auto* http = std::get_if<HttpCheck>(&check)) {
    ASSERT(!http->urls.empty());
    for (const HttpUrl& url : http->urls) {
      ASSERT(!url.path.empty() && (url.digest.empty() || url.digest.size() == 32));
      for (const auto& [first, last] : url.status_codes)
        ASSERT(first >= 100 && first <= last && last <= 599);
    }
  }
  if (const auto* udp = std::get_if<UdpCheck>(&check)) ASSERT(udp->require_reply || udp->reply.empty());
  if (const auto* dns = std::get_if<DnsCheck>(&check)) ASSERT(!dns->name.empty());
  if (const auto* misc = std::get_if<MiscCheck>(&check))
    ASSERT(misc->misc_path < config.scripts.size() && misc->misc_timeout > Duration::zero());
  std::visit(
      [](const auto& any) {
        if constexpr (requires { any.target; }) ASSERT(any.target.bind_if.size() <= 15);
        if constexpr (requires { any.timing; }) check_timing(any.timing);
        if constexpr (requires { any.hosts; })
          for (const SmtpHost& host : any.hosts)
            check_timing(host.timing);
      },
      check);
}

void check_real_servers(const Config& config, const VirtualServer& server) {
  const auto* by = std::get_if<ServiceAddress>(&server.identity);
  std::set<std::tuple<IpAddress, std::uint16_t>> dests;
  std::uint64_t total = 0;
  for (const RealServer& real : server.real_servers) {
    ASSERT(dests.emplace(real.address, real.port).second);
    ASSERT(real.weight >= 0 && real.weight <= 65535 && real.l_threshold <= real.u_threshold);
    ASSERT(by == nullptr || real.lb_kind == LbKind::nat || real.port == by->port);
    ASSERT(by == nullptr || real.lb_kind == LbKind::tun || real.address.family() == by->address.family());
    total += static_cast<std::uint64_t>(real.weight);
    for (const Check& check : real.checks)
      check_check(config, check);
  }
  ASSERT(server.quorum <= total && server.hysteresis <= server.quorum);
  ASSERT(server.hysteresis == 0 || server.hysteresis < server.quorum);
}

void check_servers(const Config& config) {
  std::set<std::tuple<IpAddress, std::uint16_t, Protocol>> services;
  for (const VirtualServer& server : config.virtual_servers) {
    if (const auto* by = std::get_if<ServiceAddress>(&server.identity)) {
      ASSERT(services.emplace(by->address, by->port, server.protocol.value()).second);
      ASSERT(by->port > 0 || server.persistence_timeout);
    }
    ASSERT(!server.scheduler.empty() && !server.real_servers.empty());
    check_real_servers(config, server);
  }
}

/// The dump says the same in other words, so it has no mistakes and says itself.
void check_dump(const Config& config) {
  const std::string once = dump(config);
  std::size_t longest = 0;
  for (std::size_t start = 0; start < once.size();) {
    const std::size_t end = std::min(once.find('\n', start), once.size());
    longest = std::max(longest, end - start);
    start = end + 1;
  }
  if (longest > kMaxLineLength) return;  // values spelled out can be longer than a line may be
  const Parsed again = parse(once, "dump");
  ASSERT(!again.diagnostics.has_errors());
  ASSERT(dump(again.config) == once);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Parsed parsed = parse(text, "fuzz.conf");
  check_diagnostics(parsed.diagnostics, text);
  check_instances(parsed.config);
  check_servers(parsed.config);
  check_dump(parsed.config);
  Environment environment;
  const auto is_short = [](std::string_view name) { return name.size() < 6; };
  environment.interface_exists = environment.executable_exists = is_short;
  environment.user_exists = environment.group_exists = is_short;
  check_environment(environment, parsed);
  check_diagnostics(parsed.diagnostics, text);
  check_instances(parsed.config);
  return 0;
}
