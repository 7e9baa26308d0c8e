// The lines are those of keepalived 2.2.7, but for reasons and max_removed, which it does not have.
#include "daemon/pool_report.hpp"

#include <doctest/doctest.h>

#include "daemon/service_identity.hpp"

using namespace baton;
using namespace baton::daemon;

namespace {

using Kind = ipvs::PoolEvent::Kind;

const ipvs::ServiceKey kService{Family::ipv4, ipvs::Protocol::tcp, IpAddress::v4({10, 9, 0, 1}), 80, 0};
const ipvs::ServiceKey kMark{Family::ipv4, ipvs::Protocol::none, {}, 0, 7};
const ipvs::DestKey kServer{IpAddress::v4({10, 9, 1, 11}), 80};
const ipvs::DestKey kSorry{IpAddress::v4({10, 9, 1, 99}), 80};

ipvs::PoolEvent event(Kind kind, bool inhibited = false) {
  ipvs::PoolEvent event;
  event.kind = kind;
  event.server = kServer;
  event.inhibited = inhibited;
  return event;
}

ipvs::PoolEvent quorum(Kind kind, std::uint64_t bar, std::uint64_t live) {
  ipvs::PoolEvent event;
  event.kind = kind;
  event.quorum = 3;
  event.hysteresis = 1;
  event.bar = bar;
  event.live = live;
  return event;
}

std::string text(const PoolReport& report) {
  std::string text;
  for (const auto& line : report.lines)
    text += line.text + (line.is_warning ? " (!)\n" : "\n");
  for (const auto& message : report.messages) {
    if (const auto* server = std::get_if<ServerNotify>(&message)) text += server->up ? "RS UP\n" : "RS DOWN\n";
    if (const auto* service = std::get_if<QuorumNotify>(&message)) text += service->up ? "VS UP\n" : "VS DOWN\n";
  }
  return text;
}

ipvs::PoolParams with_sorry(bool inhibit) {
  ipvs::PoolParams pool;
  pool.sorry = ipvs::PoolMember{.key = kSorry, .dest = {}, .inhibit_on_failure = inhibit};
  return pool;
}

PoolReport report(const ipvs::ServiceKey& service, const ipvs::PoolParams& pool,
                  const std::vector<ipvs::PoolEvent>& events, PoolMoment moment, const std::string& reason,
                  bool new_servers) {
  return report_of({service, &pool, users_name(service)}, events, moment, reason, new_servers);
}

}  // namespace

TEST_CASE("pool report: the last server goes, and comes back") {
  const auto pool = with_sorry(false);
  CHECK(text(report(kService, pool, {event(Kind::server_down), quorum(Kind::quorum_lost, 2, 1)}, PoolMoment::change,
                    "refused", false)) ==
        "Removing service [10.9.1.11]:tcp:80 from VS [10.9.0.1]:tcp:80: refused\n"
        "Lost quorum 3-1=2 > 1 for VS [10.9.0.1]:tcp:80 (!)\n"
        "Adding sorry server [10.9.1.99]:tcp:80 to VS [10.9.0.1]:tcp:80\n"
        "Removing alive servers from the pool for VS [10.9.0.1]:tcp:80\n"
        "RS DOWN\nVS DOWN\n");
  CHECK(text(report(kService, pool, {event(Kind::server_up), quorum(Kind::quorum_gained, 4, 6)}, PoolMoment::change, "",
                    false)) ==
        "Adding service [10.9.1.11]:tcp:80 to VS [10.9.0.1]:tcp:80\n"
        "Gained quorum 3+1=4 <= 6 for VS [10.9.0.1]:tcp:80\n"
        "Removing sorry server [10.9.1.99]:tcp:80 from VS [10.9.0.1]:tcp:80\n"
        "Adding alive servers to the pool for VS [10.9.0.1]:tcp:80\n"
        "RS UP\nVS UP\n");
}

TEST_CASE("pool report: entries that stay are disabled and enabled") {
  CHECK(text(report(kMark, with_sorry(true), {event(Kind::server_down, true), quorum(Kind::quorum_lost, 2, 0)},
                    PoolMoment::change, "", false)) ==
        "Disabling service [10.9.1.11]:none:80 of VS FWM 7\n"
        "Lost quorum 3-1=2 > 0 for VS FWM 7 (!)\n"
        "Enabling sorry server [10.9.1.99]:none:80 to VS FWM 7\n"
        "Removing alive servers from the pool for VS FWM 7\n"
        "RS DOWN\nVS DOWN\n");
  CHECK(text(report(kMark, {}, {event(Kind::server_up, true)}, PoolMoment::change, "", false)) ==
        "Enabling service [10.9.1.11]:none:80 of VS FWM 7\nRS UP\n");
}

TEST_CASE("pool report: the start is told, of servers only where rs_init_notifies is set") {
  const std::vector<ipvs::PoolEvent> opening{event(Kind::server_new), quorum(Kind::quorum_gained, 4, 6)};
  CHECK(text(report(kService, with_sorry(false), opening, PoolMoment::start, "", false)) ==
        "Gained quorum 3+1=4 <= 6 for VS [10.9.0.1]:tcp:80\nVS UP\n");
  CHECK(text(report(kService, with_sorry(false), opening, PoolMoment::start, "", true)) ==
        "Gained quorum 3+1=4 <= 6 for VS [10.9.0.1]:tcp:80\nRS UP\nVS UP\n");
  CHECK(text(report(kService, with_sorry(false), {quorum(Kind::quorum_missing, 2, 0)}, PoolMoment::start, "", false)) ==
        "Starting with quorum down 3-1=2 > 0 for VS [10.9.0.1]:tcp:80 (!)\n"
        "Adding sorry server [10.9.1.99]:tcp:80 to VS [10.9.0.1]:tcp:80\n"
        "Removing alive servers from the pool for VS [10.9.0.1]:tcp:80\n"
        "VS DOWN\n");
}

TEST_CASE("pool report: the first failure of an alpha server is told and not logged; the end is told") {
  CHECK(text(report(kService, {}, {event(Kind::first_failure)}, PoolMoment::change, "refused", false)) == "RS DOWN\n");
  CHECK(text(report(kService, with_sorry(false), {event(Kind::server_down), quorum(Kind::quorum_lost, 2, 1)},
                    PoolMoment::removal, "", false)) ==
        "Shutting down service [10.9.1.11]:tcp:80 from VS [10.9.0.1]:tcp:80\nRS DOWN\nVS DOWN\n");
}

TEST_CASE("pool report: weights, and servers that max_removed holds, are logged only") {
  auto changed = event(Kind::weight_changed);
  changed.before = 10;
  changed.after = 7;
  CHECK(text(report(kService, {}, {changed}, PoolMoment::change, "", false)) ==
        "Changing weight from 10 to 7 for inactive service [10.9.1.11]:tcp:80 of VS [10.9.0.1]:tcp:80\n");
  changed.is_in = true;
  CHECK(text(report(kService, {}, {changed}, PoolMoment::change, "", false)) ==
        "Changing weight from 10 to 7 for active service [10.9.1.11]:tcp:80 of VS [10.9.0.1]:tcp:80\n");
  ipvs::PoolParams pool;
  pool.max_removed = 50;
  CHECK(text(report(kService, pool, {event(Kind::server_held)}, PoolMoment::change, "refused", false)) ==
        "service [10.9.1.11]:tcp:80 has failed and stays in VS [10.9.0.1]:tcp:80: max_removed 50%: refused (!)\n");
}
