// reading.hpp - what the tests of the configuration share: texts to read, and what was said of them in one string.
#pragma once

#include <string>
#include <string_view>

#include "config/parse.hpp"

namespace baton::config {

/// Every diagnostic as "line:column severity status: text (hint)\n".
inline std::string said(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics.all()) {
    text += std::to_string(d.position.line) + ":" + std::to_string(d.position.column);
    text += d.severity == Severity::error ? " error " : d.severity == Severity::warning ? " warning " : " note ";
    text += std::to_string(static_cast<int>(d.status)) + ": " + d.text;
    text += d.hint.empty() ? "\n" : " (" + d.hint + ")\n";
  }
  return text;
}
inline std::string said(const Parsed& parsed) {
  return said(parsed.diagnostics);
}

inline Parsed read(std::string_view text) {
  return parse(text, "f");
}

/// A vrrp_instance that lacks nothing, with `lines` in it (from line 5) before its address.
inline std::string instance(std::string_view lines) {
  return "vrrp_instance A {\ninterface eth0\nvirtual_router_id 10\npriority 100\n" + std::string(lines) +
         "\nvirtual_ipaddress {\n192.0.2.10\n}\n}\n";
}

/// A vrrp_instance with `entries` (from line 6) as its addresses.
inline std::string addresses(std::string_view entries) {
  return "vrrp_instance A {\ninterface eth0\nvirtual_router_id 10\npriority 100\nvirtual_ipaddress {\n" +
         std::string(entries) + "\n}\n}\n";
}

/// A virtual_server that lacks nothing, with `lines` in it (from line 5).
inline std::string server(std::string_view lines) {
  return "virtual_server 10.0.0.1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n" + std::string(lines) +
         "\nreal_server 10.0.0.2 80 {\n}\n}\n";
}

/// A virtual_server with `lines` (from line 6) in its only real server.
inline std::string real(std::string_view lines) {
  return "virtual_server 10.0.0.1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 10.0.0.2 80 {\n" +
         std::string(lines) + "\n}\n}\n";
}

/// A virtual_server whose real server has one check of that kind, with `lines` (from line 7) in it.
inline std::string check(std::string_view kind, std::string_view lines) {
  return real(std::string(kind) + " {\n" + std::string(lines) + "\n}");
}

inline std::string globals(std::string_view lines) {
  return "global_defs {\n" + std::string(lines) + "\n}\n";
}

}  // namespace baton::config
