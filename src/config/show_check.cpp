#include "config/show.hpp"

namespace baton::config {
namespace {

void show_block(Printer& printer, std::string_view name, const TcpCheck& check) {
  printer.block(name, Block::tcp_check, check, check.target, check.timing);
}

void show_block(Printer& printer, std::string_view name, const HttpCheck& check) {
  printer.block(name, check.tls ? Block::ssl_get : Block::http_get, check, check.target, check.timing);
}

std::string_view keyword_of(const Check& check) {
  const auto* http = std::get_if<HttpCheck>(&check);
  return http == nullptr ? "TCP_CHECK" : http->tls ? "SSL_GET" : "HTTP_GET";
}

}  // namespace

/// Of all kinds, in the order in which they were written.
void show_checks(Printer& printer, const Keyword&) {
  for (const Check& check : printer.current<RealServer>().checks)
    std::visit([&](const auto& kind) { show_block(printer, keyword_of(check), kind); }, check);
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

}  // namespace baton::config
