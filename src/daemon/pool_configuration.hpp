// pool_configuration.hpp - a configuration whose pools DNS fills: kept, and put into force anew when an answer changes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/model.hpp"
#include "config/server_pool.hpp"
#include "daemon/messages.hpp"

namespace baton::daemon {

/// Of a role.  Where there are no pools nothing is kept.
class PoolConfiguration {
 public:
  /// Puts the configuration into force: its pools are real servers in it.
  using Apply = std::function<void(std::uint64_t generation, const config::Config&)>;

  PoolConfiguration(boost::asio::io_context& io, Apply apply);

  /// Applies it at once, with the answers that are there.
  void configure(std::uint64_t generation, config::Config config);

  /// Before the first configuration it is only remembered.  Later answers are applied soon, those that come together at
  /// once.
  void on_answer(const PoolAnswer& answer);

  /// What waits is applied now.
  void flush();

  [[nodiscard]] const config::PoolAnswers& answers() const { return answers_; }
  /// Whether each pool has an answer.
  [[nodiscard]] bool is_complete() const { return unanswered_.empty(); }

 private:
  void apply();

  boost::asio::steady_timer soon_;
  Apply apply_;
  config::PoolAnswers answers_;
  std::set<config::PoolQuestion> unanswered_;
  std::optional<config::Config> config_;  // as it is in the file; only where there are pools
  std::uint64_t generation_ = 0;
  bool is_waiting_ = false;
};

}  // namespace baton::daemon
