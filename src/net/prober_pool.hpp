// prober_pool.hpp - every check of the configuration, watched; replaced as a whole when the configuration changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "net/prober.hpp"

namespace baton::net {

class ProberPool {
 public:
  using OnResult = ProberTools::OnResult;

  /// `executor`'s context outlives the pool.  `tls` may be null: the first TLS check has it made.  `seed`
  /// spreads the first probes.  `on_result` is called for every probe, changed or not, and may call replace() or
  /// destroy the pool.
  ProberPool(const boost::asio::any_io_executor& executor, std::shared_ptr<const TlsContext> tls, std::uint64_t seed,
             OnResult on_result);
  /// No report comes afterwards; probes under way are given up.
  ~ProberPool();
  ProberPool(const ProberPool&) = delete;
  ProberPool& operator=(const ProberPool&) = delete;

  /// From now on these checks and no others; each id once.  A check whose id and spec are as before goes on as if
  /// nothing had happened, with its health, its phase and a probe under way; all others start anew, spread over their
  /// warm-up.  Certificates, keys and authorities are read anew.
  void replace(std::vector<Check> checks);

  // Unknown ids are ignored by all of these.
  /// What a former process knew of a check; ignored once there is a result.
  void believe(CheckId id, checkers::Verdict verdict);
  /// No probes until it is resumed; how it stands stays.
  void suspend(CheckId id);
  void resume(CheckId id);

  [[nodiscard]] std::size_t size() const { return probers_.size(); }
  /// How a check stands; null for an unknown id.  Valid until the next replace().
  [[nodiscard]] const checkers::Health* health(CheckId id) const;
  [[nodiscard]] const checkers::CheckSpec* spec(CheckId id) const;

 private:
  ProberTools tools_;
  std::uint64_t seed_;
  std::unordered_map<CheckId, std::unique_ptr<Prober>> probers_;
};

}  // namespace baton::net
