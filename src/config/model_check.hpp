// model_check.hpp - the health checks of a real server.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/model_script.hpp"
#include "config/position.hpp"
#include "config/regex_option.hpp"
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
  Duration latency_limit{0};  // not inherited; 0: none
  friend bool operator==(const CheckTiming&, const CheckTiming&) = default;
};

/// How a check begins, and what it tells.
struct CheckMode {
  bool alpha = false;                    // failed until its first success; inherited as the timing is
  std::optional<bool> log_all_failures;  // absent: as global_defs says
  friend bool operator==(const CheckMode&, const CheckMode&) = default;
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
  CheckMode mode;
  Position position;
  friend bool operator==(const TcpCheck&, const TcpCheck&) = default;
};

/// Octets of the stack on which PCRE2's compiled patterns run.
struct RegexStack {
  std::uint32_t start = 0, most = 0;
  friend bool operator==(const RegexStack&, const RegexStack&) = default;
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
  std::string regex;                      // PCRE2, not compiled here; empty: none
  RegexOptions regex_options;
  bool regex_no_match = false;
  std::uint32_t regex_min_offset = 0;
  std::optional<std::uint32_t> regex_max_offset;
  std::optional<RegexStack> regex_stack;
  std::optional<bool> tls_compliant;  // absent: the checker's
  friend bool operator==(const HttpUrl&, const HttpUrl&) = default;
};

/// v1_0_close is keepalived's 1.0C: 1.0 with `Connection: close`.
enum class HttpProtocol : std::uint8_t { v1_0, v1_0_close, v1_1 };

struct HttpCheck {
  bool tls = false;  // SSL_GET
  std::vector<HttpUrl> urls;
  std::string virtualhost;  // inherited; empty: ip:port
  HttpProtocol http_protocol = HttpProtocol::v1_0;
  bool enable_sni = false;
  std::string sni_name;  // empty: the virtualhost
  bool fast_recovery = false;
  bool tls_compliant = false;
  bool verify = false;
  std::string ca_file;                // empty: the SSL block's ca, or the system's authorities
  Duration expire_within{0};          // whole days; 0: no warning
  std::uint16_t tls_min_version = 0;  // as the protocol numbers it; 0: as OpenSSL is configured
  std::string method;                 // empty: GET
  std::vector<std::string> headers;   // "Name: value"
  std::string body;
  CheckTarget target;
  CheckTiming timing;
  CheckMode mode;
  Position position;
  friend bool operator==(const HttpCheck&, const HttpCheck&) = default;
};

struct MiscCheck {
  ScriptIndex misc_path = 0;
  Duration misc_timeout = std::chrono::seconds{60};  // whole seconds; inherited: the virtual server's delay_loop
  bool misc_dynamic = false;
  CheckTiming timing;
  CheckMode mode;
  Position position;
  friend bool operator==(const MiscCheck&, const MiscCheck&) = default;
};

/// One more address of an SMTP_CHECK; its timing is inherited from that.
struct SmtpHost {
  CheckTarget target;
  CheckTiming timing;
  CheckMode mode;
  Position position;
  friend bool operator==(const SmtpHost&, const SmtpHost&) = default;
};

struct SmtpCheck {
  std::string helo_name;        // empty: the built-in one
  std::vector<SmtpHost> hosts;  // checked besides the target
  CheckTarget target;
  CheckTiming timing;
  CheckMode mode;
  Position position;
  friend bool operator==(const SmtpCheck&, const SmtpCheck&) = default;
};

struct PingCheck {
  CheckTarget target;
  CheckTiming timing;
  CheckMode mode;
  Position position;
  friend bool operator==(const PingCheck&, const PingCheck&) = default;
};

struct UdpCheck {
  /// An octet of a reply: only the bits of `mask` are compared.
  struct Expected {
    std::uint8_t value = 0, mask = 0xff;
    friend bool operator==(const Expected&, const Expected&) = default;
  };
  std::vector<std::uint8_t> payload;  // empty: the built-in one
  bool require_reply = false;
  std::vector<Expected> reply;  // empty: any
  std::uint16_t min_reply_length = 0, max_reply_length = 255;
  CheckTarget target;
  CheckTiming timing;
  CheckMode mode;
  Position position;
  friend bool operator==(const UdpCheck&, const UdpCheck&) = default;
};

/// The numbers are those of the protocol; others than these may stand there too.
enum class DnsType : std::uint16_t {
  a = 1,
  ns = 2,
  cname = 5,
  soa = 6,
  mx = 15,
  txt = 16,
  aaaa = 28,
  rrsig = 46,
  dnskey = 48
};

struct DnsCheck {
  DnsType type = DnsType::soa;
  std::string name = ".";
  CheckTarget target;
  CheckTiming timing;
  CheckMode mode;
  Position position;
  friend bool operator==(const DnsCheck&, const DnsCheck&) = default;
};

/// Follows a track_file that there is.
struct FileCheck {
  std::string track_file;
  std::optional<int> weight;  // absent: the track_file's
  bool reverse = false;       // only with a weight
  Position position;          // of the name
  friend bool operator==(const FileCheck&, const FileCheck&) = default;
};

/// Follows a bfd_instance that there is.
struct BfdCheck {
  std::string name;
  bool alpha = false;
  Position position;  // of the name
  friend bool operator==(const BfdCheck&, const BfdCheck&) = default;
};

using Check =
    std::variant<TcpCheck, HttpCheck, MiscCheck, SmtpCheck, PingCheck, UdpCheck, DnsCheck, FileCheck, BfdCheck>;

}  // namespace baton::config
