// process_watch.hpp - watches the processes that are tracked: the shell around vrrp/process_tracking.hpp.
//
// The kernel tells of every process by its connector, where it does; where it does not, all processes are looked at
// once a second, and the ends of those that match are heard at once.  A look goes on some processes at a time, so that
// it holds up nothing.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/process_connector.hpp"
#include "net/process_table.hpp"
#include "net/readiness.hpp"
#include "vrrp/process_tracking.hpp"

namespace baton::net {

class ProcessWatch {
 public:
  /// Neither hook may destroy the watch; `on_change` comes from the loop only, never from follow().
  struct Hooks {
    std::function<void(const vrrp::ProcessChange&)> on_change;
    /// Something is worth a line in the log.
    std::function<void(const std::string&)> on_trouble;
  };
  enum class Source : std::uint8_t {
    best,     // the connector where there is one
    looking,  // never the connector
  };

  ProcessWatch(boost::asio::io_context& io, Hooks hooks, Source source = Source::best);
  ~ProcessWatch();
  ProcessWatch(const ProcessWatch&) = delete;
  ProcessWatch& operator=(const ProcessWatch&) = delete;

  /// From now on these and no others; what is known stays known.  The first time all are known afterwards; later new
  /// ones are soon.
  void follow(std::vector<vrrp::TrackedProcess> processes);
  void stop();

  /// None: not known yet, or not followed.
  [[nodiscard]] std::optional<bool> up(const std::string& name) const { return tracking_.up(name); }
  /// Whether the kernel tells of processes by itself.
  [[nodiscard]] bool is_told() const { return connector_ != nullptr; }

 private:
  class End;

  void open();
  void take(const std::vector<ProcessEvent>& events);
  void look_at(vrrp::ProcessId process);
  void begin_look();
  void look_again();
  bool look_on(std::size_t count);
  void post_look();
  void end_look();
  void plan_look();
  void follow_ends();
  void ended(vrrp::ProcessId process);
  void settle();

  boost::asio::io_context& io_;
  Hooks hooks_;
  Source source_;
  vrrp::ProcessTracking tracking_;
  vrrp::ProcessTracking::Changes changes_;
  boost::asio::steady_timer delays_, next_look_;
  std::unique_ptr<ProcessConnector> connector_;
  std::optional<ProcessListing> look_;  // under way
  bool look_again_ = false;             // when it has ended: something was lost meanwhile
  bool look_posted_ = false;
  std::optional<Instant> armed_;                // for when delays_ is set
  std::unordered_set<vrrp::ProcessId> unseen_;  // those that the last events made look at, and that had ended by then
  bool is_open_ = false;
  std::optional<Readiness> ended_;  // of processes; without a connector
  std::unordered_map<vrrp::ProcessId, std::unique_ptr<End>> ends_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // for what is already due when this ends
};

}  // namespace baton::net
