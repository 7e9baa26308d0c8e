// What holds of every machine, every part of a configuration and every ledger.
#include <algorithm>

#include <rapidcheck.h>

#include <doctest/doctest.h>

#include "realserver/diff.hpp"
#include "realserver/plan.hpp"

using namespace baton;
using namespace baton::realserver;

namespace {

using Kind = Operation::Kind;

IpAddress numbered(std::uint32_t number) {
  if (number < 6) return IpAddress::v4(0xc0000200U + number);
  return IpAddress::v6({0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(number)});
}

rc::Gen<IpAddress> any_address() {
  return rc::gen::map(rc::gen::inRange<std::uint32_t>(0, 9), numbered);
}

/// Services at 192.0.2.100, which no other address is.
rc::Gen<Part> any_part() {
  return rc::gen::exec([] {
    Part part;
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
      Duty duty{.service = "vs", .server = IpAddress::v4(0xc0000264U), .virtuals = {}};
      duty.virtuals = *rc::gen::container<std::vector<IpAddress>>(any_address());
      duty.method = *rc::gen::element(Method::nat, Method::direct, Method::tunnel);
      part.duties.push_back(duty);
    }
    return part;
  });
}

rc::Gen<Machine> any_machine() {
  return rc::gen::exec([] {
    Machine machine;
    machine.devices = {{"lo", *rc::gen::arbitrary<bool>()}, {"eth0", true}};
    if (*rc::gen::arbitrary<bool>()) machine.devices["tunl0"] = *rc::gen::arbitrary<bool>();
    for (const auto& address : *rc::gen::container<std::vector<IpAddress>>(any_address()))
      machine.addresses.insert({address, *rc::gen::element<std::string>("lo", "eth0"),
                                max_prefix_length(address.family()), *rc::gen::arbitrary<bool>()});
    for (const auto& name : sysctls_of_interest({}))
      if (name.find("tunl0") == std::string::npos || machine.devices.contains("tunl0"))
        machine.sysctls[name] = *rc::gen::inRange(0, 3);
    return machine;
  });
}

/// The kernel, as far as these operations go.
void apply(Machine& machine, const Operation& operation) {
  const Placed placed{operation.address, operation.name};
  const auto prefix = max_prefix_length(operation.address.family());
  switch (operation.kind) {
    case Kind::remove_route: machine.routes.erase(placed); break;
    case Kind::remove_address:
      machine.addresses.erase({operation.address, operation.name, prefix, true});
      machine.addresses.erase({operation.address, operation.name, prefix, false});
      break;
    case Kind::set_down: machine.devices[operation.name] = false; break;
    case Kind::restore_sysctl:
    case Kind::write_sysctl: machine.sysctls[operation.name] = operation.value; break;
    case Kind::forget_sysctl: break;
    case Kind::make_device: machine.devices[operation.name] = false; break;
    case Kind::set_up: machine.devices[operation.name] = true; break;
    case Kind::add_address:
      machine.addresses.erase({operation.address, operation.name, prefix, false});
      machine.addresses.insert({operation.address, operation.name, prefix, true});
      break;
    case Kind::add_route: machine.routes.insert(placed); break;
  }
}

void carry_out(Machine& machine, Ledger& ledger, const std::vector<Operation>& operations) {
  for (const auto& each : operations) {
    apply(machine, each);
    record(ledger, each);
  }
}

bool is_silent(const Machine& machine) {
  const auto found = machine.sysctls.find("net/ipv4/conf/all/arp_ignore");
  return found != machine.sysctls.end() && is_as_good(found->first, found->second, 1);
}

}  // namespace

TEST_CASE("the operations bring what is wanted, and then there are none left") {
  CHECK(rc::check([] {
    auto machine = *any_machine();
    Ledger ledger;
    const auto wanted = plan(*any_part(), machine);
    carry_out(machine, ledger, diff(machine, wanted, ledger));
    RC_ASSERT(diff(machine, wanted, ledger).empty());
    for (const auto& each : wanted.addresses)
      RC_ASSERT(
          machine.addresses.contains({each.address, each.device, max_prefix_length(each.address.family()), true}));
  }));
}

TEST_CASE("after any number of configurations the end gives back every sysctl and takes away only what was added") {
  CHECK(rc::check([] {
    auto machine = *any_machine();
    const auto before = machine;
    Ledger ledger;
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
      carry_out(machine, ledger, diff(machine, plan(*any_part(), machine), ledger));
    carry_out(machine, ledger, diff(machine, {}, ledger));
    RC_ASSERT(ledger == Ledger{});
    for (const auto& [name, value] : before.sysctls)
      RC_ASSERT(machine.sysctls.at(name) == value);
    for (const auto& each : before.addresses)
      RC_ASSERT(machine.addresses.contains(each) || !each.permanent);
    for (const auto& each : machine.addresses)
      RC_ASSERT(before.addresses.contains(each));
    RC_ASSERT(machine.routes == before.routes);
  }));
}

TEST_CASE("at no moment is an IPv4 address there that its machine answers ARP for") {
  CHECK(rc::check([] {
    auto machine = *any_machine();
    machine.addresses.clear();
    Ledger ledger;
    const auto step = [&](const Wanted& wanted) {
      for (const auto& each : diff(machine, wanted, ledger)) {
        apply(machine, each);
        record(ledger, each);
        for (const auto& address : machine.addresses)
          RC_ASSERT(address.address.is_v6() || is_silent(machine));
      }
    };
    step(plan(*any_part(), machine));
    step(plan(*any_part(), machine));
    step({});
  }));
}
