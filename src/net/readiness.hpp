// readiness.hpp - waits for many short-lived sockets behind one registration in Asio's loop.
//
// A socket of Asio's costs a connection two system calls more than it needs, and its handlers and frames as much again:
// with a thousand checks a second that is a third of all.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <boost/asio/any_io_executor.hpp>

struct epoll_event;

namespace baton::net {

class Readiness {
 public:
  enum class Need : std::uint8_t { readable, writable };

  /// Waits for one socket at a time.  The socket is closed after forget() or with the watcher, and is known to no other
  /// process: what is closed is then no longer waited for.
  class Watcher {
   public:
    Watcher() = default;
    virtual ~Watcher() { forget(); }
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;

   protected:
    /// The socket is as needed, or `in_error`: told in each turn of the loop for as long as that lasts.  May destroy
    /// the watcher, any other, and the Readiness.
    virtual void ready(bool in_error) = 0;
    void forget();

   private:
    friend class Readiness;
    epoll_event* told_ = nullptr;  // what this turn of the loop has for us
    std::optional<Need> watched_;
  };

  /// `executor`'s context outlives this, and this every watcher that waits.
  explicit Readiness(const boost::asio::any_io_executor& executor);
  ~Readiness();
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  /// From now on `watcher` waits for this of its socket.  The error of the system, or 0.
  [[nodiscard]] int watch(int socket, Need need, Watcher& watcher);

 private:
  struct State;
  std::shared_ptr<State> state_;  // the loop's handler may come after us
};

}  // namespace baton::net
