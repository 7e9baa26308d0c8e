#include "ipvs/diff.hpp"

#include <string>

#include <linux/ip_vs.h>

#include <doctest/doctest.h>

#include "ipvs_tables.hpp"
#include "unit/ipvs/carry_out.hpp"

using namespace ipvs_tables;

namespace {

const ServiceKey kWeb = tcp("192.0.2.1", 80);
const ServiceKey kMail = tcp("192.0.2.1", 25);
const ServiceKey kName = key(Protocol::udp, "192.0.2.1", 53);
const DestKey kOne = at("10.0.0.1", 80);
const DestKey kTwo = at("10.0.0.2", 80);
const DestKey kThree = at("10.0.0.3", 80);
const DestKey kSorry = at("10.0.0.99", 80);

Service with(Dests dests) {
  Service service;
  service.dests = std::move(dests);
  return service;
}

/// The operations as text, one a line.
std::string lines(const std::vector<Operation>& operations) {
  std::string text;
  for (const auto& operation : operations)
    text += to_string(operation) + '\n';
  return text;
}

std::string plan(const Table& actual, const Table& wanted, const std::set<ServiceKey>& owned = {}) {
  return lines(diff(actual, wanted, owned));
}

}  // namespace

TEST_CASE("diff: nothing to nothing, and a table to itself, is no command") {
  CHECK(diff({}, {}, {}).empty());
  const Table table{{kWeb, with({{kOne, {}}, {kTwo, weighing(0)}})}, {kName, with({})}};
  CHECK(diff(table, table, {kWeb, kName}).empty());
  CHECK(diff(table, table, {}).empty());
}

TEST_CASE("diff: into an empty kernel, each service before its dests") {
  const Table wanted{{kWeb, with({{kOne, {}}, {kTwo, weighing(3)}})}, {kMail, with({{at("10.0.0.1", 25), {}}})}};
  CHECK(plan({}, wanted) ==
        "add TCP 192.0.2.1:25 scheduler wlc\n"
        "add TCP 192.0.2.1:25 -> 10.0.0.1:25 weight 1\n"
        "add TCP 192.0.2.1:80 scheduler wlc\n"
        "add TCP 192.0.2.1:80 -> 10.0.0.1:80 weight 1\n"
        "add TCP 192.0.2.1:80 -> 10.0.0.2:80 weight 3\n");
}

TEST_CASE("diff: another tunnel is one command, and is told") {
  Dest wrapped;
  wrapped.fwd_method = FwdMethod::tunnel;
  auto other = wrapped;
  other.tunnel = {Tunnel::Type::gue, 6080, IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM};
  const Table actual{{kWeb, with({{kOne, wrapped}, {kTwo, {}}})}};
  CHECK(plan(actual, {{kWeb, with({{kOne, other}, {kTwo, {}}})}}) ==
        "set TCP 192.0.2.1:80 -> 10.0.0.1:80 weight 1 type gue port 6080 remcsum\n");
}

TEST_CASE("diff: one weight is one command") {
  Table actual{{kWeb, with({{kOne, {}}, {kTwo, {}}})}, {kMail, with({{kThree, {}}})}};
  Table wanted = actual;
  wanted.at(kWeb).dests.at(kTwo).weight = 7;
  CHECK(plan(actual, wanted) == "set TCP 192.0.2.1:80 -> 10.0.0.2:80 weight 7\n");
}

TEST_CASE("diff: method and thresholds are changes of a dest") {
  const Table actual{{kWeb, with({{kOne, {}}, {kTwo, {}}, {kThree, {}}})}};
  Table wanted = actual;
  wanted.at(kWeb).dests.at(kOne).fwd_method = FwdMethod::direct_route;
  wanted.at(kWeb).dests.at(kTwo).u_threshold = 100;
  wanted.at(kWeb).dests.at(kThree).l_threshold = 50;
  const auto operations = diff(actual, wanted, {});
  REQUIRE(operations.size() == 3);
  for (const auto& operation : operations) {
    const auto& change = std::get<SetDest>(operation);
    CHECK(change.dest == wanted.at(kWeb).dests.at(change.key));
  }
}

TEST_CASE("diff: scheduler, persistence, flags and engine change a service in place, and its dests stay") {
  const Table actual{{kWeb, with({{kOne, {}}})}};
  const auto changes = {
      +[](Service& service) { service.sched_name = "rr"; },
      +[](Service& service) {
        service.flags = IP_VS_SVC_F_PERSISTENT;
        service.timeout = 50;
      },
      +[](Service& service) { service.flags = IP_VS_SVC_F_ONEPACKET; },
      +[](Service& service) { service.pe_name = "sip"; },
  };
  for (const auto change : changes) {
    Table wanted = actual;
    change(wanted.at(kWeb));
    const auto operations = diff(actual, wanted, {kWeb});
    REQUIRE(operations.size() == 1);
    const auto& set = std::get<SetService>(operations[0]);
    CHECK(set.service.dests.empty());
    CHECK(set.service.sched_name == wanted.at(kWeb).sched_name);
    CHECK(set.service.flags == wanted.at(kWeb).flags);
    Table after = actual;
    carry_out(after, operations);
    CHECK(after == wanted);
  }
}

TEST_CASE("diff: what the kernel adds or does not mean is no difference") {
  Table actual{{kWeb, with({{kOne, {}}})}};
  Table wanted = actual;
  actual.at(kWeb).flags = IP_VS_SVC_F_HASHED;
  wanted.at(kWeb).timeout = 360;          // without persistence
  wanted.at(kWeb).netmask = 0x00ffffffU;  // likewise
  CHECK(diff(actual, wanted, {kWeb}).empty());
}

TEST_CASE("diff: foreign services stay, former ones of ours go, dests of ours that another program added go") {
  const Table actual{
      {kWeb, with({{kOne, {}}, {kThree, {}}})}, {kMail, with({{kOne, {}}})}, {kName, with({{kOne, {}}})}};
  const Table wanted{{kWeb, with({{kOne, {}}})}};
  CHECK(plan(actual, wanted, {kWeb, kMail}) ==
        "remove TCP 192.0.2.1:80 -> 10.0.0.3:80\n"
        "remove TCP 192.0.2.1:25\n");
}

TEST_CASE("diff: a whole removed service is one command, not one for each dest") {
  const Table actual{{kWeb, with({{kOne, {}}, {kTwo, {}}, {kThree, {}}})}};
  CHECK(plan(actual, {}, {kWeb}) == "remove TCP 192.0.2.1:80\n");
}

TEST_CASE("diff: what has vanished is put back") {
  const Table wanted{{kWeb, with({{kOne, {}}, {kTwo, {}}})}, {kName, with({{kOne, {}}})}};
  const Table actual{{kWeb, with({{kTwo, {}}})}};
  CHECK(plan(actual, wanted, {kWeb, kName}) ==
        "add TCP 192.0.2.1:80 -> 10.0.0.1:80 weight 1\n"
        "add UDP 192.0.2.1:53 scheduler wlc\n"
        "add UDP 192.0.2.1:53 -> 10.0.0.1:80 weight 1\n");
}

TEST_CASE("diff: the sorry server comes before the last member goes") {
  const Table before{{kWeb, with({{kOne, {}}})}};
  const Table after{{kWeb, with({{kSorry, {}}})}};
  CHECK(plan(before, after) ==
        "add TCP 192.0.2.1:80 -> 10.0.0.99:80 weight 1\n"
        "remove TCP 192.0.2.1:80 -> 10.0.0.1:80\n");
}

TEST_CASE("diff: weights rise before weights sink to 0") {
  const Table before{{kWeb, with({{kOne, weighing(5)}, {kTwo, weighing(0)}})}};
  const Table after{{kWeb, with({{kOne, weighing(0)}, {kTwo, weighing(5)}})}};
  CHECK(plan(before, after) ==
        "set TCP 192.0.2.1:80 -> 10.0.0.2:80 weight 5\n"
        "set TCP 192.0.2.1:80 -> 10.0.0.1:80 weight 0\n");
}

TEST_CASE("diff: removals come after every addition, services last") {
  const Table before{{kMail, with({{kOne, {}}})}, {kWeb, with({{kOne, {}}})}};
  const Table after{{kWeb, with({{kTwo, {}}})}, {kName, with({{kTwo, {}}})}};
  CHECK(plan(before, after, {kMail}) ==
        "add TCP 192.0.2.1:80 -> 10.0.0.2:80 weight 1\n"
        "add UDP 192.0.2.1:53 scheduler wlc\n"
        "add UDP 192.0.2.1:53 -> 10.0.0.2:80 weight 1\n"
        "remove TCP 192.0.2.1:80 -> 10.0.0.1:80\n"
        "remove TCP 192.0.2.1:25\n");
}

TEST_CASE("carry_out: what the kernel would refuse changes nothing") {
  const Table table{{kWeb, with({{kOne, weighing(4)}})}};
  const std::vector<Operation> refused{
      NewService{kWeb, {}},     SetService{kMail, {}},   DelService{kMail},        NewDest{kWeb, kOne, weighing(9)},
      NewDest{kMail, kOne, {}}, SetDest{kWeb, kTwo, {}}, SetDest{kMail, kOne, {}}, DelDest{kWeb, kTwo},
      DelDest{kMail, kOne},
  };
  for (const auto& operation : refused) {
    Table after = table;
    carry_out(after, {operation});
    CAPTURE(to_string(operation));
    CHECK(after == table);
  }
}

TEST_CASE("operations have names for logs and for errors, and know their service") {
  const Service service = with({});
  CHECK(to_string(NewService{kWeb, service}) == "add TCP 192.0.2.1:80 scheduler wlc");
  CHECK(to_string(SetService{kWeb, service}) == "set TCP 192.0.2.1:80 scheduler wlc");
  CHECK(to_string(SetDest{kWeb, kOne, weighing(0)}) == "set TCP 192.0.2.1:80 -> 10.0.0.1:80 weight 0");
  CHECK(name(NewService{kWeb, service}) == "add service TCP 192.0.2.1:80");
  CHECK(name(SetService{kWeb, service}) == "change service TCP 192.0.2.1:80");
  CHECK(name(DelService{kWeb}) == "remove service TCP 192.0.2.1:80");
  CHECK(name(NewDest{kWeb, kOne, {}}) == "add real server 10.0.0.1:80 to TCP 192.0.2.1:80");
  CHECK(name(SetDest{kWeb, kOne, {}}) == "change real server 10.0.0.1:80 of TCP 192.0.2.1:80");
  CHECK(name(DelDest{kWeb, kOne}) == "remove real server 10.0.0.1:80 from TCP 192.0.2.1:80");
  for (const Operation& operation :
       {Operation{NewService{kWeb, service}}, Operation{SetService{kWeb, service}}, Operation{DelService{kWeb}},
        Operation{NewDest{kWeb, kOne, {}}}, Operation{SetDest{kWeb, kOne, {}}}, Operation{DelDest{kWeb, kOne}}})
    CHECK(service_of(operation) == kWeb);
}
