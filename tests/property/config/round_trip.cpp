// Whatever a Config may hold can be written down, and reads back as the same.
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
  if (instance.version == 2 && maybe()) instance.auth_pass = word().substr(0, 8);
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
  if (maybe()) target.bind_if = word();
  target.fwmark = *rc::gen::arbitrary<std::uint32_t>();
  return target;
}

Check check() {
  if (maybe()) return TcpCheck{target(), timing(), {}};
  HttpCheck http;
  http.tls = maybe();
  const int count = between(1, 3);
  for (int i = 0; i < count; ++i) {
    HttpUrl url;
    url.path = word();
    if (maybe()) url.digest = "0123456789abcdef0123456789abcdef";
    if (maybe()) url.status_codes = {{between<std::uint16_t>(100, 299), between<std::uint16_t>(299, 599)}};
    if (maybe()) url.virtualhost = word();
    http.urls.push_back(url);
  }
  if (maybe()) http.virtualhost = word();
  http.enable_sni = maybe();
  http.target = target();
  http.timing = timing();
  return http;
}

VirtualServer server(std::uint16_t port_number) {
  VirtualServer server;
  server.address = ipv4();
  server.port = port_number;
  server.protocol = static_cast<Protocol>(between(0, 2));
  server.scheduler = *rc::gen::element<std::string>("rr", "wrr", "lc", "wlc", "sh", "mh");
  server.lb_kind = static_cast<LbKind>(between(0, 2));
  if (maybe()) server.persistence_timeout = between<std::uint32_t>(1, 2'678'400);
  server.alpha = maybe();
  server.omega = maybe();
  if (maybe()) server.sorry_server = SorryServer{ipv4(), port_number, LbKind::dr, maybe(), {}};
  std::uint32_t total = 0;
  const int count = between(1, 4);
  for (int i = 0; i < count; ++i) {
    RealServer real;
    real.address = IpAddress::v4({10, 0, 0, static_cast<std::uint8_t>(i)});
    real.lb_kind = static_cast<LbKind>(between(0, 2));
    real.port = real.lb_kind == LbKind::nat ? port() : port_number;
    real.weight = between(1, 65535);
    real.inhibit_on_failure = maybe();
    real.u_threshold = between<std::uint32_t>(0, 1000);
    real.l_threshold = between<std::uint32_t>(0, real.u_threshold);
    const int checks = between(0, 2);
    for (int j = 0; j < checks; ++j)
      real.checks.push_back(check());
    total += static_cast<std::uint32_t>(real.weight);
    server.real_servers.push_back(real);
  }
  server.quorum = between<std::uint32_t>(1, total);
  server.hysteresis = between<std::uint32_t>(0, server.quorum - 1);
  return server;
}

Config configuration() {
  Config config;
  if (maybe()) config.global.router_id = word();
  if (maybe()) config.global.mail.notification_email = {word(), word()};
  if (maybe()) config.global.mail.notification_email_from = word();
  if (maybe()) config.global.mail.smtp_server = word();
  if (!config.global.mail.smtp_server.empty()) config.global.mail.smtp_port = port();
  if (maybe()) config.global.mail.smtp_connect_timeout = std::chrono::seconds(between(1, 4294));
  if (maybe()) config.global.script_user = name();
  if (!config.global.script_user.empty() && maybe()) config.global.script_group = name();
  config.global.vrrp_version = between<std::uint8_t>(2, 3);
  config.global.enable_script_security = maybe();
  const int instances = between(0, 3);
  for (int i = 1; i <= instances; ++i)
    config.vrrp_instances.push_back(instance(config, static_cast<std::uint8_t>(i)));
  const int servers = between(0, 3);
  for (int i = 1; i <= servers; ++i)
    config.virtual_servers.push_back(server(static_cast<std::uint16_t>(i)));
  return config;
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
  for (VirtualServer& server : config.virtual_servers) {
    server.position = {};
    if (server.sorry_server) server.sorry_server->position = {};
    for (RealServer& real : server.real_servers) {
      real.position = {};
      for (Check& check : real.checks)
        std::visit([](auto& any) { any.position = {}; }, check);
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
