#include "daemon/ipvs_engine.hpp"

#include <algorithm>
#include <iterator>

#include <malloc.h>

#include "daemon/apart.hpp"
#include "daemon/ledger.hpp"
#include "daemon/log.hpp"
#include "daemon/notify.hpp"
#include "ipvs/shared_pool.hpp"
#include "net/ipvs_census.hpp"

namespace baton::daemon {

namespace {

/// Verdicts that arrive together are one batch.
constexpr Duration kVerdictPause = std::chrono::milliseconds{2};
/// How often the kernel's table is read anew, for what others have changed in it; IPVS tells nobody.
constexpr Duration kAudit = std::chrono::seconds{30};
/// How soon after trouble another try is made.
constexpr Duration kRetry = std::chrono::seconds{10};
/// Services from which on it pays at the stop to find out whether the table is all ours.
constexpr std::size_t kLargeTable = 1000;

const char* plural(std::size_t count) {
  return count == 1 ? "" : "s";
}

}  // namespace

IpvsEngine::IpvsEngine(boost::asio::io_context& io, std::string ledger, Tell tell)
    : soon_(io),
      audit_(io),
      step_(io),
      tell_(std::move(tell)),
      ledger_(std::move(ledger)),
      globals_(ledger_ + ".timeouts"),
      masquerading_(ledger_ + ".fullnat"),
      mark_table_(ledger_ + ".marks") {}

void IpvsEngine::configure(const config::Config& config) {
  // What stays of it is copied: then it lies together.
  const auto plan = apart([&] { return plan_services(config); });
  rs_init_notifies_ = config.global.lvs.rs_init_notifies;
  // What the former configuration wanted to hear is still told of what goes with it.
  const bool will_be_heard = hears_of_pools(config);
  is_heard_ = is_heard_ || will_be_heard;
  if (!std::exchange(configured_, true)) {
    owned_ = decode_ipvs_ledger(read_ledger(ledger_));
    // What lvs_flush would remove is removed as what was ours: what is to stay stays without a gap.
    if (read() && config.global.lvs.lvs_flush)
      for (const auto& [key, service] : *actual_)
        owned_.insert(key);
  }
  lvs_ = config.global.lvs;
  globals_.configure(config);
  marks_ = plan_marks(config);
  std::erase_if(pools_, [&](const Pools::value_type& former) {
    const auto& [key, planned] = former;
    if (plan.contains(key)) return false;
    log::info("Removing Virtual Server {}", names_.of(key));
    tell_events(key, planned.pool.params(), planned.pool.closing(), PoolMoment::removal, {});
    return true;
  });
  names_ = ServiceNames(config);
  masqueraded_.clear();
  std::shared_ptr<const ipvs::Service> settings;
  for (const auto& [key, planned] : plan) {
    if (planned.is_masqueraded) masqueraded_.insert(planned.services.begin(), planned.services.end());
    if (!settings || *settings != planned.service) settings = std::make_shared<const ipvs::Service>(planned.service);
    pools_.insert_or_assign(key, PlannedPool{settings, planned.services, make_pool(key, planned.pool)});
  }
  // The table comes first: ten thousand lines are long in being written.
  reconcile();
  for (const auto& [key, events, moment] : std::exchange(untold_, {})) {
    const auto& pool = pools_.at(key).pool;
    tell_events(key, pool.params(), moment == PoolMoment::start ? pool.opening() : events, moment, {});
  }
  is_heard_ = will_be_heard;
}

ipvs::Pool IpvsEngine::make_pool(const ipvs::ServiceKey& key, ipvs::PoolParams params) {
  if (const auto former = pools_.find(key); former != pools_.end()) {
    ipvs::Pool::Events events;
    auto pool = ipvs::Pool::succeeding(std::move(params), former->second.pool, events);
    untold_.push_back({key, std::move(events), PoolMoment::change});
    return pool;
  }
  // What a former process of ours has left goes on without a word.
  if (const auto missing = taken_out(key, params)) return ipvs::Pool::adopted(std::move(params), *missing);
  // How it opens is asked when it is told: thousands of such lists between the pools would leave as many holes.
  untold_.push_back({key, {}, PoolMoment::start});
  return ipvs::Pool(std::move(params));
}

std::optional<std::set<ipvs::DestKey>> IpvsEngine::taken_out(const ipvs::ServiceKey& key,
                                                             const ipvs::PoolParams& pool) const {
  if (!actual_ || !owned_.contains(key)) return std::nullopt;
  const auto service = actual_->find(key);
  if (service == actual_->end()) return std::nullopt;
  std::set<ipvs::DestKey> out;
  for (const auto& member : pool.members) {
    const auto as = ipvs::key_within(key, member.key, member.dest);
    if (!as) continue;
    const auto dest = service->second.dests.find(*as);
    const bool missing = dest == service->second.dests.end();
    const bool inhibited = !missing && member.inhibit_on_failure && dest->second.weight == 0 && member.dest.weight != 0;
    if (missing || inhibited) out.insert(member.key);
  }
  return out;
}

void IpvsEngine::on_verdict(const Verdict& verdict) {
  const auto found = pools_.find(verdict.service);
  if (found == pools_.end()) return;
  auto& pool = found->second.pool;
  ipvs::Pool::Events events;
  pool.report({verdict.server, verdict.up, verdict.weight}, Clock::now(), events);
  if (events.empty()) return;
  tell_events(verdict.service, pool.params(), events, PoolMoment::change, verdict.reason);
  changed_.insert(verdict.service);
  reconcile_soon();
}

void IpvsEngine::tell_events(const ipvs::ServiceKey& key, const ipvs::PoolParams& pool,
                             const ipvs::Pool::Events& events, PoolMoment moment, const std::string& reason) {
  auto report = report_of({key, &pool, names_.of(key)}, events, moment, reason, rs_init_notifies_);
  for (const auto& line : report.lines) {
    if (line.is_warning)
      log::warning("{}", line.text);
    else
      log::info("{}", line.text);
  }
  if (!is_heard_) return;
  for (auto& message : report.messages)
    tell_(std::move(message));
}

std::vector<Verdict> IpvsEngine::snapshot() const {
  std::vector<Verdict> verdicts;
  for (const auto& [key, planned] : pools_)
    for (const auto& member : planned.pool.reports())
      verdicts.push_back({key, member.key, member.up, member.weight, "as it was before"});
  return verdicts;
}

void IpvsEngine::await_next_step(Instant now) {
  std::optional<Instant> next;
  ramping_.clear();
  for (const auto& [key, planned] : pools_) {
    const auto step = planned.pool.next_step(now);
    if (!step) continue;
    ramping_.insert(key);
    if (!next || *step < *next) next = step;
  }
  if (!next) return;
  step_.expires_at(*next);
  step_.async_wait([this](const boost::system::error_code& error) {
    if (!error) reconcile_soon();
  });
}

void IpvsEngine::reconcile_soon() {
  if (std::exchange(soon_posted_, true)) return;
  soon_.expires_after(kVerdictPause);
  soon_.async_wait([this](const boost::system::error_code& error) {
    soon_posted_ = false;
    if (!error) reconcile_changed();
  });
}

void IpvsEngine::on_instance(const Notify& notify) {
  globals_.on_instance(notify.instance, notify.state);
  if (client_ && configured_ && !globals_.keep(*client_)) audit_after(kRetry);
}

bool IpvsEngine::keep_surroundings() {
  const bool globals = globals_.keep(*client_);
  const bool marks = mark_table_.keep(marks_);
  return masquerading_.keep(masqueraded_) && globals && marks;
}

void IpvsEngine::reconcile() {
  changed_.clear();
  if (!actual_ && !read()) return;
  const bool is_whole = keep_surroundings();
  ipvs::Table table;
  const auto now = Clock::now();
  std::size_t services = 0;
  for (const auto& [key, planned] : pools_) {
    add_wanted(table, planned, now);
    services += planned.services.size();
  }
  pools_share_services_ = table.size() < services;
  const auto former = std::exchange(owned_, {});
  for (const auto& [key, service] : table)
    owned_.insert(owned_.end(), key);
  std::vector<ipvs::ServiceKey> gone;
  std::ranges::set_difference(former, owned_, std::back_inserter(gone));
  // What is about to be ours is in the ledger before it is in the kernel: a crash in between leaves nothing unknown.
  owned_.insert(gone.begin(), gone.end());
  save_ledger();
  const bool untold = client_->tunnel_support() == ipvs::TunnelSupport::unknown && ipvs::has_tunnels(table);
  bring_about(*actual_, std::move(table), owned_);
  for (const auto& key : gone)
    owned_.erase(key);
  save_ledger();
  audit_after(actual_ && is_whole ? kAudit : kRetry);
  await_next_step(now);
  // Only what it makes of them tells whether the kernel has such tunnels.  That is asked once: then it is known.
  if (untold && read() && client_->tunnel_support() != ipvs::TunnelSupport::unknown) reconcile();
}

void IpvsEngine::reconcile_changed() {
  if (!actual_ || pools_share_services_) return reconcile();
  ipvs::Table table, actual;
  const auto now = Clock::now();
  // A step that came due since is not to be missed, whatever has brought us here.
  changed_.merge(ramping_);
  for (const auto& key : std::exchange(changed_, {}))
    if (const auto found = pools_.find(key); found != pools_.end()) add_wanted(table, found->second, now);
  for (const auto& [key, service] : table)
    if (const auto found = actual_->find(key); found != actual_->end()) actual.insert(actual.end(), *found);
  bring_about(actual, std::move(table), {});
  if (!actual_) audit_after(kRetry);
  await_next_step(now);
}

void IpvsEngine::bring_about(const ipvs::Table& actual, ipvs::Table table,
                             const std::set<ipvs::ServiceKey>& removable) {
  leave_out_unsupported(table);
  const auto operations = ipvs::diff(actual, table, removable);
  if (operations.empty()) return;
  if (log::enabled(log::Level::debug))  // fifty thousand texts are not made for nobody
    for (const auto& operation : operations)
      log::debug("{}", ipvs::to_string(operation));
  if (!send(operations)) return;
  for (const auto& operation : operations)
    if (const auto* removed = std::get_if<ipvs::DelService>(&operation)) actual_->erase(removed->key);
  while (!table.empty()) {
    auto placed = actual_->insert(table.extract(table.begin()));
    if (!placed.inserted) placed.position->second = std::move(placed.node.mapped());
  }
}

bool IpvsEngine::send(const std::vector<ipvs::Operation>& operations) {
  const auto outcome = client_->apply(operations);
  for (const auto& error : outcome.errors)
    log::error("{}", error.message);
  log::info("{} IPVS command{}", operations.size(), plural(operations.size()));
  if (outcome.errors.empty() && !outcome.reread) return true;
  actual_.reset();
  return false;
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
    ::malloc_trim(0);  // the answers of the kernel and the wanted table are gone again
  });
}

void IpvsEngine::add_wanted(ipvs::Table& table, const PlannedPool& planned, Instant now) const {
  ipvs::add_services(table, planned.services, *planned.service, planned.pool.wanted(now));
}

void IpvsEngine::leave_out_unsupported(ipvs::Table& table) {
  const auto support = client_ ? client_->tunnel_support() : ipvs::TunnelSupport::unknown;
  const auto dropped = ipvs::drop_unsupported(table, support);
  if (dropped > 0 && !std::exchange(told_of_tunnels_, true))
    log::error("this kernel has no {}: {} entr{} of real servers behind such tunnels are not served",
               support == ipvs::TunnelSupport::ipip ? "tunnels but ipip (Linux 5.2 has gue, 5.3 gre and checksums)"
                                                    : "gre tunnels and no checksums of tunnels (Linux 5.3 has)",
               dropped, dropped == 1 ? "y" : "ies");
}

void IpvsEngine::stop() {
  soon_.cancel();
  audit_.cancel();
  step_.cancel();
  for (const auto& [key, planned] : pools_)
    if (planned.pool.params().omega)
      tell_events(key, planned.pool.params(), planned.pool.closing(), PoolMoment::removal, {});
  pools_.clear();
  if (client_ || read()) remove_all();
  masquerading_.keep({});
  mark_table_.stop();
  save_ledger();
  audit_.cancel();
}

bool IpvsEngine::flush() {
  const auto flushed = client_->flush();
  if (!flushed) log::error("{}", flushed.error().message);
  return flushed.has_value();
}

/// The table is not read: what is ours is known.  A removed service takes its servers with it, so that nobody needs to
/// know them; one that has gone already is no error.  A large table that is all ours goes at once, in half the time.
void IpvsEngine::remove_all() {
  const bool is_whole = owned_.size() >= kLargeTable && net::only_services_are(owned_);
  log::info("removing {} virtual server{} from IPVS{}", owned_.size(), plural(owned_.size()),
            is_whole ? ", the whole table at once" : "");
  const bool flushed = (is_whole || lvs_.lvs_flush_on_stop == config::FlushOnStop::all) && flush();
  if (!flushed && !owned_.empty()) {
    std::vector<ipvs::Operation> operations;
    operations.reserve(owned_.size());
    for (const auto& key : owned_)
      operations.emplace_back(ipvs::DelService{key});
    send(operations);
    actual_.reset();
  }
  owned_.clear();
  globals_.stop(*client_);
}

void IpvsEngine::save_ledger() {
  auto content = encode(owned_);
  if (content == saved_) return;
  saved_ = std::move(content);
  if (const auto written = write_ledger(ledger_, saved_); !written) log::error("{}", written.error().message);
}

}  // namespace baton::daemon
