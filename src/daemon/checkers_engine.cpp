#include "daemon/checkers_engine.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "daemon/log.hpp"
#include "daemon/track_number.hpp"

namespace baton::daemon {

namespace {

std::uint64_t random_seed() {
  std::random_device device;
  return device();
}

std::uint64_t number(SourceId source) {
  return static_cast<std::uint64_t>(source);
}

}  // namespace

CheckersEngine::CheckersEngine(boost::asio::io_context& io, Outlets outlets)
    : outlets_(std::move(outlets)),
      script_timer_(io),
      file_watch_(io, [this](const std::string& path) { read_file(path); }),
      addresses_(io, [this] { look_at_addresses(); }),
      probes_(io.get_executor(), nullptr, random_seed(),
              [this](net::CheckId id, const net::ProbeReport& report) { on_probe(id, report); }) {}

void CheckersEngine::configure(std::uint64_t generation, const config::Config& config) {
  auto plan = plan_watch(config);
  std::vector<Verdict> changed;
  plan.health.succeed(health_, changed);
  health_ = std::move(plan.health);
  names_ = std::move(plan.names);
  probes_.replace(std::move(plan.probes));
  scripts_.replace(std::move(plan.scripts), generation, Clock::now(), random_seed());
  tell(std::move(changed));
  follow(plan.files);
  suspensions_ = std::move(plan.suspensions);
  if (!suspensions_.empty() && !std::exchange(follows_addresses_, true)) {
    if (const auto started = addresses_.start(); !started) log::error("{}", started.error().message);
  }
  look_at_addresses();
  run_scripts();
}

void CheckersEngine::on_probe(net::CheckId id, const net::ProbeReport& report) {
  const SourceId source{static_cast<std::uint64_t>(id)};
  const auto* spec = probes_.spec(id);
  if (spec == nullptr || !health_.is_known(source)) return;
  const bool up = report.verdict == checkers::Verdict::up;
  if (!report.warning.empty())
    for (const auto& user : health_.users(source))
      log::warning("{} of {} for VS {}: {}", checkers::kind_of(*spec), users_name(user.service, user.server),
                   names_.of(user.service), report.warning);
  if (report.outcome == checkers::Outcome::local_trouble) {
    for (const auto& user : health_.users(source))
      log::warning("{} of {} for VS {} could not be made: {}", checkers::kind_of(*spec),
                   users_name(user.service, user.server), names_.of(user.service), report.reason);
    return;
  }
  if (report.changed || report.first)
    log_result(source, checkers::kind_of(*spec), up, report.reason);
  else if (report.outcome == checkers::Outcome::failed && spec->log_all_failures)
    log_result(source, checkers::kind_of(*spec), false, report.reason);
  if (!report.confirming && probes_.health(id)->known()) record(source, up, std::nullopt, report.reason);
}

void CheckersEngine::log_result(SourceId source, std::string_view what, bool up, const std::string& reason) const {
  for (const auto& user : health_.users(source))
    log::info("{} of {} for VS {} {}: {}", what, users_name(user.service, user.server), names_.of(user.service),
              up ? "passed" : "failed", reason);
}

void CheckersEngine::record(SourceId source, bool up, std::optional<std::int32_t> number, const std::string& reason) {
  std::vector<Verdict> changed;
  health_.record(source, up, number, reason, changed);
  tell(std::move(changed));
}

void CheckersEngine::tell(std::vector<Verdict> verdicts) {
  for (auto& verdict : verdicts)
    outlets_.verdict(std::move(verdict));
}

void CheckersEngine::on_check_ended(const CheckEnded& end) {
  const auto report = scripts_.ended(end, Clock::now());
  run_scripts();
  if (!report) return;
  const SourceId source{report->id};
  if (report->outcome == checkers::Outcome::local_trouble) {
    for (const auto& user : health_.users(source))
      log::warning("MISC_CHECK of {} for VS {} could not be made: {}", users_name(user.service, user.server),
                   names_.of(user.service), report->reason);
    return;
  }
  if (report->is_news) log_result(source, "MISC_CHECK", report->up, report->reason);
  if (!report->confirming && report->is_known) record(source, report->up, report->code, report->reason);
}

void CheckersEngine::run_scripts() {
  std::vector<RunCheck> runs;
  scripts_.tick(Clock::now(), runs);
  for (const auto& run : runs)
    outlets_.run_check(run);
  const auto deadline = scripts_.deadline();
  if (!deadline) {
    script_timer_.cancel();
    return;
  }
  script_timer_.expires_at(*deadline);
  script_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) run_scripts();
  });
}

void CheckersEngine::follow(const std::vector<FollowedFile>& files) {
  files_.clear();
  std::vector<std::string> paths;
  for (const auto& file : files) {
    files_.emplace(file.path, file.source);
    paths.push_back(file.path);
  }
  if (const auto followed = file_watch_.follow(paths); !followed) log::error("{}", followed.error().message);
  for (const auto& path : paths)
    read_file(path);
}

/// A file that is not there counts as 0, as in keepalived.
void CheckersEngine::read_file(const std::string& path) {
  const auto found = files_.find(path);
  if (found == files_.end()) return;
  const auto text = net::read_beginning(path, kMaxTrackedText);
  const auto value = text ? track_number(*text) : std::optional<std::int32_t>(0);
  if (!value) return log::warning("tracked file {} holds no number: it is as it was", path);
  record(found->second, true, *value, "track_file " + path + " holds " + std::to_string(*value));
}

void CheckersEngine::look_at_addresses() {
  std::set<ipvs::ServiceKey> suspended;
  for (const auto& suspension : suspensions_)
    if (!is_here(suspension)) suspended.insert(suspension.service);
  const auto former = std::exchange(suspended_, std::move(suspended));
  std::set<SourceId> concerned;
  const auto changed = [&](const ipvs::ServiceKey& service) {
    for (const auto source : health_.sources(service))
      concerned.insert(source);
  };
  for (const auto& service : former) {
    if (!suspended_.contains(service)) log::info("Resuming the checks of VS {}", names_.of(service));
    changed(service);
  }
  for (const auto& service : suspended_) {
    if (!former.contains(service))
      log::info("Suspending the checks of VS {}: its address is not on this host", names_.of(service));
    changed(service);
  }
  suspend_or_resume(concerned);
}

bool CheckersEngine::is_here(const Suspension& suspension) const {
  return std::ranges::any_of(suspension.addresses, [this](const Suspension::Range& range) {
    return addresses_.any_between(range.first, range.last);
  });
}

void CheckersEngine::suspend_or_resume(const std::set<SourceId>& sources) {
  for (const auto source : sources) {
    const auto services = health_.services_of(source);
    const bool is_wanted = std::ranges::any_of(
        services, [this](const ipvs::ServiceKey& service) { return !suspended_.contains(service); });
    const net::CheckId probe{number(source)};
    if (is_wanted) {
      probes_.resume(probe);
      scripts_.resume(number(source), Clock::now());
    } else {
      probes_.suspend(probe);
      scripts_.suspend(number(source));
    }
  }
  run_scripts();
}

void CheckersEngine::on_verdict(const Verdict& verdict) {
  const MemberKey member{verdict.service, verdict.server};
  if (health_.is_judged(member)) {
    if (auto own = health_.verdict(member)) outlets_.verdict(std::move(*own));
    return;
  }
  const auto held = verdict.up ? checkers::Verdict::up : checkers::Verdict::down;
  for (const auto source : health_.believe(verdict)) {
    probes_.believe(net::CheckId{number(source)}, held);
    scripts_.believe(number(source), verdict.up);
  }
}

void CheckersEngine::tell_all() {
  tell(health_.verdicts());
}

}  // namespace baton::daemon
