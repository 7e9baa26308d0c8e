// ipvs_client.hpp - reads and changes the kernel's IPVS table (generic netlink family "IPVS").
#pragma once

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "ipvs/diff.hpp"
#include "ipvs/model.hpp"
#include "ipvs/sync_daemon.hpp"
#include "net/batch.hpp"
#include "net/ipvs_codec.hpp"

namespace baton::net {

/// What became of a list of operations.
struct IpvsOutcome {
  /// The kernel's table is not, or may not be, what the operations would have made of the one they were computed from:
  /// something was already there or already gone, something was refused, or the time was up.  Read it again.
  bool reread = false;
  /// What was refused, by name and with the cause.  What was already so is no error; of a service that was refused the
  /// real servers are not listed.  Never more than kMaxErrors, the last of which then counts the rest.
  std::vector<Error> errors;

  static constexpr std::size_t kMaxErrors = 50;
};

/// What the kernel's answers to operations mean, where `answers[i]` is that to `operations[i]`.
IpvsOutcome judge(std::span<const ipvs::Operation> operations, std::span<const Answer> answers);

/// Every call blocks for at most its limit (beside what the kernel does inside one system call).
class IpvsClient {
 public:
  static constexpr Duration kLimit = std::chrono::seconds(10);

  /// The error kNoIpvs says that the kernel has no IPVS, and the cure; the kernel has then tried to load its module.
  static constexpr int kNoIpvs = ENOENT;
  static Result<std::unique_ptr<IpvsClient>> open(Duration limit = kLimit);

  /// The whole table, foreign services too.  Two system calls for each service: the kernel lists one service's dests at
  /// a time.
  Result<ipvs::Table> read(Duration limit = kLimit);

  /// What this kernel has told of its tunnels: unknown until it has listed a real server.
  [[nodiscard]] ipvs::TunnelSupport tunnel_support() const { return tunnel_support_; }

  /// Carries out the operations in order, hundreds in one system call.
  IpvsOutcome apply(std::span<const ipvs::Operation> operations, Duration limit = kLimit);

  /// What holds for IPVS as a whole: the exchange of connections with other directors, and timeouts.
  Result<std::vector<ipvs::SyncDaemon>> read_sync_daemons(Duration limit = kLimit);
  /// The first error, when there is any; the rest is tried all the same.
  Result<void> apply(std::span<const ipvs::SyncStep> steps, Duration limit = kLimit);
  Result<ipvs::Timeouts> read_timeouts(Duration limit = kLimit);
  Result<void> set(const ipvs::Timeouts& timeouts, Duration limit = kLimit);

  /// Empties the table of this network namespace: the foreign services too.
  Result<void> flush(Duration limit = kLimit);

 private:
  IpvsClient();

  Result<void> resolve(Instant deadline);
  Result<ipvs::Table> list_services(Instant deadline);
  Result<void> list_dests(ipvs::Table& table, Instant deadline);
  template <class Read>
  auto with_family(Instant deadline, Read read) -> decltype(read());

  NetlinkSocket socket_;
  IpvsFamily family_{};
  ipvs::TunnelSupport tunnel_support_ = ipvs::TunnelSupport::unknown;
};

}  // namespace baton::net
