// dns_lookup.hpp - resolves the name of one pool: c-ares asks, checkers::PoolLookup says what and what it means.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/any_io_executor.hpp>

#include "checkers/pool_lookup.hpp"
#include "checkers/spec.hpp"
#include "core/time.hpp"

namespace baton::net {

/// Whom to ask, and how long.
struct DnsSettings {
  /// Absent: the system's name servers and search list (/etc/resolv.conf), read anew for each lookup.
  std::optional<checkers::Endpoint> nameserver;
  Duration timeout = std::chrono::seconds{5};  // for everything, with all repetitions
};

/// Runs from its construction on; its destructor ends it, without a word.
class DnsLookup {
 public:
  /// Called once, from `executor`; it may destroy the lookup.
  using Done = std::function<void(checkers::PoolOutcome)>;

  DnsLookup(const boost::asio::any_io_executor& executor, const DnsSettings& settings, checkers::PoolLookup lookup,
            Done done);
  ~DnsLookup();
  DnsLookup(const DnsLookup&) = delete;
  DnsLookup& operator=(const DnsLookup&) = delete;

 private:
  struct State;
  std::shared_ptr<State> state_;  // handlers of sockets may come after us
};

}  // namespace baton::net
