// batch.hpp - many netlink requests in one system call, each answer mapped to its request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "core/result.hpp"
#include "core/time.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): the kernel's name
struct nlmsghdr;
// NOLINTNEXTLINE(readability-identifier-naming): libnl's name
struct nl_msg;

namespace baton::net {

/// Requests gathered for one go.  Each is a finished netlink message (built with libnl, never sent by it) and a name
/// for errors.
class Batch {
 public:
  /// Copies the message, which must not be a dump; its flags for an answer and its sequence number are set when it is
  /// sent.  `what` names object and operation ("add 192.0.2.1/32 to eth0"); empty when the caller names errors itself.
  void add(nl_msg* message, std::string what);
  [[nodiscard]] bool empty() const { return requests_.empty(); }
  [[nodiscard]] std::size_t size() const { return requests_.size(); }
  /// How long rtnetlink may take for it: more for many requests, each of which waits for a lock of the whole machine.
  [[nodiscard]] Duration limit() const { return kLimit + kLimitEach * static_cast<int>(size()); }

  static constexpr Duration kLimit = std::chrono::seconds{1}, kLimitEach = std::chrono::milliseconds{1};

 private:
  friend class NetlinkSocket;
  struct Request {
    std::size_t offset = 0, length = 0;
    std::string what;
  };
  std::vector<std::byte> bytes_;
  std::vector<Request> requests_;
};

/// The kernel's answer to one request: 0, or an errno with the request's name ("add 192.0.2.1/32 to eth0: File
/// exists").
struct Answer {
  int code = 0;
  std::string what;
};

/// One non-blocking netlink socket (NETLINK_ROUTE or NETLINK_GENERIC); one user at a time.
class NetlinkSocket {
 public:
  /// Throws std::system_error when the socket cannot be made (start-up only).
  explicit NetlinkSocket(int protocol);
  /// The same; nothing here runs on an event loop.
  NetlinkSocket(boost::asio::io_context& io, int protocol);
  ~NetlinkSocket();
  NetlinkSocket(const NetlinkSocket&) = delete;
  NetlinkSocket& operator=(const NetlinkSocket&) = delete;

  /// Sends all, hundreds of requests per system call with a bounded window, and gathers one answer per request in
  /// order. Waits in poll(2) at most `limit` in all: for the vrrp role's few addresses, where an await would let other
  /// events in between.  Requests not answered in time get ETIMEDOUT; where the kernel's answers were lost ENOBUFS: in
  /// both cases the caller reads again what there is.  Only messages from the kernel (port id 0) count.  The kernel
  /// does its work inside the system call, where no limit holds.
  std::vector<Answer> run(const Batch& batch, Duration limit);

  /// A dump (NLM_F_DUMP) or a single get: `each` sees every message of the answer once it is whole and consistent; a
  /// table that changes while it is read is read again, a bounded number of times.  Same waiting, same trust.
  Result<void> query(nl_msg* request, Duration limit, const std::function<void(const nlmsghdr&)>& each);

 private:
  struct Impl;
  struct Window;
  struct Reading;

  Window send_some(const Batch& batch, std::size_t first, std::vector<Answer>& answers);
  void gather(const Batch& batch, const Window& window, Instant deadline, std::vector<Answer>& answers);
  int ask(nl_msg* request, Instant deadline, Reading& reading);

  std::unique_ptr<Impl> impl_;
};

}  // namespace baton::net
