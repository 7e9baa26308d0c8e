// The answers of DNS: the supervisor keeps the last good ones, for roles that begin anew and for its own successor.
#include <optional>
#include <utility>

#include "daemon/configuration_files.hpp"
#include "daemon/ledger.hpp"
#include "daemon/log.hpp"
#include "daemon/pool_ledger.hpp"
#include "daemon/supervisor.hpp"

namespace baton::daemon {

namespace {

/// Answers that come together are written once.
constexpr Duration kLedgerPause = std::chrono::milliseconds{100};

}  // namespace

void Supervisor::take(const PoolAnswer& answer) {
  // Of a configuration that is no longer in force, or of a role that was taken over: nobody has asked.
  if (!pool_questions_.contains(answer.question) || answer.servers.empty()) return;
  pool_answers_[answer.question] = answer.servers;
  has_new_answers_ = true;
  role(Role::ipvs).send(answer);
  save_answers_soon();
}

/// Before the configuration, so that no pool begins empty whose servers are known.
void Supervisor::send_answers(Role which) {
  if (which != Role::ipvs && which != Role::checkers) return;
  for (const auto& [question, servers] : pool_answers_)
    role(which).send(PoolAnswer{question, servers});
}

void Supervisor::keep_asked_answers() {
  pool_questions_.clear();
  for (const auto& [question, pools] : config::questions_of(config_))
    pool_questions_.insert(question);
  pool_answers_ = config::answers_for(config_, pool_answers_);
}

/// Whom to tell of which real server.  The former table keeps those that are gone.
void Supervisor::fill_tables() {
  has_new_answers_ = false;
  std::optional<config::Config> filled;
  if (!pool_questions_.empty()) filled = config::with_pools(config_, pool_answers_);
  const auto& config = filled ? *filled : config_;
  former_notify_table_ = std::exchange(notify_table_, NotifyTable(config));
  former_notify_table_.keep_only_removed(config);
  mail_table_ = mailer_.is_wanted() ? MailTable(config, short_host_name()) : MailTable();
}

/// Only when a real server is told of: it costs a look at the whole configuration.
void Supervisor::use_answers() {
  if (!has_new_answers_) return;
  auto removed = std::exchange(former_notify_table_, {});
  fill_tables();
  // While a reload is under way, what it takes away may still have something to say.
  if (!rollout_.active()) return;
  removed.add_servers_of(std::move(former_notify_table_));
  former_notify_table_ = std::move(removed);
}

void Supervisor::save_answers() {
  auto text = encode(pool_answers_);
  if (text == saved_answers_) return;
  if (const auto written = write_ledger(ledger_path("pools", options_.pid_file), text); !written)
    return log::error("{}", written.error().message);
  saved_answers_ = std::move(text);
}

void Supervisor::save_answers_soon() {
  pools_timer_.expires_after(kLedgerPause);
  pools_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) save_answers();
  });
}

}  // namespace baton::daemon
