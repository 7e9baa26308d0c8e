// model_check.hpp - the health checks of a real server.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/model_script.hpp"
#include "config/position.hpp"
#include "core/ip_address.hpp"
#include "core/time.hpp"

namespace baton::config {

/// What every checker has in common; inherited checker <- real server <- virtual server <- built-in.
struct CheckTiming {
  Duration delay_loop = std::chrono::seconds{60};
  Duration delay_before_retry = std::chrono::seconds{1};
  Duration connect_timeout = std::chrono::seconds{5};
  Duration warmup = std::chrono::seconds{60};
  unsigned retry = 1;
  friend bool operator==(const CheckTiming&, const CheckTiming&) = default;
};

/// Where a probe connects to and from; absent means the real server's address and port, any source.
struct CheckTarget {
  std::optional<IpAddress> connect_ip;
  std::optional<std::uint16_t> connect_port;
  std::optional<IpAddress> bindto;
  std::optional<std::uint16_t> bind_port;
  std::string bind_if;
  std::uint32_t fwmark = 0;  // SO_MARK; 0: none
  friend bool operator==(const CheckTarget&, const CheckTarget&) = default;
};

struct TcpCheck {
  CheckTarget target;
  CheckTiming timing;
  Position position;
  friend bool operator==(const TcpCheck&, const TcpCheck&) = default;
};

struct HttpUrl {
  std::string path = "/";
  std::string digest;  // MD5 of the body, 32 hex digits; empty: not compared
  struct StatusRange {
    std::uint16_t first = 200, last = 299;
    friend bool operator==(const StatusRange&, const StatusRange&) = default;
  };
  std::vector<StatusRange> status_codes;  // empty: 200..299
  std::string virtualhost;                // empty: the checker's
  friend bool operator==(const HttpUrl&, const HttpUrl&) = default;
};

struct HttpCheck {
  bool tls = false;  // SSL_GET
  std::vector<HttpUrl> urls;
  std::string virtualhost;  // inherited; empty: ip:port
  bool enable_sni = false;
  CheckTarget target;
  CheckTiming timing;
  Position position;
  friend bool operator==(const HttpCheck&, const HttpCheck&) = default;
};

using Check = std::variant<TcpCheck, HttpCheck>;

}  // namespace baton::config
