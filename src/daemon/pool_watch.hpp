// pool_watch.hpp - asks DNS for the pools of a configuration again and again, and says when an answer changes.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "checkers/pool_schedule.hpp"
#include "config/server_pool.hpp"
#include "daemon/messages.hpp"
#include "net/alarms.hpp"
#include "net/dns_lookup.hpp"

namespace baton::daemon {

class PoolWatch {
 public:
  using OnAnswer = std::function<void(PoolAnswer)>;

  /// `on_answer` may do anything but destroy it or configure it.
  PoolWatch(boost::asio::io_context& io, OnAnswer on_answer);
  ~PoolWatch();

  /// Start and reload: questions that are as before go on.  `known`: the last answers, to which the first ones are
  /// compared for the log; they are told in any case.
  void configure(const config::Config& config, const config::PoolAnswers& known);

 private:
  class Asked;
  void due(Asked& asked);
  void ask(Asked& asked);
  void answered(Asked& asked, checkers::PoolOutcome outcome);
  void take(Asked& asked, checkers::PoolOutcome outcome);
  void next();

  boost::asio::io_context& io_;
  OnAnswer on_answer_;
  net::Alarms alarms_;
  std::map<config::PoolQuestion, std::unique_ptr<Asked>> asked_;
  std::deque<config::PoolQuestion> queue_;  // due, while others are being resolved
  std::size_t running_ = 0;
};

/// "10.0.0.3:80 added, 10.0.0.1:80 gone, 10.0.0.2:80 weight 1 -> 5": at most a few of them, then their number (pure).
std::string difference(const std::vector<PoolServer>& before, const std::vector<PoolServer>& after);

}  // namespace baton::daemon
