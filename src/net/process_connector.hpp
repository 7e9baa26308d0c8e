// process_connector.hpp - hears from the kernel of every fork, exec, new name and end of a process (its connector).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/result.hpp"
#include "core/time.hpp"
#include "net/process_event.hpp"

namespace baton::net {

class ProcessConnector {
 public:
  struct Hooks {
    /// In the order in which they happened.
    std::function<void(const std::vector<ProcessEvent>&)> on_events;
    /// Some were lost.
    std::function<void()> on_loss;
  };

  /// An error where the kernel tells us nothing: in a network or pid namespace that is not the first one, without
  /// CAP_NET_ADMIN, or when it was built without.  The hooks must not destroy it.
  static Result<std::unique_ptr<ProcessConnector>> open(boost::asio::io_context& io, Hooks hooks);
  ~ProcessConnector();
  ProcessConnector(const ProcessConnector&) = delete;
  ProcessConnector& operator=(const ProcessConnector&) = delete;

  /// Hands over what has come, up to `most`; false: there may be more.
  bool drain(std::size_t most);

 private:
  ProcessConnector(boost::asio::io_context& io, Hooks hooks);
  Result<void> listen();
  void await();
  void pause();

  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer pause_;
  Hooks hooks_;
  std::uint32_t token_;
  bool is_listening_ = false;
  Instant last_wake_;
  std::vector<ProcessEvent> events_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // for what is already due when this ends
};

}  // namespace baton::net
