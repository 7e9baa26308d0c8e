#include "checkers/spec.hpp"

#include <functional>
#include <type_traits>

#include "core/overloaded.hpp"

namespace baton::checkers {

namespace {

/// Collects fields into a number: the finalizer of splitmix64 between them.
class Mixer {
 public:
  [[nodiscard]] std::uint64_t value() const { return value_; }

  template <class... Fields>
  void add(const Fields&... fields) {
    (take(fields), ...);
  }

 private:
  void take_number(std::uint64_t number) {
    value_ = (value_ + number) * 0x9e3779b97f4a7c15U;
    value_ = (value_ ^ (value_ >> 30U)) * 0xbf58476d1ce4e5b9U;
    value_ = (value_ ^ (value_ >> 27U)) * 0x94d049bb133111ebU;
    value_ ^= value_ >> 31U;
  }

  template <class T>
  requires std::is_integral_v<T> || std::is_enum_v<T>
  void take(T number) { take_number(static_cast<std::uint64_t>(number)); }
  template <class Number, class Period>
  void take(std::chrono::duration<Number, Period> duration) {
    take_number(static_cast<std::uint64_t>(duration.count()));
  }
  void take(const std::string& text) { take_number(std::hash<std::string>{}(text)); }
  void take(const IpAddress& address) { take_number(std::hash<IpAddress>{}(address)); }
  template <class T>
  void take(const std::optional<T>& field) {
    take(field.has_value());
    if (field) take(*field);
  }
  template <class T>
  void take(const Shared<T>& field) {
    take(static_cast<bool>(field));
    if (field) take(*field);
  }
  template <class T>
  void take(const std::vector<T>& fields) {
    take(fields.size());
    for (const auto& field : fields)
      take(field);
  }

  void take(const Endpoint& end) { add(end.address, end.port); }
  void take(const Target& target) { add(target.to, target.from, target.bind_if, target.fwmark); }
  void take(const Schedule& schedule) {
    add(schedule.delay_loop, schedule.delay_before_retry, schedule.connect_timeout, schedule.warmup, schedule.retry,
        schedule.latency_limit);
  }
  void take(const StatusRange& range) { add(range.first, range.last); }
  void take(const RegexSpec& regex) {
    add(regex.pattern, regex.options, regex.no_match, regex.min_offset, regex.max_offset);
  }
  void take(const UrlSpec& url) {
    add(url.path, url.host, url.server_name, url.status_codes, url.digest, url.regex, url.tls_compliant);
  }
  void take(const RequestSpec& request) { add(request.method, request.headers, request.body); }
  void take(const TlsSpec& tls) {
    add(tls.verify, tls.ca_file, tls.certificate, tls.key, tls.minimum, tls.expire_within);
  }
  void take(const TcpSpec& /*tcp*/) {}
  void take(const HttpSpec& http) {
    add(http.tls, http.fast_recovery, http.protocol, http.urls, http.request, http.tls_options);
  }
  void take(const SmtpSpec& smtp) { add(smtp.helo_name); }
  void take(const DnsSpec& dns) { add(dns.type, dns.name); }
  void take(const UdpSpec::Expected& octet) { add(octet.value, octet.mask); }
  void take(const UdpSpec& udp) {
    add(udp.payload, udp.require_reply, udp.reply, udp.min_reply_length, udp.max_reply_length);
  }
  void take(const PingSpec& /*ping*/) {}

  std::uint64_t value_ = 0;
};

}  // namespace

std::uint64_t fingerprint(const CheckSpec& spec) {
  Mixer mixer;
  mixer.add(spec.target, spec.schedule, spec.log_all_failures, spec.what.index());
  std::visit([&](const auto& what) { mixer.add(what); }, spec.what);
  return mixer.value();
}

std::string_view kind_of(const CheckSpec& spec) {
  using Name = std::string_view;
  return std::visit(Overloaded{
                        [](const TcpSpec&) -> Name { return "TCP_CHECK"; },
                        [](const HttpSpec& http) -> Name { return http.tls ? "SSL_GET" : "HTTP_GET"; },
                        [](const SmtpSpec&) -> Name { return "SMTP_CHECK"; },
                        [](const DnsSpec&) -> Name { return "DNS_CHECK"; },
                        [](const UdpSpec&) -> Name { return "UDP_CHECK"; },
                        [](const PingSpec&) -> Name { return "PING_CHECK"; },
                    },
                    spec.what);
}

}  // namespace baton::checkers
