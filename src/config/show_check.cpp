#include "config/show_check.hpp"

#include <algorithm>
#include <array>

#include "config/dns_type.hpp"
#include "config/tls_version.hpp"
#include "core/overloaded.hpp"

namespace baton::config {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

Block block_of(const Check& check) {
  return std::visit(Overloaded{
                        [](const TcpCheck&) { return Block::tcp_check; },
                        [](const HttpCheck& http) { return http.tls ? Block::ssl_get : Block::http_get; },
                        [](const MiscCheck&) { return Block::misc_check; },
                        [](const SmtpCheck&) { return Block::smtp_check; },
                        [](const PingCheck&) { return Block::ping_check; },
                        [](const UdpCheck&) { return Block::udp_check; },
                        [](const DnsCheck&) { return Block::dns_check; },
                        [](const FileCheck&) { return Block::file_check; },
                        [](const BfdCheck&) { return Block::bfd_check; },
                    },
                    check);
}

template <class Kind>
void show_check(Printer& printer, Block block, const Kind& check) {
  if constexpr (requires { check.target; })
    printer.block(name_of(block), block, check, check.target, check.timing, check.mode);
  else if constexpr (requires { check.timing; })
    printer.block(name_of(block), block, check, check.timing, check.mode);
  else
    printer.block(name_of(block), block, check);
}

/// Only where it is not what the check would inherit: the real server's is printed there.
void show_own_alpha(Printer& printer, const Keyword& keyword, bool alpha, bool inherited) {
  if (alpha != inherited) printer.line(keyword.name, alpha ? " on" : " off");
}

}  // namespace

/// Of all kinds, in the order in which they were written.
void show_checks(Printer& printer, const Keyword&) {
  for (const Check& check : printer.current<RealServer>().checks)
    std::visit([&](const auto& kind) { show_check(printer, block_of(check), kind); }, check);
}

void show_alpha(Printer& printer, const Keyword& keyword) {
  show_own_alpha(printer, keyword, printer.current<CheckMode>().alpha, printer.current<RealServer>().alpha);
}

void show_bfd_alpha(Printer& printer, const Keyword& keyword) {
  show_own_alpha(printer, keyword, printer.current<BfdCheck>().alpha, printer.current<RealServer>().alpha);
}

void show_http_protocol(Printer& printer, const Keyword& keyword) {
  constexpr std::array<std::string_view, 3> kNames = {"1.0", "1.0C", "1.1"};
  const HttpProtocol protocol = printer.current<HttpCheck>().http_protocol;
  if (protocol != HttpProtocol::v1_0) printer.line(keyword.name, " ", kNames.at(static_cast<std::size_t>(protocol)));
}

void show_headers(Printer& printer, const Keyword& keyword) {
  for (const std::string& header : printer.current<HttpCheck>().headers)
    printer.line(keyword.name, " ", as_word(header));
}

void show_expire_within(Printer& printer, const Keyword& keyword) {
  const auto days = printer.current<HttpCheck>().expire_within / std::chrono::hours{24};
  if (days > 0) printer.line(keyword.name, " ", days, "d");
}

void show_tls_min_version(Printer& printer, const Keyword& keyword) {
  const auto version = printer.current<HttpCheck>().tls_min_version;
  const auto found = std::ranges::find(kTlsVersions, version, [](const auto& known) { return known.second; });
  if (found != kTlsVersions.end()) printer.line(keyword.name, " ", found->first);
}

void show_sni_name(Printer& printer, const Keyword& keyword) {
  const HttpCheck& check = printer.current<HttpCheck>();
  if (check.enable_sni && !check.sni_name.empty()) printer.line(keyword.name, " ", as_word(check.sni_name));
}

void show_urls(Printer& printer, const Keyword& keyword) {
  for (const HttpUrl& url : printer.current<HttpCheck>().urls)
    printer.block(keyword.name, keyword.action.opens, url);
}

void show_status_codes(Printer& printer, const Keyword& keyword) {
  const HttpUrl& url = printer.current<HttpUrl>();
  if (url.status_codes.empty()) return;
  std::string text(keyword.name);
  for (const auto& [first, last] : url.status_codes)
    text += concat(" ", int{first}, "-", int{last});
  printer.line(text);
}

void show_regex_options(Printer& printer, const Keyword& keyword) {
  const RegexOptions& options = printer.current<HttpUrl>().regex_options;
  if (options.none()) return;
  std::string text(keyword.name);
  for (std::size_t i = 0; i < options.size(); ++i)
    if (options.test(i)) text += concat(" ", kRegexOptionNames.at(i));
  printer.line(text);
}

void show_regex_stack(Printer& printer, const Keyword& keyword) {
  const auto& stack = printer.current<HttpUrl>().regex_stack;
  if (stack) printer.line(keyword.name, " ", stack->start, " ", stack->most);
}

void show_misc_path(Printer& printer, const Keyword& keyword) {
  Script script = printer.config().scripts.at(printer.current<MiscCheck>().misc_path);
  script.user.clear();
  script.group.clear();
  printer.line(keyword.name, " ", as_script_line(script));
}

void show_misc_user(Printer& printer, const Keyword& keyword) {
  const Script& script = printer.config().scripts.at(printer.current<MiscCheck>().misc_path);
  if (script.user.empty()) return;
  printer.line(keyword.name, " ", as_word(script.user), script.group.empty() ? "" : " " + as_word(script.group));
}

/// The inner blocks print from the host: its target, timing and mode stand before those of the check.
void show_smtp_hosts(Printer& printer, const Keyword& keyword) {
  for (const SmtpHost& host : printer.current<SmtpCheck>().hosts)
    printer.block(keyword.name, keyword.action.opens, host, host.target, host.timing, host.mode);
}

void show_payload(Printer& printer, const Keyword& keyword) {
  const std::vector<std::uint8_t>& payload = printer.current<UdpCheck>().payload;
  if (payload.empty()) return;
  std::string text;
  for (const std::uint8_t octet : payload)
    for (const int digit : {octet >> 4, octet & 0xf})
      text += kHexDigits.at(static_cast<std::size_t>(digit));
  printer.line(keyword.name, " ", text);
}

void show_require_reply(Printer& printer, const Keyword& keyword) {
  const UdpCheck& check = printer.current<UdpCheck>();
  if (!check.require_reply) return;
  std::string text;
  for (const auto& [value, mask] : check.reply)
    for (const unsigned shift : {4U, 0U})
      text += (unsigned{mask} >> shift & 0xfU) == 0 ? 'x' : kHexDigits.at(unsigned{value} >> shift & 0xfU);
  printer.line(keyword.name, text.empty() ? "" : " ", text);
}

void show_dns_type(Printer& printer, const Keyword& keyword) {
  const DnsType type = printer.current<DnsCheck>().type;
  if (type != DnsType::soa) printer.line(keyword.name, " ", name_of(type));
}

void show_file_weight(Printer& printer, const Keyword& keyword) {
  const FileCheck& check = printer.current<FileCheck>();
  if (check.weight) printer.line(keyword.name, " ", *check.weight, check.reverse ? " reverse" : "");
}

}  // namespace baton::config
