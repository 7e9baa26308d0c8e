#include "daemon/vrrp_routes.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <boost/asio/post.hpp>

#include "daemon/log.hpp"

namespace baton::daemon {

namespace asio = boost::asio;

namespace {

constexpr const char* kRoute = "route";
constexpr const char* kRule = "rule";
constexpr std::uint32_t kMainTable = 254;

std::string name_of(const net::ObjectKey& key) {
  if (key.is_rule) return std::string("rule ") + std::to_string(key.priority);
  auto name = "route " + key.destination.address.to_string() + '/' + std::to_string(key.destination.length);
  return key.table == kMainTable ? name : name + " table " + std::to_string(key.table);
}

std::string ledger_line(const net::ObjectBytes& bytes) {
  return std::string(net::is_rule(bytes) ? kRule : kRoute) + ' ' + net::to_hex(bytes);
}

net::ObjectKey kernel_key(const net::ObjectBytes& bytes) {
  return net::object_key(bytes).value_or(net::ObjectKey{});
}

}  // namespace

VrrpRoutes::VrrpRoutes(asio::io_context& io, const net::Links& links, KernelLedger* ledger)
    : io_(io), links_(links), ledger_(ledger), kernel_(io) {
  for (const auto* word : {kRoute, kRule})
    for (const auto& line : ledger_->lines_of(word))
      if (const auto bytes = net::from_hex(line)) held_.emplace(*bytes, Held{kernel_key(*bytes), false, 0});
}

VrrpRoutes::~VrrpRoutes() {
  *alive_ = false;
}

void VrrpRoutes::plan(const config::Config& config, const std::map<InstanceKey, PlannedInstance>& instances) {
  std::vector<std::string> trouble;
  const auto& files = config.global.files;
  names_ = IdentifierNames(files.iproute_etc_dir, files.iproute_usr_dir);  // the files may have changed as well
  statics_ = plan_routes(config.static_routes, config.static_rules, &names_, &trouble);
  plan_.clear();
  for (const auto& [key, instance] : instances) {
    const auto& from = config.vrrp_instances[instance.index];
    auto planned = plan_routes(from.virtual_routes, from.virtual_rules, &names_, &trouble);
    if (!planned.empty()) plan_.emplace(key, std::move(planned));
  }
  has_plan_changed_ = true;
  std::erase_if(wanting_, [&](const InstanceKey& key) { return !instances.contains(key); });
  for (const auto& line : trouble)
    log::error("{}: it is not set", line);
}

void VrrpRoutes::want(const InstanceKey& instance) {
  if (wanting_.insert(instance).second && plan_.contains(instance)) change(instance, true);
}

void VrrpRoutes::release(const InstanceKey& instance) {
  if (wanting_.erase(instance) > 0 && plan_.contains(instance)) change(instance, false);
}

/// There and back again is no change.
void VrrpRoutes::change(const InstanceKey& instance, bool wants) {
  const auto [known, is_new] = changes_.try_emplace(instance, wants);
  if (!is_new && known->second != wants) changes_.erase(known);
}

void VrrpRoutes::release_all() {
  statics_ = {};
  wanting_.clear();
  has_plan_changed_ = true;
}

void VrrpRoutes::reconcile() {
  if (!has_plan_changed_ && changes_.empty()) return;
  if (has_plan_changed_ || !reconcile_changes()) reconcile_all();
  changes_.clear();
  has_plan_changed_ = false;
  ledger_->save();
  watch();
}

void VrrpRoutes::reconcile_all() {
  for (auto& [bytes, held] : held_)
    held.wanted = 0;
  std::map<net::ObjectBytes, std::size_t> counts;
  std::vector<Wanted> missing;
  for (auto& one : wanted()) {
    const auto held = held_.find(one.bytes);
    if (held != held_.end()) ++held->second.wanted;
    const bool is_first = ++counts[one.bytes] == 1;
    if (is_first && (held == held_.end() || !is_verified_)) missing.push_back(std::move(one));
  }
  is_verified_ = true;
  std::vector<net::ObjectBytes> left;
  for (const auto& [bytes, held] : held_)
    if (held.wanted == 0) left.push_back(bytes);
  remove(std::move(left));
  add(missing);
  for (const auto& [bytes, count] : counts)
    if (const auto held = held_.find(bytes); held != held_.end()) held->second.wanted = count;
}

/// False when something is not as it was left: an interface has another number now, or the kernel had refused an
/// object.
bool VrrpRoutes::reconcile_changes() {
  std::vector<Wanted> missing;
  std::vector<net::ObjectBytes> left;
  for (const auto& [instance, wants] : changes_) {
    for (auto& one : wanted_by(instance)) {
      const auto held = held_.find(one.bytes);
      if (held == held_.end() && !wants) return false;
      if (held == held_.end()) {
        missing.push_back(std::move(one));
      } else if (wants) {
        ++held->second.wanted;
      } else if (--held->second.wanted == 0) {
        left.push_back(held->first);
      }
    }
  }
  std::erase_if(left, [this](const auto& bytes) { return held_.at(bytes).wanted != 0; });
  remove(std::move(left));
  add(missing);
  for (const auto& one : missing)
    if (const auto held = held_.find(one.bytes); held != held_.end()) ++held->second.wanted;
  return true;
}

std::vector<VrrpRoutes::Wanted> VrrpRoutes::wanted_by(const InstanceKey& instance) {
  std::vector<Wanted> routes;
  std::vector<Wanted> rules;
  if (const auto planned = plan_.find(instance); planned != plan_.end()) gather(planned->second, &routes, &rules);
  std::ranges::move(rules, std::back_inserter(routes));
  return routes;
}

std::vector<VrrpRoutes::Wanted> VrrpRoutes::wanted() {
  std::vector<Wanted> routes;
  std::vector<Wanted> rules;
  gather(statics_, &routes, &rules);
  for (const auto& [key, planned] : plan_)
    if (wanting_.contains(key)) gather(planned, &routes, &rules);
  std::ranges::move(rules, std::back_inserter(routes));
  return routes;
}

/// As the interfaces are now: their numbers, and the table of a VRF.
Result<net::ObjectBytes> VrrpRoutes::encode(const vrrp::KernelRoute& route) const {
  const auto number_of = [this](const std::string& name) -> std::optional<IfIndex> {
    const auto* link = links_.find(name);
    return link != nullptr && link->exists ? std::optional(link->index) : std::nullopt;
  };
  if (route.vrf.empty()) return net::encode(route, number_of);
  const auto* vrf = links_.find(route.vrf);
  if (vrf == nullptr || !vrf->exists || vrf->vrf_table == 0) return failure("there is no VRF " + route.vrf);
  auto in_vrf = route;
  in_vrf.table = vrf->vrf_table;
  return net::encode(in_vrf, number_of);
}

void VrrpRoutes::gather(const PlannedRoutes& from, std::vector<Wanted>* routes, std::vector<Wanted>* rules) {
  for (const auto& route : from.routes) {
    auto bytes = encode(route);
    const auto about =
        "route " + route.destination.address.to_string() + '/' + std::to_string(route.destination.length);
    complain(about, bytes ? std::string() : bytes.error().message);
    if (bytes) routes->push_back({std::move(*bytes), route.is_tracked});
  }
  for (const auto& rule : from.rules)
    rules->push_back({net::encode(rule), rule.is_tracked});
}

/// Rules go before the routes that they lead to.
void VrrpRoutes::remove(std::vector<net::ObjectBytes> gone) {
  std::ranges::stable_partition(gone, net::is_rule);
  for (const auto& bytes : gone)
    held_.erase(bytes);
  const auto answers = kernel_.remove(gone);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].code != 0) log::error("remove {}: {}", name_of(kernel_key(gone[i])), answers[i].what);
    ledger_->remove(ledger_line(gone[i]));
  }
}

void VrrpRoutes::add(const std::vector<Wanted>& list) {
  std::vector<net::ObjectBytes> objects;
  for (const auto& one : list) {
    objects.push_back(one.bytes);
    ledger_->add(ledger_line(one.bytes));
  }
  ledger_->save();
  const auto answers = kernel_.add(objects);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto key = kernel_key(objects[i]);
    const bool is_there = answers[i].code == 0 || answers[i].code == EEXIST;
    complain("add " + name_of(key), is_there ? std::string() : answers[i].what);
    if (is_there) {
      held_.insert_or_assign(objects[i], Held{key, list[i].is_tracked, 0});
    } else {
      held_.erase(objects[i]);
      ledger_->remove(ledger_line(objects[i]));
    }
  }
}

void VrrpRoutes::complain(const std::string& about, const std::string& trouble) {
  const auto known = complaints_.find(about);
  if (trouble.empty()) {
    if (known != complaints_.end()) complaints_.erase(known);
    return;
  }
  if (known != complaints_.end() && known->second == trouble) return;
  complaints_[about] = trouble;
  log::error("{}: {}", about, trouble);
}

void VrrpRoutes::watch() {
  const bool tracks = std::ranges::any_of(held_, [](const auto& one) { return one.second.is_tracked; });
  if (!tracks) watch_.reset();
  if (!tracks || watch_) return;
  const auto on_lost = [this] {
    for (const auto& [bytes, held] : held_)
      if (held.is_tracked) lost_.insert(bytes);
    restore_soon();
  };
  watch_ = std::make_unique<net::ObjectWatch>(
      io_, [this](const net::ObjectKey& key) { on_removed(key); }, on_lost);
}

void VrrpRoutes::on_removed(const net::ObjectKey& key) {
  for (const auto& [bytes, held] : held_)
    if (held.is_tracked && held.key == key) lost_.insert(bytes);
  if (!lost_.empty()) restore_soon();
}

/// Not at once: what goes with a change of an interface or an address is reported before that.
void VrrpRoutes::restore_soon() {
  if (std::exchange(restore_posted_, true)) return;
  asio::post(io_, [this, alive = alive_] {
    if (!*alive) return;
    restore_posted_ = false;
    restore();
  });
}

/// Equal ones that are still there say so.
void VrrpRoutes::restore() {
  std::vector<net::ObjectBytes> objects;
  for (const auto& bytes : std::exchange(lost_, {}))
    if (held_.contains(bytes)) objects.push_back(bytes);
  const auto answers = kernel_.add(objects);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto name = name_of(kernel_key(objects[i]));
    if (answers[i].code == 0) log::warning("{} was removed by somebody else; it is back", name);
    if (answers[i].code != 0 && answers[i].code != EEXIST) log::warning("{} was removed: {}", name, answers[i].what);
  }
}

void VrrpRoutes::follow_links() {
  if (held_.empty() && complaints_.empty()) return;
  has_plan_changed_ = true;
  reconcile();
  std::vector<net::ObjectBytes> objects;
  for (const auto& [bytes, held] : held_)
    if (held.is_tracked) objects.push_back(bytes);
  (void)kernel_.add(objects);
}

}  // namespace baton::daemon
