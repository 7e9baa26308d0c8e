#include "daemon/pool_report.hpp"

#include <fmt/format.h>

#include "daemon/service_plan.hpp"

namespace baton::daemon {

namespace {

using ipvs::PoolEvent;

class Reporter {
 public:
  Reporter(const ReportedPool& pool, PoolMoment moment)
      : service_(pool.service), pool_(*pool.params), moment_(moment), name_(pool.name) {}

  void server(const PoolEvent& event, const std::string& reason) {
    const auto name = users_name(service_, event.server);
    const auto because = reason.empty() ? std::string() : ": " + reason;
    switch (event.kind) {
      case PoolEvent::Kind::server_up:
        say("{} service {} {} VS {}{}", event.inhibited ? "Enabling" : "Adding", name, event.inhibited ? "of" : "to",
            name_, because);
        break;
      case PoolEvent::Kind::server_down:
        if (moment_ == PoolMoment::removal)
          say("Shutting down service {} from VS {}", name, name_);
        else
          say("{} service {} {} VS {}{}", event.inhibited ? "Disabling" : "Removing", name,
              event.inhibited ? "of" : "from", name_, because);
        break;
      case PoolEvent::Kind::server_held:
        warn("service {} has failed and stays in VS {}: max_removed {}%{}", name, name_, int{pool_.max_removed},
             because);
        break;
      case PoolEvent::Kind::server_released: say("service {} of VS {} is up again{}", name, name_, because); break;
      case PoolEvent::Kind::weight_changed:
        say("Changing weight from {} to {} for {} service {} of VS {}", event.before, event.after,
            event.is_in ? "active" : "inactive", name, name_);
        break;
      default: break;
    }
  }

  void quorum(const PoolEvent& event) {
    if (event.kind == PoolEvent::Kind::quorum_gained) {
      say("Gained quorum {}+{}={} <= {} for VS {}", event.quorum, event.hysteresis, event.bar, event.live, name_);
      if (moment_ == PoolMoment::change) sorry_serves(false);
    } else if (moment_ != PoolMoment::removal) {
      warn("{} {}-{}={} > {} for VS {}",
           event.kind == PoolEvent::Kind::quorum_lost ? "Lost quorum" : "Starting with quorum down", event.quorum,
           event.hysteresis, event.bar, event.live, name_);
      sorry_serves(true);
    }
  }

  PoolReport take() { return std::move(report_); }
  void tell(Message message) { report_.messages.push_back(std::move(message)); }
  [[nodiscard]] const ipvs::ServiceKey& service() const { return service_; }

 private:
  void sorry_serves(bool serves) {
    if (!pool_.sorry) return;
    const auto& sorry = *pool_.sorry;
    const char* verb = serves ? (sorry.inhibit_on_failure ? "Enabling" : "Adding")
                              : (sorry.inhibit_on_failure ? "Disabling" : "Removing");
    say("{} sorry server {} {} VS {}", verb, users_name(service_, sorry.key), serves ? "to" : "from", name_);
    say("{} alive servers {} the pool for VS {}", serves ? "Removing" : "Adding", serves ? "from" : "to", name_);
  }
  template <class... Values>
  void say(fmt::format_string<Values...> format, Values&&... values) {
    report_.lines.push_back({fmt::format(format, std::forward<Values>(values)...), false});
  }
  template <class... Values>
  void warn(fmt::format_string<Values...> format, Values&&... values) {
    report_.lines.push_back({fmt::format(format, std::forward<Values>(values)...), true});
  }

  const ipvs::ServiceKey& service_;
  const ipvs::PoolParams& pool_;
  PoolMoment moment_;
  std::string name_;
  PoolReport report_;
};

}  // namespace

PoolReport report_of(const ReportedPool& pool, const std::vector<ipvs::PoolEvent>& events, PoolMoment moment,
                     const std::string& reason, bool new_servers) {
  const auto& service = pool.service;
  Reporter reporter(pool, moment);
  for (const auto& event : events) {
    switch (event.kind) {
      case PoolEvent::Kind::server_new:
        if (new_servers) reporter.tell(ServerNotify{service, event.server, true, moment, {}});
        break;
      case PoolEvent::Kind::server_up:
      case PoolEvent::Kind::server_down:
      case PoolEvent::Kind::first_failure:
        reporter.server(event, reason);
        reporter.tell(ServerNotify{service, event.server, event.kind == PoolEvent::Kind::server_up, moment, reason});
        break;
      case PoolEvent::Kind::server_held:
      case PoolEvent::Kind::server_released:
      case PoolEvent::Kind::weight_changed: reporter.server(event, reason); break;
      case PoolEvent::Kind::quorum_gained:
      case PoolEvent::Kind::quorum_lost:
      case PoolEvent::Kind::quorum_missing:
        reporter.quorum(event);
        reporter.tell(QuorumNotify{service, event.kind == PoolEvent::Kind::quorum_gained, moment, event.live});
        break;
    }
  }
  return reporter.take();
}

}  // namespace baton::daemon
