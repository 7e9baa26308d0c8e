// Whatever a Config may hold can be written down, and reads back as the same.
#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <rapidcheck.h>

#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "config/parse.hpp"

namespace baton::config {
namespace {

using std::chrono::microseconds;

template <class T>
T between(T least, T most) {
  return *rc::gen::inRange<T>(least, most + 1);
}

bool maybe() {
  return *rc::gen::arbitrary<bool>();
}

/// A word as a reader might choose it: plain, or with blanks, comment signs and braces that need quotes.
std::string word() {
  const auto octets = rc::gen::elementOf(std::string("abcXYZ019_-./: #!{};'\\=~@,\t"));
  return *rc::gen::nonEmpty(rc::gen::container<std::string>(octets)) + "x";
}

std::string name() {
  return *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(std::string("abcdefgh0123456789"))));
}

IpAddress ipv4() {
  return IpAddress::v4(*rc::gen::arbitrary<std::uint32_t>());
}

Duration time(std::int64_t least) {
  return microseconds(between<std::int64_t>(least, 4'294'967'295));
}

std::uint16_t port() {
  return between<std::uint16_t>(1, 65534);
}

VirtualAddress address() {
  VirtualAddress entry;
  entry.address = ipv4();
  entry.prefix_length = between<std::uint8_t>(0, 32);
  if (maybe()) entry.device = name();
  entry.scope = static_cast<Scope>(between(0, 255));
  if (maybe()) entry.label = name().substr(0, 15);
  if (maybe()) entry.broadcast = ipv4();
  return entry;
}

std::optional<ScriptIndex> script(Config& config) {
  if (maybe()) return std::nullopt;
  Script script;
  script.arguments.push_back("/" + name());
  const int count = between(0, 3);
  for (int i = 0; i < count; ++i) {
    std::string argument = *rc::gen::arbitrary<std::string>();
    std::erase(argument, '\0');
    script.arguments.push_back(argument);
  }
  if (maybe()) script.user = name();
  if (!script.user.empty() && maybe()) script.group = name();
  config.scripts.push_back(script);
  return static_cast<ScriptIndex>(config.scripts.size() - 1);
}

VrrpInstance instance(Config& config, std::uint8_t vrid) {
  VrrpInstance instance;
  instance.name = word() + std::to_string(vrid);
  instance.state = static_cast<WantedState>(between(0, 2));
  instance.interface = word();
  instance.vrid = Vrid{vrid};
  instance.priority = between<std::uint8_t>(1, 254);
  instance.version = between<std::uint8_t>(2, 3);
  instance.advert_int = instance.version == 2 ? Duration(std::chrono::seconds(between(1, 255)))
                                              : std::chrono::milliseconds(10) * between(1, 4095);
  if (instance.version == 2 && maybe()) {
    instance.auth_type = instance.state == WantedState::master || maybe() ? AuthType::pass : AuthType::ah;
    instance.auth_pass = word().substr(0, 8);
  }
  std::set<IpAddress> seen;
  const int count = between(1, 5);
  for (int i = 0; i < count; ++i) {
    const VirtualAddress entry = address();
    if (seen.insert(entry.address).second) instance.virtual_addresses.push_back(entry);
  }
  const bool is_backup = instance.state == WantedState::backup;
  if (is_backup && maybe())
    instance.nopreempt = true;
  else if (is_backup)
    instance.preempt_delay = microseconds(between(0, 1'000'000'000));
  for (auto* notify : {&instance.notify_backup, &instance.notify_master, &instance.notify_fault, &instance.notify_stop,
                       &instance.notify})
    *notify = script(config);
  return instance;
}

CheckTiming timing() {
  return {time(1), time(0), time(1), time(0), between<unsigned>(0, 1000)};
}

CheckTarget target() {
  CheckTarget target;
  if (maybe()) target.connect_ip = ipv4();
  if (maybe()) target.connect_port = port();
  if (maybe()) target.bindto = ipv4();
  if (maybe()) target.bind_port = port();
  if (maybe()) target.bind_if = name().substr(0, 15);
  target.fwmark = *rc::gen::arbitrary<std::uint32_t>();
  return target;
}

std::optional<bool> boolean() {
  if (maybe()) return std::nullopt;
  return maybe();
}

CheckMode mode() {
  return {maybe(), boolean()};
}

template <class Kind>
Kind probe() {
  Kind check;
  check.target = target();
  check.timing = timing();
  check.mode = mode();
  return check;
}

HttpUrl url() {
  HttpUrl url;
  url.path = word();
  if (maybe()) url.digest = "0123456789abcdef0123456789abcdef";
  if (maybe()) url.status_codes = {{between<std::uint16_t>(100, 299), between<std::uint16_t>(299, 599)}};
  if (maybe()) url.virtualhost = word();
  if (maybe()) url.regex = word();
  url.regex_options = RegexOptions(*rc::gen::arbitrary<std::uint32_t>());
  url.regex_no_match = maybe();
  url.regex_min_offset = between<std::uint32_t>(0, 1000);
  if (maybe()) url.regex_max_offset = between<std::uint32_t>(0, 4'294'967'294);
  if (maybe()) url.regex_stack = RegexStack{between<std::uint32_t>(0, 1000), between<std::uint32_t>(1000, 2000)};
  return url;
}

HttpCheck http_check() {
  auto check = probe<HttpCheck>();
  check.tls = maybe();
  const int count = between(1, 3);
  for (int i = 0; i < count; ++i) {
    check.urls.push_back(url());
    if (check.tls) check.urls.back().tls_compliant = boolean();
  }
  if (maybe()) check.virtualhost = word();
  check.http_protocol = static_cast<HttpProtocol>(between(0, 2));
  check.enable_sni = maybe();
  if (check.enable_sni && maybe()) check.sni_name = word();
  check.fast_recovery = maybe();
  check.tls_compliant = check.tls && maybe();
  return check;
}

MiscCheck misc_check(Config& config) {
  MiscCheck check;
  Script script;
  script.arguments = {"/" + name(), word()};
  if (maybe()) script.user = name();
  if (!script.user.empty() && maybe()) script.group = name();
  config.scripts.push_back(script);
  check.misc_path = static_cast<ScriptIndex>(config.scripts.size() - 1);
  check.misc_timeout = std::chrono::seconds(between(1, 4294));
  check.misc_dynamic = maybe();
  check.timing = timing();
  check.timing.connect_timeout = CheckTiming{}.connect_timeout;  // has none
  check.mode = mode();
  return check;
}

SmtpCheck smtp_check() {
  auto check = probe<SmtpCheck>();
  if (maybe()) check.helo_name = word();
  const int count = between(0, 2);
  for (int i = 0; i < count; ++i)
    check.hosts.push_back(probe<SmtpHost>());
  return check;
}

UdpCheck udp_check() {
  auto check = probe<UdpCheck>();
  check.payload = *rc::gen::arbitrary<std::vector<std::uint8_t>>();
  check.require_reply = maybe();
  const int count = check.require_reply ? between(0, 3) : 0;
  for (int i = 0; i < count; ++i) {
    const auto mask = *rc::gen::element<std::uint8_t>(0, 0x0f, 0xf0, 0xff);
    check.reply.push_back({static_cast<std::uint8_t>(between(0, 255) & mask), mask});
  }
  check.min_reply_length = between<std::uint16_t>(0, 300);
  check.max_reply_length = between<std::uint16_t>(300, 65534);
  return check;
}

DnsCheck dns_check() {
  auto check = probe<DnsCheck>();
  check.type = *rc::gen::element(DnsType::a, DnsType::ns, DnsType::cname, DnsType::soa, DnsType::mx, DnsType::txt,
                                 DnsType::aaaa, DnsType::rrsig, DnsType::dnskey);
  if (maybe()) check.name = name().substr(0, 63) + ".example";
  return check;
}

Check check(Config& config) {
  switch (between(0, 6)) {
    case 0: return probe<TcpCheck>();
    case 1: return misc_check(config);
    case 2: return smtp_check();
    case 3: return probe<PingCheck>();
    case 4: return udp_check();
    case 5: return dns_check();
    default: return http_check();
  }
}

Family family() {
  return maybe() ? Family::ipv4 : Family::ipv6;
}

Tunnel tunnel(LbKind kind) {
  if (kind != LbKind::tun) return {};
  Tunnel tunnel;
  tunnel.type = static_cast<Tunnel::Type>(between(0, 2));
  if (tunnel.type == Tunnel::Type::gue) tunnel.port = port();
  if (tunnel.type == Tunnel::Type::gre) tunnel.checksum = static_cast<Tunnel::Checksum>(between(0, 1));
  if (tunnel.type == Tunnel::Type::gue) tunnel.checksum = static_cast<Tunnel::Checksum>(between(0, 2));
  return tunnel;
}

VirtualServerGroup group(int index) {
  VirtualServerGroup group;
  group.name = word() + std::to_string(index);
  const int count = between(0, 3);
  for (int i = 0; i < count; ++i) {
    const IpAddress first = ipv4();
    const IpAddress second = ipv4();
    group.addresses.push_back({std::min(first, second), std::max(first, second), port(), {}});
  }
  if (group.addresses.empty() || maybe())
    group.marks.push_back({between<std::uint32_t>(1, 4'294'967'294), family(), {}});
  if (maybe()) group.marks.push_back({1, std::nullopt, {}});
  return group;
}

/// Forwarding by TUN may mix families, and DR and TUN of a service by mark or group keep no port.
RealServer real_server(Config& config, const VirtualServer& server, std::uint8_t index) {
  const auto* by = std::get_if<ServiceAddress>(&server.identity);
  RealServer real;
  real.address = IpAddress::v4({10, 0, 0, index});
  real.lb_kind = by == nullptr ? LbKind::tun : static_cast<LbKind>(between(0, 2));
  real.tunnel = tunnel(real.lb_kind);
  real.port = by == nullptr ? std::uint16_t{0} : real.lb_kind == LbKind::nat ? port() : by->port;
  real.weight = between(1, 65535);
  real.inhibit_on_failure = maybe();
  real.alpha = maybe();
  real.smtp_alert = boolean();
  real.u_threshold = between<std::uint32_t>(0, 1000);
  real.l_threshold = between<std::uint32_t>(0, real.u_threshold);
  real.notify_up = script(config);
  real.notify_down = script(config);
  if (maybe()) real.snmp_name = word();
  const int checks = between(0, 2);
  for (int j = 0; j < checks; ++j)
    real.checks.push_back(check(config));
  return real;
}

void persist(VirtualServer& server) {
  server.persistence_timeout = between<std::uint32_t>(1, 2'678'400);
  const auto* mark = std::get_if<ServiceMark>(&server.identity);
  if (mark != nullptr && mark->family == Family::ipv6)
    server.persistence_granularity = between<std::uint8_t>(1, 128);
  else if (maybe())
    server.persistence_granularity = ipv4();
  if (maybe()) server.persistence_engine = name().substr(0, 16);
}

ServiceIdentity identity(std::uint16_t index) {
  if (maybe()) return ServiceAddress{ipv4(), index};
  return ServiceMark{index, family()};
}

VirtualServer server(Config& config, ServiceIdentity identity, bool is_marked) {
  VirtualServer server;
  server.identity = std::move(identity);
  if (!is_marked) server.protocol = static_cast<Protocol>(between(0, 2));
  server.scheduler = *rc::gen::element<std::string>("rr", "wrr", "lc", "wlc", "sh", "mh");
  server.hashed = server.scheduler == "sh" && maybe();
  server.flag_1 = maybe();
  server.flag_2 = maybe();
  server.flag_3 = maybe();
  server.ops = (is_marked || server.protocol == Protocol::udp) && maybe();
  server.ha_suspend = !is_marked && maybe();
  server.lb_kind = static_cast<LbKind>(between(0, 2));
  server.tunnel = tunnel(server.lb_kind);
  if (maybe()) persist(server);
  server.smtp_alert = boolean();
  server.alpha = maybe();
  server.omega = maybe();
  if (maybe()) server.snmp_name = word();
  server.quorum_up = script(config);
  server.quorum_down = script(config);
  const auto* by = std::get_if<ServiceAddress>(&server.identity);
  const std::uint16_t port_number = by == nullptr ? std::uint16_t{0} : by->port;
  if (maybe()) server.sorry_server = SorryServer{ipv4(), port_number, LbKind::tun, tunnel(LbKind::tun), maybe(), {}};
  std::uint32_t total = 0;
  const std::uint8_t count = between<std::uint8_t>(1, 4);
  for (std::uint8_t i = 0; i < count; ++i) {
    server.real_servers.push_back(real_server(config, server, i));
    total += static_cast<std::uint32_t>(server.real_servers.back().weight);
  }
  server.quorum = between<std::uint32_t>(1, total);
  server.hysteresis = between<std::uint32_t>(0, server.quorum - 1);
  return server;
}

Config configuration() {
  Config config;
  if (maybe()) config.global.router_id = word();
  if (maybe()) config.global.notification_email = {word(), word()};
  if (maybe()) config.global.notification_email_from = word();
  if (maybe()) config.global.smtp_server = word();
  if (!config.global.smtp_server.empty()) config.global.smtp_port = port();
  if (maybe()) config.global.smtp_connect_timeout = std::chrono::seconds(between(1, 4294));
  if (maybe()) config.global.script_user = name();
  if (!config.global.script_user.empty() && maybe()) config.global.script_group = name();
  config.global.vrrp_version = between<std::uint8_t>(2, 3);
  config.global.enable_script_security = maybe();
  const int instances = between(0, 3);
  for (int i = 1; i <= instances; ++i)
    config.vrrp_instances.push_back(instance(config, static_cast<std::uint8_t>(i)));
  if (maybe()) config.ssl = SslMaterial{word(), word(), "", word(), {}};
  const int groups = between(0, 2);
  for (int i = 1; i <= groups; ++i)
    config.virtual_server_groups.push_back(group(i));
  const int servers = between(0, 3);
  for (int i = 1; i <= servers; ++i) {
    auto by = identity(static_cast<std::uint16_t>(i));
    const bool is_marked = std::holds_alternative<ServiceMark>(by);
    config.virtual_servers.push_back(server(config, std::move(by), is_marked));
  }
  // Those of groups come last, as they are resolved when all groups are read.
  for (const VirtualServerGroup& by : config.virtual_server_groups)
    if (maybe())
      config.virtual_servers.push_back(server(config, ServiceGroup{by.name, family()}, by.addresses.empty()));
  return config;
}

template <class Kind>
void clear_places(Kind& check) {
  check.position = {};
  if constexpr (requires { check.hosts; })
    for (SmtpHost& host : check.hosts)
      host.position = {};
}

/// Without the places, which a dump cannot keep.
Config placeless(Config config) {
  config.global.script_user_position = {};
  for (Script& script : config.scripts)
    script.position = {};
  for (VrrpInstance& instance : config.vrrp_instances) {
    instance.position = instance.interface_position = {};
    for (VirtualAddress& entry : instance.virtual_addresses)
      entry.position = {};
  }
  if (config.ssl) config.ssl->position = {};
  for (VirtualServerGroup& group : config.virtual_server_groups) {
    group.position = {};
    for (GroupAddresses& entry : group.addresses)
      entry.position = {};
    for (GroupMark& mark : group.marks)
      mark.position = {};
  }
  for (VirtualServer& server : config.virtual_servers) {
    server.position = {};
    if (server.sorry_server) server.sorry_server->position = {};
    for (RealServer& real : server.real_servers) {
      real.position = {};
      for (Check& check : real.checks)
        std::visit([](auto& any) { clear_places(any); }, check);
    }
  }
  return config;
}

bool has_long_line(const std::string& text) {
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    if (end - start > 1000) return true;
    start = end + 1;
  }
  return false;
}

TEST_CASE("a Config that is written down reads back as the same") {
  const bool holds = rc::check([] {
    const Config config = configuration();
    const std::string text = dump(config);
    RC_PRE(!has_long_line(text));
    const Parsed parsed = parse(text, "dump");
    RC_LOG() << text << parsed.diagnostics.render_all();
    RC_ASSERT(!parsed.diagnostics.has_errors());
    RC_ASSERT(parsed.diagnostics.exit_status() == 0);
    RC_ASSERT(dump(parsed.config) == text);
    RC_ASSERT(placeless(parsed.config) == config);
  });
  CHECK(holds);
}

}  // namespace
}  // namespace baton::config
