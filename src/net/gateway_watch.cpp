#include "net/gateway_watch.hpp"

#include <algorithm>
#include <utility>

#include "checkers/conversations.hpp"
#include "net/exchange.hpp"
#include "vrrp/rise_fall.hpp"

namespace baton::net {

/// One gateway.  An attempt begins every interval; one that takes longer is waited for.
class GatewayWatch::Probe final : private Alarm, private Exchange::Owner {
 public:
  Probe(GatewayWatch& watch, const TrackedGateway& gateway)
      : watch_(watch),
        name_(gateway.name),
        check_(gateway.check),
        conversations_(check_),
        counter_(gateway.rise, gateway.fall),
        due_(Clock::now()) {
    wait();
  }

  void follow(const TrackedGateway& gateway) { counter_.follow(gateway.rise, gateway.fall); }
  [[nodiscard]] const checkers::CheckSpec& check() const { return check_; }
  [[nodiscard]] std::optional<bool> up() const { return counter_.up(); }

 private:
  void wait() { watch_.tools_->agenda.set(*this, due_); }

  void ring() override {
    auto& tools = *watch_.tools_;
    ExchangePlan plan;
    plan.target = &check_.target;
    plan.transport = conversations_.transport();
    plan.wait_limit = check_.schedule.connect_timeout;
    plan.total_limit = check_.schedule.connect_timeout;
    plan.talk = conversations_.begin(0, tools.nonces());
    plan.deadlines = &tools.deadlines;
    plan.sockets = &tools.sockets;
    Exchange::Owner& owner = *this;
    exchange_ = std::make_unique<Exchange>(std::move(plan), owner);
    exchange_->begin();  // last: it may be over at once
  }

  /// Whatever is the matter with this machine, the gateway is not reached from it: that is what is asked.
  void exchanged(ProbeResult result) override {
    exchange_.reset();
    due_ = std::max(due_ + check_.schedule.delay_loop, Clock::now());
    wait();
    if (!counter_.record(result.outcome == checkers::Outcome::passed)) return;
    if (watch_.on_change_) watch_.on_change_(name_, *counter_.up(), result.reason);
  }

  GatewayWatch& watch_;
  std::string name_;
  checkers::CheckSpec check_;
  checkers::Conversations conversations_;
  vrrp::RiseFall counter_;
  Instant due_;
  std::unique_ptr<Exchange> exchange_;  // the attempt under way
};

GatewayWatch::Tools::Tools(const boost::asio::any_io_executor& executor)
    : agenda(executor, Alarms::Stall::counts),
      deadlines(executor, Alarms::Stall::forgiven),
      sockets(executor),
      nonces((std::uint64_t{std::random_device()()} << 32U) | std::random_device()()) {}

GatewayWatch::GatewayWatch(boost::asio::io_context& io, OnChange on_change)
    : io_(io), on_change_(std::move(on_change)) {}

GatewayWatch::~GatewayWatch() = default;

void GatewayWatch::follow(const std::vector<TrackedGateway>& gateways) {
  auto former = std::exchange(probes_, {});
  if (!gateways.empty() && tools_ == nullptr) tools_ = std::make_unique<Tools>(io_.get_executor());
  for (const auto& gateway : gateways) {
    auto& probe = probes_[gateway.name];
    const auto found = former.find(gateway.name);
    if (found != former.end() && found->second->check() == gateway.check) {
      probe = std::move(found->second);
      probe->follow(gateway);
      continue;
    }
    probe = std::make_unique<Probe>(*this, gateway);
  }
  former.clear();
  if (gateways.empty()) tools_.reset();
}

std::optional<bool> GatewayWatch::up(const std::string& name) const {
  const auto found = probes_.find(name);
  return found == probes_.end() ? std::nullopt : found->second->up();
}

}  // namespace baton::net
