#include "daemon/ipvs_engine.hpp"

#include <algorithm>

#include "daemon/check_plan.hpp"
#include "daemon/ledger.hpp"
#include "daemon/log.hpp"

namespace baton::daemon {

namespace {

/// Verdicts that arrive together are one batch.
constexpr Duration kGather = std::chrono::milliseconds{2};
/// How often the kernel's table is read anew, for what others have changed in it; IPVS tells nobody.
constexpr Duration kAudit = std::chrono::seconds{30};
/// How soon after trouble another try is made.
constexpr Duration kRetry = std::chrono::seconds{10};

const char* plural(std::size_t count) {
  return count == 1 ? "" : "s";
}

}  // namespace

IpvsEngine::IpvsEngine(boost::asio::io_context& io, std::string ledger)
    : soon_(io), audit_(io), ledger_(std::move(ledger)) {}

void IpvsEngine::configure(const config::Config& config) {
  auto plan = plan_services(config);
  const auto checks = plan_checks(config);
  std::map<ipvs::ServiceKey, std::set<ipvs::DestKey>> down;
  if (!std::exchange(configured_, true)) {
    owned_ = decode_ipvs_ledger(read_ledger(ledger_));
    if (read()) down = taken_out(plan);
  }
  std::map<ipvs::ServiceKey, PlannedPool> pools;
  for (auto& [key, planned] : plan) {
    const auto former = pools_.find(key);
    auto out = former != pools_.end() ? former->second.pool.down() : std::move(down[key]);
    // A server without checks is always up, and nobody would ever say so.
    std::erase_if(out, [&, &service = key](const ipvs::DestKey& server) {
      return !checks.contains({service, server});
    });
    const bool had_quorum = former != pools_.end() && former->second.pool.has_quorum();
    pools.emplace(key, PlannedPool{std::move(planned.service), ipvs::Pool(std::move(planned.pool), out, had_quorum)});
  }
  pools_ = std::move(pools);
  reconcile();
}

/// Members that are missing from a service of ours, or inhibited there.
std::map<ipvs::ServiceKey, std::set<ipvs::DestKey>> IpvsEngine::taken_out(
    const std::map<ipvs::ServiceKey, PlannedService>& plan) const {
  std::map<ipvs::ServiceKey, std::set<ipvs::DestKey>> out;
  for (const auto& [key, planned] : plan) {
    const auto service = actual_->find(key);
    if (service == actual_->end() || !owned_.contains(key)) continue;
    for (const auto& member : planned.pool.members) {
      const auto dest = service->second.dests.find(member.key);
      const bool missing = dest == service->second.dests.end();
      const bool inhibited =
          !missing && member.inhibit_on_failure && dest->second.weight == 0 && member.dest.weight != 0;
      if (missing || inhibited) out[key].insert(member.key);
    }
  }
  return out;
}

void IpvsEngine::on_verdict(const Verdict& verdict) {
  const auto found = pools_.find(verdict.service);
  if (found == pools_.end()) return;
  auto& pool = found->second.pool;
  const auto change = pool.set_up(verdict.server, verdict.up);
  if (change == ipvs::Pool::Change::none) return;
  log::info("{} service {} {} VS {}: {}", verdict.up ? "Adding" : "Removing",
            users_name(verdict.service, verdict.server), verdict.up ? "to" : "from", users_name(verdict.service),
            verdict.reason);
  if (change == ipvs::Pool::Change::quorum_lost) log::warning("Lost quorum of VS {}", users_name(verdict.service));
  if (change == ipvs::Pool::Change::quorum_gained) log::info("Gained quorum of VS {}", users_name(verdict.service));
  reconcile_soon();
}

std::vector<Verdict> IpvsEngine::snapshot() const {
  std::vector<Verdict> verdicts;
  for (const auto& [key, planned] : pools_)
    for (const auto& server : planned.pool.down())
      verdicts.push_back({key, server, false, {}, "it was down before"});
  return verdicts;
}

void IpvsEngine::reconcile_soon() {
  if (std::exchange(soon_posted_, true)) return;
  soon_.expires_after(kGather);
  soon_.async_wait([this](const boost::system::error_code& error) {
    soon_posted_ = false;
    if (!error) reconcile();
  });
}

void IpvsEngine::reconcile() {
  if (!actual_ && !read()) return;
  const auto table = wanted();
  auto operations = ipvs::diff(*actual_, table, owned_);
  // What is about to be ours is in the ledger before it is in the kernel: a crash in between leaves nothing unknown.
  for (const auto& [key, service] : table)
    owned_.insert(key);
  if (!operations.empty()) {
    save_ledger();
    for (const auto& operation : operations)
      log::debug("{}", ipvs::to_string(operation));
    apply(operations);
  }
  std::set<ipvs::ServiceKey> ours;
  for (const auto& [key, service] : table)
    ours.insert(key);
  owned_ = std::move(ours);
  save_ledger();
  audit_after(actual_ ? kAudit : kRetry);
}

void IpvsEngine::apply(const std::vector<ipvs::Operation>& operations) {
  auto outcome = client_->apply(operations);
  for (const auto& error : outcome.errors)
    log::error("{}", error.message);
  if (!outcome.errors.empty() || outcome.reread)
    actual_.reset();
  else
    ipvs::apply(*actual_, operations);
  log::info("{} IPVS command{}", operations.size(), plural(operations.size()));
}

bool IpvsEngine::read() {
  if (!client_) {
    auto opened = net::IpvsClient::open();
    if (!opened) return complain(opened.error());
    client_ = std::move(*opened);
  }
  auto table = client_->read();
  if (!table) return complain(table.error());
  if (!std::exchange(trouble_, "").empty()) log::info("IPVS answers");
  actual_ = std::move(*table);
  return true;
}

bool IpvsEngine::complain(const Error& error) {
  client_.reset();
  actual_.reset();
  if (error.message != trouble_) log::error("{}", error.message);
  trouble_ = error.message;
  audit_after(kRetry);
  return false;
}

void IpvsEngine::audit_after(Duration delay) {
  audit_.expires_after(delay);
  audit_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    actual_.reset();
    reconcile();
  });
}

ipvs::Table IpvsEngine::wanted() const {
  ipvs::Table table;
  for (const auto& [key, planned] : pools_) {
    auto service = planned.service;
    service.dests = planned.pool.wanted();
    table.emplace(key, std::move(service));
  }
  return table;
}

void IpvsEngine::stop() {
  soon_.cancel();
  audit_.cancel();
  pools_.clear();
  if (read()) {
    const auto operations = ipvs::diff(*actual_, {}, owned_);
    log::info("removing {} virtual server{} from IPVS", operations.size(), plural(operations.size()));
    const bool all_ours = operations.size() == actual_->size();
    if (all_ours && !operations.empty()) {
      if (const auto flushed = client_->flush(); !flushed) log::error("{}", flushed.error().message);
    } else {
      apply(operations);
    }
    owned_.clear();
  }
  save_ledger();
  audit_.cancel();
}

void IpvsEngine::save_ledger() {
  if (owned_ == saved_) return;
  saved_ = owned_;
  if (const auto written = write_ledger(ledger_, encode(owned_)); !written) log::error("{}", written.error().message);
}

}  // namespace baton::daemon
