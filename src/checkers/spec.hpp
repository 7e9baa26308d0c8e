// spec.hpp - what one check is to do, resolved: where to connect, what to ask, what to accept.
//
// Two checks with equal specifications are one and the same check, whoever wants its result.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "checkers/health.hpp"
#include "core/ip_address.hpp"
#include "core/shared.hpp"

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

/// What is looked for in the body.
struct RegexSpec {
  std::string pattern;        // of PCRE2
  std::uint32_t options = 0;  // its compile options
  bool no_match = false;      // the page passes when it is not found
  std::uint32_t min_offset = 0;
  std::optional<std::uint32_t> max_offset;  // of the match's first octet
  friend bool operator==(const RegexSpec&, const RegexSpec&) = default;
};

struct UrlSpec {
  std::string path = "/";
  std::string host;                       // the Host header: virtualhost, or address:port
  std::string server_name;                // SNI; empty: none
  std::vector<StatusRange> status_codes;  // at least one
  std::string digest;                     // MD5 of the body in lower-case hex; empty: not compared
  Shared<RegexSpec> regex;                // none: the body is not searched
  bool tls_compliant = false;             // ends with close_notify
  friend bool operator==(const UrlSpec&, const UrlSpec&) = default;
};

/// keepalived's 1.0C is 1.0 with `Connection: close`.
enum class HttpProtocol : std::uint8_t { v1_0, v1_0_close, v1_1 };

/// A request that is not the usual one.
struct RequestSpec {
  std::string method = "GET";
  std::vector<std::string> headers;  // "Name: value"
  std::string body;
  friend bool operator==(const RequestSpec&, const RequestSpec&) = default;
};

/// A TLS client that is not the usual one, which verifies nothing and has no certificate.
struct TlsSpec {
  bool verify = false;        // the chain, and the name that is asked for
  std::string ca_file;        // empty: the system's authorities
  std::string certificate;    // the client's, a file; empty: none
  std::string key;            // a file; empty: in `certificate`
  std::string password;       // of the key; a secret
  std::uint16_t minimum = 0;  // the version as the protocol numbers it, 0x0303 for 1.2; 0: as the system has it
  std::chrono::seconds expire_within{0};  // warns of a certificate that expires so soon; 0: does not
  friend auto operator<=>(const TlsSpec&, const TlsSpec&) = default;
};

/// HTTP_GET, and SSL_GET when `tls`.  One URL per delay_loop, in turn (compat 11.2).
struct HttpSpec {
  bool tls = false;
  bool fast_recovery = false;  // one URL that passes is enough to come back
  HttpProtocol protocol = HttpProtocol::v1_0;
  std::vector<UrlSpec> urls;
  Shared<RequestSpec> request;  // none: GET
  Shared<TlsSpec> tls_options;
  friend bool operator==(const HttpSpec&, const HttpSpec&) = default;
};

struct SmtpSpec {
  std::string helo_name;
  friend bool operator==(const SmtpSpec&, const SmtpSpec&) = default;
};

struct DnsSpec {
  std::uint16_t type = 6;  // SOA
  std::string name = ".";  // labels with dots between them; "." is the root
  friend bool operator==(const DnsSpec&, const DnsSpec&) = default;
};

struct UdpSpec {
  /// An octet of a reply: only the bits of `mask` are compared.
  struct Expected {
    std::uint8_t value = 0, mask = 0xff;
    friend bool operator==(const Expected&, const Expected&) = default;
  };
  std::vector<std::uint8_t> payload;
  bool require_reply = false;
  std::vector<Expected> reply;  // empty: any, of any length
  std::uint16_t min_reply_length = 0, max_reply_length = 255;
  friend bool operator==(const UdpSpec&, const UdpSpec&) = default;
};

struct PingSpec {
  friend bool operator==(const PingSpec&, const PingSpec&) = default;
};

struct CheckSpec {
  Target target;
  std::variant<TcpSpec, HttpSpec, SmtpSpec, DnsSpec, UdpSpec, PingSpec> what;
  Schedule schedule;
  bool log_all_failures = false;
  friend bool operator==(const CheckSpec&, const CheckSpec&) = default;
};

/// Equal specifications have equal fingerprints, of one build of Baton.
std::uint64_t fingerprint(const CheckSpec& spec);

/// The keyword of its kind: "TCP_CHECK".
std::string_view kind_of(const CheckSpec& spec);

}  // namespace baton::checkers
