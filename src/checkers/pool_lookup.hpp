// pool_lookup.hpp - from the name of a pool to its servers: what is to be asked, and what the answers make (sans-I/O).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "checkers/dns_answer.hpp"
#include "core/pool_server.hpp"

namespace baton::checkers {

enum class DnsType : std::uint16_t { a = 1, aaaa = 28, srv = 33 };

struct DnsQuestion {
  std::string name;
  DnsType type = DnsType::a;
  friend auto operator<=>(const DnsQuestion&, const DnsQuestion&) = default;
};

/// What came of one question.
struct DnsReply {
  enum class Kind : std::uint8_t {
    answered,  // `message` is the response
    nothing,   // the name, or records of that type, are not there
    failed     // nobody knows: no answer in time, SERVFAIL ...
  };
  Kind kind = Kind::failed;
  std::span<const std::byte> message;  // of `answered`
  std::string reason;                  // of the others
};

/// What came of all of them.
struct PoolOutcome {
  enum class Kind : std::uint8_t { servers, nothing, failed };
  Kind kind = Kind::failed;
  std::vector<PoolServer> servers;  // sorted, each once, at most kMaxPoolServers
  std::size_t left_out = 0;         // more of them
  std::chrono::seconds ttl{0};
  std::string reason;  // of nothing and failed
};

/// One resolution.  SRV: only the records of the lowest priority count (RFC 2782), weight 0 means 1; targets whose
/// addresses do not come along are asked for.  One that is not there is passed over, one that nobody knows fails all.
class PoolLookup {
 public:
  /// `family`: of the addresses.
  PoolLookup(DnsQuestion question, Family family);

  /// What is to be asked first.
  [[nodiscard]] const DnsQuestion& question() const { return question_; }
  /// The reply to a question; returns what is to be asked next, all at once.
  std::vector<DnsQuestion> handle(const DnsQuestion& question, const DnsReply& reply);
  /// Set when there is nothing left to ask.
  [[nodiscard]] const std::optional<PoolOutcome>& outcome() const { return outcome_; }

 private:
  struct Named {
    std::uint16_t port = 0, weight = 0;
  };
  void first(const DnsReply& reply, std::vector<DnsQuestion>& next);
  void services(const DnsAnswer& answer, std::vector<DnsQuestion>& next);
  void take(const std::string& target, const IpAddress& address);
  void finish();
  void end(PoolOutcome::Kind kind, std::string reason);

  DnsQuestion question_;
  Family family_;
  std::map<std::string, std::vector<Named>> targets_;  // of SRV
  std::set<DnsQuestion> open_;                         // asked, not answered
  std::vector<PoolServer> servers_;
  std::optional<std::chrono::seconds> ttl_;
  std::optional<PoolOutcome> outcome_;
};

}  // namespace baton::checkers
