// spec.hpp - what one check is to do, resolved: where to connect, what to ask, what to accept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "checkers/health.hpp"
#include "core/ip_address.hpp"

namespace baton::checkers {

struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

/// Where a probe connects to and from.
struct Target {
  Endpoint to;
  std::optional<Endpoint> from;  // bindto, bind_port; an unspecified address leaves the choice to the kernel
  std::string bind_if;           // SO_BINDTODEVICE; empty: none
  std::uint32_t fwmark = 0;      // SO_MARK; 0: none
  friend bool operator==(const Target&, const Target&) = default;
};

struct TcpSpec {
  friend bool operator==(const TcpSpec&, const TcpSpec&) = default;
};

struct StatusRange {
  std::uint16_t first = 200, last = 299;
  friend bool operator==(const StatusRange&, const StatusRange&) = default;
};

struct UrlSpec {
  std::string path = "/";
  std::string host;                       // the Host header: virtualhost, or address:port
  std::vector<StatusRange> status_codes;  // at least one
  std::string digest;                     // MD5 of the body in lower-case hex; empty: not compared
  friend bool operator==(const UrlSpec&, const UrlSpec&) = default;
};

/// HTTP_GET, and SSL_GET when `tls`.  One URL per delay_loop, in turn (compat 11.2).
struct HttpSpec {
  bool tls = false;
  std::string server_name;  // SNI; empty: none
  std::vector<UrlSpec> urls;
  friend bool operator==(const HttpSpec&, const HttpSpec&) = default;
};

struct CheckSpec {
  Target target;
  std::variant<TcpSpec, HttpSpec> what;
  Schedule schedule;
  friend bool operator==(const CheckSpec&, const CheckSpec&) = default;
};

}  // namespace baton::checkers
