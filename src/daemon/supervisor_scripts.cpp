#include <algorithm>
#include <charconv>
#include <utility>

#include "daemon/log.hpp"
#include "daemon/supervisor.hpp"

namespace baton::daemon {

namespace {

/// keepalived's limit of misc_timeout; a role that asks for more is not believed.
constexpr std::chrono::seconds kLongestCheck{4294};

}  // namespace

void Supervisor::notify(const Notify& state) {
  // An instance that a reload has taken away says so with the scripts it had.
  const auto& table = notify_table_.knows(state.instance) ? notify_table_ : former_notify_table_;
  submit(table.calls(state));
  if (pipes_.any_vrrp()) pipes_.tell_vrrp(pipe_line(state));
  mail(state);
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

void Supervisor::run_check(const RunCheck& check) {
  const auto refuse = [&](std::string reason) {
    role(Role::checkers).send(CheckEnded{check.run, ScriptEnd::not_run, 0, std::move(reason)});
  };
  if (stopping_) return;
  if (check.generation != generation_) return refuse("the configuration is another one now");
  if (check.script >= config_.scripts.size() || config_.scripts[check.script].use != config::ScriptUse::check)
    return refuse("there is no such script");
  auto command = command_of(config_, check.script);
  if (!command) return refuse("the script must not be run");
  command->time_limit = std::clamp(check.timeout, std::chrono::seconds{1}, kLongestCheck);
  check_scripts_.submit({std::to_string(check.run), Lane::state}, std::move(*command));
}

void Supervisor::check_ended(const LaneKey& lane, const ScriptRunner::End& end) {
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
  role(Role::checkers).send(std::move(answer));
}

}  // namespace baton::daemon
