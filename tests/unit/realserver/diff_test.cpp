#include "realserver/diff.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::realserver;

namespace {

using Kind = Operation::Kind;
const IpAddress kVip = IpAddress::v4({192, 0, 2, 80});
const std::string kSysctl = "net/ipv4/conf/all/arp_ignore";

Wanted wanted() {
  Wanted wanted;
  wanted.devices = {{"lo", ""}, {"tunl0", "ipip"}};
  wanted.sysctls = {{kSysctl, 1}};
  wanted.addresses = {{kVip, "lo"}};
  wanted.routes = {{kVip, "lo"}};
  return wanted;
}

std::vector<std::string> lines(const std::vector<Operation>& operations) {
  std::vector<std::string> texts;
  for (const auto& each : operations)
    texts.push_back(describe(each));
  return texts;
}

Machine bare() {
  Machine machine;
  machine.devices = {{"lo", true}};
  machine.sysctls = {{kSysctl, 0}};
  return machine;
}

Machine ready() {
  Machine machine;
  machine.devices = {{"lo", true}, {"tunl0", true}};
  machine.sysctls = {{kSysctl, 1}};
  machine.addresses = {{kVip, "lo", 32}};
  machine.routes = {{kVip, "lo"}};
  return machine;
}

Ledger full() {
  Ledger ledger;
  ledger.addresses = ledger.routes = {{kVip, "lo"}};
  ledger.up = {"tunl0"};
  ledger.sysctls = {{kSysctl, {0, 1}}};
  return ledger;
}

}  // namespace

TEST_CASE("a bare machine: silence before the address that it is about") {
  CHECK(lines(diff(bare(), wanted(), {})) ==
        std::vector<std::string>{"make tunl0 (ipip)", "set net.ipv4.conf.all.arp_ignore=1 (it was 0)", "set tunl0 up",
                                 "put 192.0.2.80 on lo", "add the route to 192.0.2.80 dev lo"});
}

TEST_CASE("what is there needs nothing, whoever has put it there") {
  CHECK(diff(ready(), wanted(), full()).empty());
  CHECK(diff(ready(), wanted(), {}).empty());
}

TEST_CASE("an address with a lifetime, or with a shorter prefix, is not there") {
  auto machine = ready();
  machine.addresses = {{kVip, "lo", 32, false}};
  CHECK(lines(diff(machine, wanted(), {})) == std::vector<std::string>{"put 192.0.2.80 on lo"});
  machine.addresses = {{kVip, "lo", 24}};
  CHECK(diff(machine, wanted(), {}).size() == 1);
}

TEST_CASE("at the end all of ours goes, the address before the silence about it") {
  CHECK(lines(diff(ready(), {}, full())) == std::vector<std::string>{"remove the route to 192.0.2.80 dev lo",
                                                                     "take 192.0.2.80 from lo", "set tunl0 down",
                                                                     "set net.ipv4.conf.all.arp_ignore=0 as it was"});
}

TEST_CASE("at the end what others have put there stays") {
  CHECK(diff(ready(), {}, {}).empty());
}

TEST_CASE("a sysctl that somebody has changed since is not restored") {
  auto machine = ready();
  machine.sysctls[kSysctl] = 2;
  Ledger ledger;
  ledger.sysctls = {{kSysctl, {0, 1}}};
  const auto operations = diff(machine, {}, ledger);
  REQUIRE(operations.size() == 1);
  CHECK(operations[0].kind == Kind::forget_sysctl);
  record(ledger, operations[0]);
  CHECK(ledger == Ledger{});
}

TEST_CASE("the ledger keeps the first former value") {
  Ledger ledger;
  record(ledger, {.kind = Kind::write_sysctl, .name = kSysctl, .value = 1, .former = 0});
  record(ledger, {.kind = Kind::write_sysctl, .name = kSysctl, .value = 1, .former = 5});
  CHECK(ledger.sysctls.at(kSysctl) == Ledger::Former{0, 1});
}

TEST_CASE("lo is never set down again") {
  auto machine = ready();
  machine.devices["lo"] = false;
  Ledger ledger;
  for (const auto& each : diff(machine, wanted(), ledger))
    record(ledger, each);
  CHECK(ledger.up.empty());
}

TEST_CASE("what is missing, for a person") {
  std::vector<std::string> texts;
  for (const auto& each : diff(bare(), wanted(), {}))
    texts.push_back(describe_missing(each));
  CHECK(texts == std::vector<std::string>{"tunl0 does not exist: the kernel's module for ipip is not loaded",
                                          "net.ipv4.conf.all.arp_ignore is 0, not 1", "tunl0 is not up",
                                          "192.0.2.80 is not on lo", "there is no route to 192.0.2.80 dev lo"});
}
