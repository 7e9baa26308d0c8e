#include "daemon/checkers_engine.hpp"

#include <random>
#include <utility>

#include "daemon/log.hpp"

namespace baton::daemon {

namespace {

/// A snapshot comes as one message per server; the probers are exchanged once for all of them.
constexpr Duration kGather = std::chrono::milliseconds{20};

std::uint64_t random_seed() {
  std::random_device device;
  return device();
}

/// None when the system's OpenSSL configuration is broken: SSL_GET then fails with that reason, all else works.
std::shared_ptr<const net::TlsContext> tls_context() {
  auto context = net::TlsContext::create();
  if (context) return std::move(*context);
  log::error("{}", context.error().message);
  return nullptr;
}

}  // namespace

CheckersEngine::CheckersEngine(boost::asio::io_context& io, OnVerdict on_verdict)
    : on_verdict_(std::move(on_verdict)),
      replace_soon_(io),
      pool_(io.get_executor(), tls_context(), random_seed(),
            [this](net::CheckId id, const net::ProbeReport& report) { on_result(id, report); }) {}

void CheckersEngine::configure(const config::Config& config) {
  const auto former = std::exchange(plan_, plan_checks(config));
  for (const auto& [member, specs] : former) {
    if (plan_.contains(member)) continue;
    health_.remove(member);
    judged_.erase(member);
    for (const auto id : ids_[member])
      places_.erase(id);
    ids_.erase(member);
  }
  for (const auto& [member, specs] : plan_) {
    const auto before = former.find(member);
    if (before != former.end() && before->second == specs) continue;
    // Other checks for a server start with what its former ones said, so that a reload alone changes no pool.
    const bool up = health_.is_up(member);
    health_.set_checks(member, std::vector<bool>(specs.size(), up));
    judged_.erase(member);
    number(member);
  }
  replace();
}

/// Gives the checks of a server new numbers: for the probers they are others from now on.
void CheckersEngine::number(const MemberKey& member) {
  auto& ids = ids_[member];
  for (const auto id : ids)
    places_.erase(id);
  ids.clear();
  for (std::size_t check = 0; check < plan_.at(member).size(); ++check) {
    const net::CheckId id{++last_id_};
    ids.push_back(id);
    places_.emplace(id, Place{member, check});
  }
}

void CheckersEngine::replace() {
  std::vector<net::Check> checks;
  checks.reserve(places_.size());
  for (const auto& [member, specs] : plan_) {
    const auto& ids = ids_.at(member);
    const bool known = judged_.contains(member);
    for (std::size_t check = 0; check < specs.size(); ++check) {
      const bool up = health_.check(member, check).value_or(true);
      checks.push_back({ids[check], specs[check], up ? checkers::Verdict::up : checkers::Verdict::down, known});
    }
  }
  pool_.replace(std::move(checks));
}

void CheckersEngine::on_result(net::CheckId id, const net::ProbeReport& report) {
  const auto found = places_.find(id);
  if (found == places_.end()) return;
  const auto [member, check] = found->second;
  const auto& spec = plan_.at(member)[check];
  const bool up = report.verdict == checkers::Verdict::up;
  if (!report.warning.empty())
    log::warning("{} of {} for VS {}: {}", kind_of(spec), users_name(member.service, member.server),
                 users_name(member.service), report.warning);
  if (report.outcome == checkers::Outcome::local_trouble) {
    log::warning("{} of {} for VS {} could not be made: {}", kind_of(spec), users_name(member.service, member.server),
                 users_name(member.service), report.reason);
    return;
  }
  if (report.changed || report.first)
    log::info("{} of {} for VS {} {}: {}", kind_of(spec), users_name(member.service, member.server),
              users_name(member.service), up ? "passed" : "failed", report.reason);
  else if (report.outcome == checkers::Outcome::failed && spec.log_all_failures)
    log::info("{} of {} for VS {} failed{}: {}", kind_of(spec), users_name(member.service, member.server),
              users_name(member.service), report.confirming ? ", another attempt follows" : "", report.reason);
  else if (report.confirming)
    log::debug("{} of {} for VS {}: {}; another attempt follows", kind_of(spec), users_name(member.service, member.server),
               users_name(member.service), report.reason);
  judged_.insert(member);
  if (health_.record(member, check, up)) tell(member, report.reason);
}

void CheckersEngine::on_verdict(const Verdict& verdict) {
  const MemberKey member{verdict.service, verdict.server};
  const auto planned = plan_.find(member);
  if (planned == plan_.end()) return;
  if (judged_.contains(member)) {
    tell(member, "as checked");
    return;
  }
  judged_.insert(member);
  health_.set_checks(member, std::vector<bool>(planned->second.size(), verdict.up));
  number(member);
  if (std::exchange(replace_posted_, true)) return;
  replace_soon_.expires_after(kGather);
  replace_soon_.async_wait([this](const boost::system::error_code& error) {
    replace_posted_ = false;
    if (!error) replace();
  });
}

void CheckersEngine::tell_all() {
  for (const auto& member : judged_)
    tell(member, "as checked before");
}

void CheckersEngine::tell(const MemberKey& member, std::string reason) {
  on_verdict_(Verdict{member.service, member.server, health_.is_up(member), {}, std::move(reason)});
}

}  // namespace baton::daemon
