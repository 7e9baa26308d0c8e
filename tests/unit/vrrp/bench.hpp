// bench.hpp - drives one virtual router through virtual time; its actions as one line of text.
#pragma once

#include <string>
#include <vector>

#include "core/overloaded.hpp"
#include "vrrp/virtual_router.hpp"

namespace baton::vrrp::test {

inline const IpAddress kOurs = IpAddress::v4({192, 0, 2, 5});
inline const IpAddress kLower = IpAddress::v4({192, 0, 2, 4});
inline const IpAddress kHigher = IpAddress::v4({192, 0, 2, 6});

inline Params params(Version version, Priority priority = 100) {
  Params result;
  result.primary_address = kOurs;
  result.version = version;
  result.priority = priority;
  return result;
}

/// "send 100, acquire, announce, BACKUP>MASTER"
inline std::string line(const std::vector<Action>& actions) {
  std::string result;
  for (const auto& action : actions) {
    if (std::holds_alternative<HeardWeaker>(action)) continue;  // goes with a remark
    if (!result.empty()) result += ", ";
    result += std::visit(
        Overloaded{[](const SendAdvertisement& send) { return "send " + std::to_string(unsigned{send.priority}); },
                   [](const AcquireAddresses&) { return std::string("acquire"); },
                   [](const ReleaseAddresses&) { return std::string("release"); },
                   [](const AnnounceAddresses&) { return std::string("announce"); },
                   [](const AnnounceElsewhere&) { return std::string("announce elsewhere"); },
                   [](const StateChanged& change) {
                     return std::string(users_name(change.from)) + ">" + users_name(change.to) +
                            (change.silent ? " silent" : "");
                   },
                   [](const PriorityAdopted& change) {
                     return std::to_string(unsigned{change.from}) + "->" + std::to_string(unsigned{change.to});
                   },
                   [](const WantsActive&) { return std::string("wants"); },
                   [](const HeardWeaker&) { return std::string(); },
                   [](const Remark&) { return std::string("remark"); }},
        action);
  }
  return result;
}

struct Bench {
  explicit Bench(const Params& params) : router(params) {}

  /// The actions as a line; the last ones stay in `actions`.
  std::string at(Duration when, const Event& event) {
    actions.clear();
    router.handle(event, Instant{} + when, actions);
    return line(actions);
  }

  [[nodiscard]] std::optional<Duration> deadline() const {
    const auto due = router.deadline();
    return due ? std::optional(due->time_since_epoch()) : std::nullopt;
  }

  /// The reason of the state change among the last actions; empty when there is none.
  [[nodiscard]] std::string reason() const {
    for (const auto& action : actions)
      if (const auto* change = std::get_if<StateChanged>(&action)) return change->reason;
    return {};
  }

  /// The text of the remark among the last actions.
  [[nodiscard]] std::string remark() const {
    for (const auto& action : actions)
      if (const auto* remark = std::get_if<Remark>(&action)) return remark->text;
    return {};
  }

  VirtualRouter router;
  std::vector<Action> actions;
};

}  // namespace baton::vrrp::test
