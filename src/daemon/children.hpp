// children.hpp - the children of the supervisor: started, signalled, and reaped when they end.
#pragma once

#include <csignal>
#include <functional>
#include <unordered_map>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "core/result.hpp"
#include "daemon/child.hpp"

namespace baton::daemon {

/// Of one thread.  A child's number stays its own until on_end has been told, so that no signal can hit a stranger.
/// Also reaps what is not ours: as the first process of a container we inherit every orphan.
class Children {
 public:
  using OnEnd = std::function<void(const ChildEnd&)>;

  explicit Children(boost::asio::io_context& io);

  Result<pid_t> start(const Program& program, OnEnd on_end);
  /// Nothing happens when it has ended.
  void signal(pid_t pid, int number);
  /// The same for the process group of a child that was started apart.
  void signal_group(pid_t pid, int number);
  [[nodiscard]] bool runs(pid_t pid) const { return children_.contains(pid); }

 private:
  struct Child {
    StartedChild started;
    OnEnd on_end;
  };
  void await();
  void reap();

  boost::asio::signal_set signals_;
  std::unordered_map<pid_t, Child> children_;
};

}  // namespace baton::daemon
