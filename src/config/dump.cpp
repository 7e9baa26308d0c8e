#include "config/dump.hpp"

#include <array>
#include <string_view>
#include <type_traits>

#include "config/argument.hpp"
#include "config/builder.hpp"

namespace baton::config {
namespace {

std::string in_seconds(Duration duration) {
  return decimal(std::chrono::duration_cast<std::chrono::microseconds>(duration).count());
}

/// In double quotes unless it reads as one plain word.
std::string as_word(std::string_view text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:+,=%";
  const bool is_plain = !text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos;
  return is_plain ? std::string(text) : concat("\"", text, "\"");
}

/// A word of a command inside its double quotes.  Escapes are resolved twice there, hence two backslashes.
std::string as_argument(std::string_view text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:+,=%@";
  constexpr std::string_view kSpecial = "\\'\"$";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) return std::string(text);
  std::string out = "'";
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet >= ' ' && octet != 0x7f && kSpecial.find(c) == std::string_view::npos) {
      out += c;
      continue;
    }
    out += "\\\\";
    for (const unsigned shift : {6U, 3U, 0U})
      out += static_cast<char>('0' + (octet >> shift & 7U));
  }
  return out + "'";
}

std::string_view name_of(LbKind kind) {
  constexpr std::array<std::string_view, 3> kNames = {"NAT", "DR", "TUN"};
  return kNames.at(static_cast<std::size_t>(kind));
}

std::string_view name_of(Protocol protocol) {
  constexpr std::array<std::string_view, 3> kNames = {"TCP", "UDP", "SCTP"};
  return kNames.at(static_cast<std::size_t>(protocol));
}

class Dumper {
 public:
  explicit Dumper(const Config& config) : config_(config) {}

  std::string run() {
    globals(config_.global);
    for (const VrrpInstance& entry : config_.vrrp_instances)
      instance(entry);
    for (const VirtualServer& entry : config_.virtual_servers)
      server(entry);
    return std::move(out_);
  }

 private:
  template <class... Parts>
  void line(const Parts&... parts) {
    out_ += std::string(depth_ * 4, ' ') + concat(parts...) + "\n";
  }
  template <class... Parts>
  void open(const Parts&... parts) {
    line(parts..., " {");
    ++depth_;
  }
  void close() {
    --depth_;
    line("}");
  }
  void word(std::string_view keyword, std::string_view value) {
    if (!value.empty()) line(keyword, " ", as_word(value));
  }
  template <class T>
  void number(std::string_view keyword, T value) {
    line(keyword, " ", +value);
  }
  void time(std::string_view keyword, Duration value) { line(keyword, " ", in_seconds(value)); }
  void flag(std::string_view keyword, bool value) {
    if (value) line(keyword);
  }

  void globals(const GlobalDefs& global) {
    open("global_defs");
    word("router_id", global.router_id);
    if (!global.notification_email.empty()) {
      open("notification_email");
      for (const std::string& address : global.notification_email)
        line("\"", address, "\"");
      close();
    }
    word("notification_email_from", global.notification_email_from);
    if (!global.smtp_server.empty()) line("smtp_server ", as_word(global.smtp_server), " ", int{global.smtp_port});
    if (global.smtp_connect_timeout) time("smtp_connect_timeout", *global.smtp_connect_timeout);
    number("vrrp_version", global.vrrp_version);
    flag("enable_script_security", global.enable_script_security);
    if (!global.script_user.empty())
      line("script_user ", as_word(global.script_user),
           global.script_group.empty() ? "" : " " + as_word(global.script_group));
    close();
  }

  void script(std::string_view keyword, const std::optional<ScriptIndex>& index) {
    if (!index) return;
    const Script& script = config_.scripts.at(*index);
    std::string text(keyword);
    for (std::size_t i = 0; i < script.arguments.size(); ++i)
      text += (i == 0 ? " \"" : " ") + as_argument(script.arguments[i]);
    text += "\"";
    if (!script.user.empty()) text += " " + as_word(script.user);
    if (!script.group.empty()) text += " " + as_word(script.group);
    line(text);
  }

  void instance(const VrrpInstance& instance) {
    open("vrrp_instance ", as_word(instance.name));
    if (instance.state != WantedState::unspecified)
      line("state ", instance.state == WantedState::master ? "MASTER" : "BACKUP");
    word("interface", instance.interface);
    number("virtual_router_id", baton::number(instance.vrid));
    number("priority", instance.priority);
    time("advert_int", instance.advert_int);
    number("version", instance.version);
    if (!instance.auth_pass.empty()) {
      open("authentication");
      line("auth_type PASS");
      word("auth_pass", instance.auth_pass);
      close();
    }
    if (!instance.virtual_addresses.empty()) {
      open("virtual_ipaddress");
      for (const VirtualAddress& entry : instance.virtual_addresses)
        address(entry);
      close();
    }
    flag("nopreempt", instance.nopreempt);
    if (instance.preempt_delay > Duration::zero()) time("preempt_delay", instance.preempt_delay);
    script("notify_master", instance.notify_master);
    script("notify_backup", instance.notify_backup);
    script("notify_fault", instance.notify_fault);
    script("notify_stop", instance.notify_stop);
    script("notify", instance.notify);
    close();
  }

  void address(const VirtualAddress& entry) {
    std::string text = concat(entry.address.to_string(), "/", int{entry.prefix_length});
    if (entry.broadcast) text += " brd " + entry.broadcast->to_string();
    if (!entry.device.empty()) text += " dev " + as_word(entry.device);
    if (entry.scope != Scope::global) text += concat(" scope ", int{static_cast<std::uint8_t>(entry.scope)});
    if (!entry.label.empty()) text += " label " + as_word(entry.label);
    line(text);
  }

  void server(const VirtualServer& server) {
    open("virtual_server ", server.address.to_string(), " ", int{server.port});
    line("lb_algo ", server.scheduler);
    line("lb_kind ", name_of(server.lb_kind));
    line("protocol ", name_of(server.protocol));
    if (server.persistence_timeout) number("persistence_timeout", *server.persistence_timeout);
    if (server.quorum > 0) number("quorum", server.quorum);  // 0: the weights are all 0, and make it so
    if (server.hysteresis > 0) number("hysteresis", server.hysteresis);
    flag("alpha", server.alpha);
    flag("omega", server.omega);
    word("virtualhost", server.virtualhost);
    if (server.sorry_server) {
      line("sorry_server ", server.sorry_server->address.to_string(), " ", int{server.sorry_server->port});
      flag("sorry_server_inhibit", server.sorry_server->inhibit);
      line("sorry_server_lvs_method ", name_of(server.sorry_server->lb_kind));
    }
    for (const RealServer& entry : server.real_servers)
      real_server(entry);
    close();
  }

  void real_server(const RealServer& server) {
    open("real_server ", server.address.to_string(), " ", int{server.port});
    number("weight", server.weight);
    line("lvs_method ", name_of(server.lb_kind));
    flag("inhibit_on_failure", server.inhibit_on_failure);
    if (server.u_threshold > 0) number("uthreshold", server.u_threshold);
    if (server.l_threshold > 0) number("lthreshold", server.l_threshold);
    for (const Check& check : server.checks)
      std::visit([this](const auto& kind) { this->check(kind); }, check);
    close();
  }

  void check(const TcpCheck& check) {
    open("TCP_CHECK");
    target(check.target);
    timing(check.timing);
    close();
  }

  void check(const HttpCheck& check) {
    open(check.tls ? "SSL_GET" : "HTTP_GET");
    for (const HttpUrl& entry : check.urls) {
      open("url");
      word("path", entry.path);
      word("digest", entry.digest);
      if (!entry.status_codes.empty()) {
        std::string text = "status_code";
        for (const auto& [first, last] : entry.status_codes)
          text += concat(" ", int{first}, "-", int{last});
        line(text);
      }
      word("virtualhost", entry.virtualhost);
      close();
    }
    word("virtualhost", check.virtualhost);
    flag("enable_sni", check.enable_sni);
    target(check.target);
    timing(check.timing);
    close();
  }

  void target(const CheckTarget& target) {
    if (target.connect_ip) line("connect_ip ", target.connect_ip->to_string());
    if (target.connect_port) number("connect_port", *target.connect_port);
    if (target.bindto) line("bindto ", target.bindto->to_string());
    if (target.bind_port) number("bind_port", *target.bind_port);
    word("bind_if", target.bind_if);
    if (target.fwmark > 0) number("fwmark", target.fwmark);
  }

  void timing(const CheckTiming& timing) {
    time("delay_loop", timing.delay_loop);
    time("warmup", timing.warmup);
    time("connect_timeout", timing.connect_timeout);
    number("retry", timing.retry);
    time("delay_before_retry", timing.delay_before_retry);
  }

  const Config& config_;
  std::string out_;
  std::size_t depth_ = 0;
};

}  // namespace

std::string dump(const Config& config) {
  return Dumper(config).run();
}

}  // namespace baton::config
