#include "daemon/pool_configuration.hpp"

#include <utility>

namespace baton::daemon {

namespace {

/// At the start, and when a name server comes back, many answers come at once.
constexpr Duration kAnswerPause = std::chrono::milliseconds{20};

}  // namespace

PoolConfiguration::PoolConfiguration(boost::asio::io_context& io, Apply apply) : soon_(io), apply_(std::move(apply)) {}

void PoolConfiguration::configure(std::uint64_t generation, config::Config config) {
  generation_ = generation;
  soon_.cancel();
  is_waiting_ = false;
  unanswered_.clear();
  if (!config::has_pools(config)) {
    config_.reset();
    answers_.clear();
    apply_(generation, config);
    return;
  }
  config_ = std::move(config);
  answers_ = config::answers_for(*config_, answers_);
  for (const auto& [question, pools] : config::questions_of(*config_))
    if (!answers_.contains(question)) unanswered_.insert(question);
  apply();
}

void PoolConfiguration::on_answer(const PoolAnswer& answer) {
  unanswered_.erase(answer.question);
  const auto [known, is_new] = answers_.try_emplace(answer.question, answer.servers);
  if (!is_new && known->second == answer.servers) return;
  known->second = answer.servers;
  if (!config_ || std::exchange(is_waiting_, true)) return;
  soon_.expires_after(kAnswerPause);
  soon_.async_wait([this](const boost::system::error_code& error) {
    if (!error) flush();
  });
}

void PoolConfiguration::flush() {
  if (!std::exchange(is_waiting_, false)) return;
  soon_.cancel();
  apply();
}

void PoolConfiguration::apply() {
  apply_(generation_, config::with_pools(*config_, answers_));
}

}  // namespace baton::daemon
