#include "daemon/vrrp_engine.hpp"

#include <algorithm>
#include <ctime>
#include <unordered_set>

#include <boost/asio/post.hpp>
#include <fmt/ranges.h>

#include "daemon/adoption.hpp"
#include "daemon/instance_link.hpp"
#include "daemon/log.hpp"

namespace baton::daemon {

namespace asio = boost::asio;

namespace {

/// A former master announces the addresses until it has heard of the new one.
constexpr Duration kSettling = std::chrono::seconds{1};
/// Times in a row that due instances are served before anything else happens.
constexpr int kRounds = 16;
/// Instances that advertise, take their addresses and announce them side by side: enough for cheap system calls, few
/// enough that the first need not wait for the last.
constexpr std::size_t kServedTogether = 32;
/// Addresses whose leases are renewed in one go, which takes the kernel about a millisecond.
constexpr std::size_t kRenewedTogether = 32;

/// The longer of vrrp_startup_delay and what is left of vrrp_delay_after_boot.
Duration startup_delay(const config::VrrpDefs& defaults) {
  timespec since_boot{};
  clock_gettime(CLOCK_BOOTTIME, &since_boot);
  const Duration up = std::chrono::seconds(since_boot.tv_sec) + std::chrono::nanoseconds(since_boot.tv_nsec);
  return std::max({defaults.vrrp_startup_delay, defaults.vrrp_delay_after_boot - up, Duration::zero()});
}

}  // namespace

VrrpEngine::VrrpEngine(asio::io_context& io, Settings settings, VrrpActuator::OnNotify on_notify)
    : io_(io),
      settings_(std::move(settings)),
      links_(io,
             {.on_change =
                  [this](const net::Link& link) {
                    changed_links_.insert(link.name);
                    post_settle();
                  },
              .on_address_added = [this](IfIndex, const IpAddress& address, std::uint8_t) { note_address(address); },
              .on_address_removed =
                  [this](IfIndex index, const IpAddress& address, std::uint8_t) {
                    note_address(address);
                    removed_addresses_.emplace_back(index, address);
                    post_settle();
                  }}),
      kernel_(io, &links_, settings_.kernel_ledger),
      on_notify_(std::move(on_notify)),
      actuator_(io, links_, &kernel_,
                [this](const Notify& notify) {
                  if (on_notify_) groups_.tell(notify, on_notify_);
                }),
      tracking_(io, links_,
                {.run_script = settings_.run_script,
                 .on_value =
                     [this](const vrrp::TrackKey& key, const vrrp::TrackValue& value) {
                       tracked(key, value);
                       post_settle();
                     }}),
      timer_(io),
      listeners_(
          io, links_,
          [this](const ListenerKey& where, std::span<const std::uint8_t> packet, Instant now) {
            on_packet(where, packet, now);
          },
          [this] { flush(); }),
      duplicates_(io, links_,
                  [this](const std::string& device, const vrrp::AddressClaim& claim) { on_claim(device, claim); }) {}

VrrpEngine::~VrrpEngine() = default;

void VrrpEngine::configure(const config::Config& config, std::uint64_t generation) {
  const auto plan = plan_instances(config);
  std::vector<std::string> remarks;
  links_.set_delays(link_delays(config, &remarks));
  for (const auto& remark : remarks)
    log::warning("{}", remark);
  kernel_.prepare(config, plan);
  actuator_.set_lanes(AnnouncementLanes(config));
  std::set<InstanceKey> adopted;
  startup_delay_ = {};
  if (!std::exchange(configured_, true)) {
    startup_delay_ = startup_delay(config.global.vrrp);
    if (startup_delay_ > Duration::zero() && !plan.empty())
      log::info("Delaying startup for {:g} seconds", std::chrono::duration<double>(startup_delay_).count());
    adopted = adopt_former(plan);
  } else {
    listeners_.hear_all();
    set_virtual_addresses(plan, {});
    retire_all_but(plan);
  }
  followed_sources_.clear();
  for (const auto& [key, planned] : plan)
    if (planned.follows_source) followed_sources_.insert(*planned.path.source);
  // First all have their new plan: what is done with one may be felt by others of its group.
  std::map<InstanceKey, PlannedInstance> former;
  for (const auto& [key, planned] : plan) {
    auto& slot = instances_[key];
    if (!slot) {
      slot = std::make_unique<VrrpInstance>(key, planned);
      continue;
    }
    former.emplace(key, slot->plan());
    slot->replan(planned);
  }
  groups_.configure(instances_);
  tracking_.configure(config, generation);
  for (const auto& [key, instance] : instances_)
    for (const auto& tracker : instance->plan().trackers)
      instance->tracking().set(tracker.key, tracking_.value(tracker.key));
  for (const auto& [key, instance] : instances_)
    if (const auto before = former.find(key); before != former.end()) update(instance.get(), before->second);
  for (const auto& key : adopted)
    go_on(instances_.at(key).get());
  for (const auto& [key, instance] : instances_)
    assess(instance.get(), "the configuration has changed");
  flush();
  kernel_.settle();
  duplicates_.set(plan);
  listeners_.set_plan(plan_listeners(plan, config.global.vrrp.log_unknown_vrids));
  save_ledger();
}

std::set<InstanceKey> VrrpEngine::adopt_former(const std::map<InstanceKey, PlannedInstance>& plan) {
  const auto ledger = decode_vrrp_ledger(read_ledger(settings_.ledger));
  set_virtual_addresses(plan, ledger);
  std::vector<HeldAddress> present;
  std::map<HeldAddress, net::LeasedAddress> leases;
  for (const auto& held : actuator_.present(IfIndex{})) {
    const auto* link = links_.find(held.lease.link);
    if (link == nullptr) continue;
    present.push_back({held.lease.address, held.lease.prefix_length, link->name, held.lease.peer});
    leases.emplace(present.back(), held.lease);
  }
  const auto adoption = adopt(plan, ledger, present);
  std::vector<net::LeasedAddress> leftovers;
  for (const auto& held : adoption.leftovers)
    leftovers.push_back(leases.at(held));
  actuator_.release(leftovers, "left over from a former run");
  return adoption.adopted;
}

/// What must not be mistaken for an interface's own address.
void VrrpEngine::set_virtual_addresses(const std::map<InstanceKey, PlannedInstance>& plan, const VrrpLedger& former) {
  std::unordered_set<IpAddress> addresses;
  for (const auto& [key, instance] : plan)
    for (const auto& planned : instance.addresses)
      if (instance.params.priority != kOwnerPriority) addresses.insert(planned.address);
  for (const auto& held : former)
    for (const auto& address : held.addresses)
      addresses.insert(address.address);
  links_.set_virtual_addresses(std::move(addresses));
}

void VrrpEngine::retire_all_but(const std::map<InstanceKey, PlannedInstance>& plan) {
  std::vector<std::unique_ptr<VrrpInstance>> retired;
  for (auto it = instances_.begin(); it != instances_.end();) {
    if (plan.contains(it->first)) {
      ++it;
      continue;
    }
    feed(it->second.get(), vrrp::Shutdown{});
    retired.push_back(std::move(it->second));
    it = instances_.erase(it);
  }
  flush();
  for (const auto& instance : retired)
    if (instance->deadline_in_queue) deadlines_.erase({*instance->deadline_in_queue, instance.get()});
}

void VrrpEngine::update(VrrpInstance* instance, const PlannedInstance& former) {
  const auto& before = former.addresses;
  const auto& plan = instance->plan();
  auto params = instance->params_in_force();
  const auto source = source_of(*instance, links_);
  params.primary_address = source.value_or(instance->router().params().primary_address);
  feed(instance, vrrp::Reconfigure{params});
  flush();
  if (!instance->is_active()) return;
  if (former.path != plan.path) {
    auto& advert = wanted_.emplace_back();  // g++ 12 takes a moved temporary for uninitialized
    advert.instance = instance;
    advert.action = vrrp::SendAdvertisement{params.priority};
  }
  std::vector<PlannedAddress> gone;
  for (const auto& address : before)
    if (std::ranges::find(plan.addresses, address) == plan.addresses.end()) gone.push_back(address);
  std::vector<IpAddress> come;
  for (const auto& address : plan.addresses)
    if (std::ranges::find(before, address) == before.end()) come.push_back(address.address);
  if (!gone.empty()) actuator_.forget(*instance);  // what still waits may announce them
  for (const auto& address : gone)
    instance->preferred.forget(address);
  actuator_.release(actuator_.leased(plan.name, gone), "it left the configuration");
  if (come.empty()) return;
  VrrpInstance* const list[] = {instance};
  actuator_.acquire(list);
  announce(*instance, come);
}

/// The priority that tracking makes is in force from the first moment.
void VrrpEngine::start(VrrpInstance* instance) {
  auto params = instance->params_in_force();
  params.primary_address = *source_of(*instance, links_);
  feed(instance, vrrp::Reconfigure{params});
  feed(instance, vrrp::Startup{startup_delay_});
}

/// Whatever is not known yet: it was the master, and goes on.
void VrrpEngine::go_on(VrrpInstance* instance) {
  if (!link_trouble(*instance).empty()) return;
  auto params = instance->params_in_force();
  params.primary_address = *source_of(*instance, links_);
  feed(instance, vrrp::Reconfigure{params});
  // Nobody knows how far a former process has counted.  It did so about once a second, from 1: the clock is ahead.
  if (instance->plan().path.ah_key) instance->set_sequence(static_cast<std::uint32_t>(::time(nullptr)));
  feed(instance, vrrp::Adopt{});
}

/// The instance that a packet is for, or the first that it could have been for, and why not.
VrrpInstance* VrrpEngine::choose(const ListenerKey& where, std::span<const std::uint8_t> packet,
                                 std::optional<vrrp::Refusal>* why) const {
  const auto vrid = received_.advertisement.vrid;
  VrrpInstance* chosen = nullptr;
  for (auto it = instances_.lower_bound({where.interface, vrid, where.family}); it != instances_.end(); ++it) {
    const auto& key = it->first;
    if (key.vrid != vrid || key.family != where.family || key.interface != where.interface) break;
    const auto refusal = vrrp::refusal(received_, it->second->expectation(), packet);
    if (chosen == nullptr || !refusal) {
      chosen = it->second.get();
      *why = refusal;
    }
    if (!refusal) break;
  }
  return chosen;
}

void VrrpEngine::on_packet(const ListenerKey& where, std::span<const std::uint8_t> packet, Instant now) {
  if (const auto why = vrrp::decode_packet_into(packet, &received_)) {
    if (const auto quiet = undecodable_.allow(now))
      log::warning("{}: a VRRP packet that cannot be read: {} ({} more before)", where.interface,
                   vrrp::users_text(*why), *quiet);
    return;
  }
  std::optional<vrrp::Refusal> why;
  auto* instance = choose(where, packet, &why);
  if (instance == nullptr) {
    on_unknown(where, now);
    return;
  }
  const auto& source = received_.source;
  if (why) {
    if (const auto quiet = instance->refused(*why, now))
      log::warning("({}) refused an advertisement of {}: {} ({} more before)", instance->plan().name,
                   source.to_string(), vrrp::users_text(*why), *quiet);
    return;
  }
  if (instance->accept(received_, now))
    log::warning("({}) {} advertises other addresses than we do", instance->plan().name, source.to_string());
  const auto& advertisement = received_.advertisement;
  feed_at(instance, vrrp::AdvertisementReceived{source, advertisement.priority, advertisement.max_adver_interval}, now);
}

/// Only with log_unknown_vrids, or when it was in the queue before a reload: the kernel's filter keeps them out.
void VrrpEngine::on_unknown(const ListenerKey& where, Instant now) {
  if (!unknown_.allow(now)) return;
  log::info("Unknown VRID({}) received on interface({}). ignoring...", unsigned{number(received_.advertisement.vrid)},
            where.interface);
}

void VrrpEngine::announce(const VrrpInstance& instance, std::span<const IpAddress> addresses) {
  for (const auto& address : addresses)
    actuator_.announce(instance, instance.plan().params.announcing.repeat, &address);
  actuator_.send_announcements();
}

void VrrpEngine::feed_at(VrrpInstance* instance, const vrrp::Event& event, Instant now) {
  const auto state = instance->router().state();
  const bool wanted_active = instance->router().wants_active();
  actions_.clear();
  // A packet may have arrived before what was done last.
  instance->last_event = std::max(instance->last_event, now);
  instance->router().handle(event, instance->last_event, actions_);
  for (auto& action : actions_)
    wanted_.push_back({instance, std::move(action)});
  const auto deadline = instance->router().deadline();
  if (deadline != instance->deadline_in_queue) {
    if (instance->deadline_in_queue) deadlines_.erase({*instance->deadline_in_queue, instance});
    if (deadline) deadlines_.emplace(*deadline, instance);
    instance->deadline_in_queue = deadline;
  }
  const bool is_news = state != instance->router().state() || wanted_active != instance->router().wants_active();
  if (!is_news || instance->plan().group.empty() || stopping_) return;
  // At the same moment, so that their adverts go on side by side.
  for (const auto& [member, order] : groups_.orders(*instance))
    feed_at(member, order, now);
}

void VrrpEngine::act() {
  if (wanted_.empty()) return;
  std::vector<WantedAction> actions;
  actions.swap(wanted_);
  renewal_due_ |= actuator_.carry_out(actions);
  for (auto& wanted : actions) {
    const auto* change = std::get_if<vrrp::StateChanged>(&wanted.action);
    if (change != nullptr && change->to == vrrp::State::active) wanted.instance->active_since = Clock::now();
    if (!std::holds_alternative<vrrp::SendAdvertisement>(wanted.action)) done_.push_back(std::move(wanted));
  }
  if (!wanted_.empty()) return;
  actions.clear();  // its memory serves the next round
  actions.swap(wanted_);
}

void VrrpEngine::flush() {
  act();
  if (is_in_rounds_) return;
  if (std::exchange(renewal_due_, false)) renew();
  if (!done_.empty()) {
    std::vector<WantedAction> done;
    done.swap(done_);
    actuator_.report(done);
    const auto is_change = [](const WantedAction& each) {
      return std::holds_alternative<vrrp::StateChanged>(each.action);
    };
    if (std::ranges::any_of(done, is_change)) save_ledger();
  }
  arm();
}

void VrrpEngine::renew() {
  if (!renewing_.empty()) return;  // under way, and to its end: begun anew each time it would never come to the last
  for (const auto& [key, instance] : instances_)
    if (instance->is_active()) renewing_.push_back(key);
  renew_some();
}

/// Not all in one go: what is heard meanwhile, and who is due, must not wait for thousands of addresses.
void VrrpEngine::renew_some() {
  std::vector<VrrpInstance*> some;
  for (std::size_t addresses = 0; addresses < kRenewedTogether && !renewing_.empty(); renewing_.pop_back()) {
    const auto found = instances_.find(renewing_.back());
    if (found == instances_.end() || !found->second->is_active()) continue;
    some.push_back(found->second.get());
    addresses += found->second->plan().addresses.size();
  }
  actuator_.renew(some);
  if (renewing_.empty()) return;
  asio::post(io_, [this] {
    if (!stopping_) renew_some();
  });
}

/// The timer runs to the earliest deadline.  One that has moved away is not chased: waking once too often costs less
/// than setting the timer anew for every advertisement heard.
void VrrpEngine::arm() {
  if (stopping_ || deadlines_.empty()) return;
  const auto earliest = deadlines_.begin()->first;
  if (armed_ && *armed_ <= earliest) return;
  armed_ = earliest;
  timer_.expires_at(earliest);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) on_timer();
  });
}

void VrrpEngine::on_timer() {
  armed_.reset();
  // Hundreds of instances are due in the same moment: the last must not wait for what is told of the first.
  is_in_rounds_ = true;
  for (int round = 0; round < kRounds; ++round) {
    const auto due = hear_and_find_due();
    if (due.empty()) break;
    for (std::size_t at = 0; at < due.size(); ++at) {
      if (at != 0 && at % kServedTogether == 0) {
        act();
        listeners_.hear_all();
      }
      const auto now = Clock::now();
      const auto deadline = due[at]->deadline_in_queue;
      if (deadline && *deadline <= now) feed_at(due[at], vrrp::Tick{}, now);  // still
    }
    act();
  }
  is_in_rounds_ = false;
  flush();
}

/// In the order in which they are to be served.
std::vector<VrrpInstance*> VrrpEngine::hear_and_find_due() {
  // After any stall, what has arrived is read first, and only then is a silence judged.
  listeners_.hear_all();
  if (const auto fresh = links_.refresh(); !fresh) log::warning("{}", fresh.error().message);
  settle_links();
  const auto now = Clock::now();
  std::vector<VrrpInstance*> due;
  for (const auto& [deadline, instance] : deadlines_) {
    if (deadline > now) break;
    due.push_back(instance);
  }
  // Those of one moment in the order of the configuration.
  const auto order = [](const VrrpInstance* instance) {
    return std::pair(*instance->deadline_in_queue, instance->plan().index);
  };
  std::ranges::sort(due, {}, order);
  return due;
}

/// A stranger says that he has a virtual address.  A new master's advertisement comes before his announcements: what
/// has arrived is heard first.
void VrrpEngine::on_claim(const std::string& device, const vrrp::AddressClaim& claim) {
  if (stopping_) return;
  listeners_.hear_all();
  flush();
  const auto now = Clock::now();
  for (const auto& [key, instance] : instances_) {
    const auto is_it = [&](const PlannedAddress& planned) {
      return planned.address == claim.address && planned.device == device;
    };
    if (!instance->is_active() || std::ranges::none_of(instance->plan().addresses, is_it)) continue;
    if (now - instance->active_since < kSettling) continue;
    const auto quiet = instance->duplicates.allow(now);
    if (!quiet) continue;
    log::warning("({}) {} on {} is claimed by {:02x} too, it is announced again ({} more before)",
                 instance->plan().name, claim.address.to_string(), device, fmt::join(claim.mac, ":"), *quiet);
    actuator_.announce(*instance, 1, &claim.address);
    actuator_.send_announcements();
  }
}

void VrrpEngine::save_ledger() {
  VrrpLedger ledger;
  for (const auto& [key, instance] : instances_) {
    if (!instance->is_active()) continue;
    HeldInstance held{key, {}};
    for (const auto& planned : instance->plan().addresses)
      held.addresses.push_back({planned.address, planned.prefix_length, planned.device, planned.peer});
    ledger.push_back(std::move(held));
  }
  if (const auto written = write_ledger(settings_.ledger, encode(ledger)); !written)
    log::error("{}", written.error().message);
}

void VrrpEngine::stop() {
  listeners_.hear_all();
  flush();
  stopping_ = true;
  timer_.cancel();
  tracking_.stop();
  actuator_.set_end_state(NotifyState::stop);
  if (settings_.keep_vips) {
    actuator_.keep_addresses();
    kernel_.keep();
  }
  for (const auto& [key, instance] : instances_)
    feed(instance.get(), vrrp::Shutdown{});
  flush();
  kernel_.end();
  duplicates_.stop();
  listeners_.stop();
}

asio::awaitable<void> VrrpEngine::watch_links() {
  co_await links_.run([](const Error& error) { log::warning("{}", error.message); });
}

}  // namespace baton::daemon
