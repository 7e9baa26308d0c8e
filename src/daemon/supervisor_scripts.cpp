#include <algorithm>
#include <charconv>
#include <utility>

#include "daemon/log.hpp"
#include "daemon/supervisor.hpp"

namespace baton::daemon {

namespace {

/// keepalived's limit of misc_timeout; a role that asks for more is not believed.
constexpr std::chrono::milliseconds kLongestCheck{4'294'000};
constexpr std::chrono::milliseconds kShortestCheck{1};

}  // namespace

void Supervisor::notify(const Notify& state) {
  // An instance that a reload has taken away says so with the scripts it had.
  const auto& table = notify_table_.knows(state) ? notify_table_ : former_notify_table_;
  submit(table.calls(state));
  if (pipes_.any_vrrp()) pipes_.tell_vrrp(pipe_line(state));
  mail(state);
  if (state.state < NotifyState::deleted)
    told_states_.insert_or_assign(std::pair(!state.is_group, state.instance), state);
}

/// fifo_write_vrrp_states_on_reload, for readers that have just opened a pipe.
void Supervisor::repeat_states() {
  std::erase_if(told_states_, [this](const auto& told) { return !notify_table_.knows(told.second); });
  if (!config_.global.fifos.fifo_write_vrrp_states_on_reload || !pipes_.any_vrrp()) return;
  for (const auto& [key, state] : told_states_)
    pipes_.tell_vrrp(pipe_line(state));
}

/// Where the name is found: with what a reload has taken away when only that knows it.
const ServiceNames& Supervisor::names_of(const ipvs::ServiceKey& service) const {
  const bool is_former = former_notify_table_.names().knows(service) && !notify_table_.names().knows(service);
  return is_former ? former_notify_table_.names() : notify_table_.names();
}

void Supervisor::notify(const ServerNotify& state) {
  use_answers();
  const auto& table =
      notify_table_.has_scripts(MemberKey{state.service, state.server}) ? notify_table_ : former_notify_table_;
  submit(table.calls(state));
  if (pipes_.any_lvs()) pipes_.tell_lvs(pipe_line(state, names_of(state.service)));
  mail(state);
}

void Supervisor::notify(const QuorumNotify& state) {
  const auto& table = notify_table_.has_scripts(state.service) ? notify_table_ : former_notify_table_;
  submit(table.calls(state));
  if (pipes_.any_lvs()) pipes_.tell_lvs(pipe_line(state, names_of(state.service)));
  mail(state);
}

template <class Event>
void Supervisor::mail(const Event& event) {
  if (!mailer_.is_wanted()) return;
  if (const auto mail = mail_table_.mail_for(event)) mailer_.submit(*mail);
}

void Supervisor::submit(std::vector<NotifyCall> calls) {
  for (auto& call : calls)
    scripts_.submit(call.lane, std::move(call.command));
}

void Supervisor::run_check(Role asking, const RunCheck& check) {
  const auto refuse = [&](std::string reason) {
    role(asking).send(CheckEnded{check.run, ScriptEnd::not_run, 0, std::move(reason)});
  };
  if (stopping_) return;
  if (check.generation != generation_) return refuse("the configuration is another one now");
  const auto use = asking == Role::vrrp ? config::ScriptUse::track : config::ScriptUse::check;
  if (check.script >= config_.scripts.size() || config_.scripts[check.script].use != use)
    return refuse("there is no such script");
  auto command = command_of(config_, check.script);
  if (!command) return refuse("the script must not be run");
  command->time_limit = std::clamp(check.timeout, kShortestCheck, kLongestCheck);
  (asking == Role::vrrp ? track_scripts_ : check_scripts_)
      .submit({std::to_string(check.run), Lane::state}, std::move(*command));
}

void Supervisor::check_ended(Role asking, const LaneKey& lane, const ScriptRunner::End& end) {
  CheckEnded answer;
  std::from_chars(lane.object.data(), lane.object.data() + lane.object.size(), answer.run);
  answer.reason = end.trouble;
  if (!end.trouble.empty()) {
    answer.end = ScriptEnd::not_run;
  } else if (end.terminated) {
    answer.end = ScriptEnd::timed_out;
  } else if (end.child.signal != 0) {
    answer.end = ScriptEnd::signalled;
    answer.code = static_cast<std::uint8_t>(end.child.signal);
  } else {
    answer.end = ScriptEnd::exited;
    answer.code = static_cast<std::uint8_t>(end.child.exit_status);
  }
  role(asking).send(std::move(answer));
}

}  // namespace baton::daemon
