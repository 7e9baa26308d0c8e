#include "realserver/diff.hpp"

#include <algorithm>

#include "realserver/plan.hpp"

namespace baton::realserver {
namespace {

using Kind = Operation::Kind;

bool holds(const Machine& machine, const Placed& wanted) {
  return machine.addresses.contains({wanted.address, wanted.device, max_prefix_length(wanted.address.family()), true});
}

int value_of(const Machine& machine, const std::string& sysctl) {
  const auto found = machine.sysctls.find(sysctl);
  return found == machine.sysctls.end() ? 0 : found->second;
}

void add_removals(const Machine& actual, const Wanted& wanted, const Ledger& ledger, std::vector<Operation>& out) {
  for (const auto& route : ledger.routes)
    if (!wanted.routes.contains(route)) out.push_back({Kind::remove_route, route.device, route.address});
  for (const auto& address : ledger.addresses)
    if (!wanted.addresses.contains(address)) out.push_back({Kind::remove_address, address.device, address.address});
  for (const auto& device : ledger.up)
    if (!wanted.devices.contains(device)) out.push_back({Kind::set_down, device});
  for (const auto& [name, former] : ledger.sysctls) {
    if (wanted.sysctls.contains(name)) continue;
    const bool is_ours = value_of(actual, name) == former.set && actual.sysctls.contains(name);
    out.push_back({.kind = is_ours ? Kind::restore_sysctl : Kind::forget_sysctl, .name = name, .value = former.value});
  }
}

void add_devices(const Machine& actual, const Wanted& wanted, std::vector<Operation>& out) {
  for (const auto& [name, kind] : wanted.devices)
    if (!actual.devices.contains(name) && !kind.empty())
      out.push_back({.kind = Kind::make_device, .name = name, .made_of = kind});
}

void add_rest(const Machine& actual, const Wanted& wanted, std::vector<Operation>& out) {
  for (const auto& [name, value] : wanted.sysctls) {
    const int now = value_of(actual, name);
    if (!actual.sysctls.contains(name) || !is_as_good(name, now, value))
      out.push_back({.kind = Kind::write_sysctl, .name = name, .value = value, .former = now});
  }
  for (const auto& [name, kind] : wanted.devices) {
    const auto found = actual.devices.find(name);
    if (found == actual.devices.end() || !found->second) out.push_back({.kind = Kind::set_up, .name = name});
  }
  for (const auto& address : wanted.addresses)
    if (!holds(actual, address)) out.push_back({Kind::add_address, address.device, address.address});
  for (const auto& route : wanted.routes)
    if (!actual.routes.contains(route)) out.push_back({Kind::add_route, route.device, route.address});
}

std::string dotted(std::string sysctl) {
  std::ranges::replace(sysctl, '/', '.');
  return sysctl;
}

}  // namespace

std::vector<Operation> diff(const Machine& actual, const Wanted& wanted, const Ledger& ledger) {
  std::vector<Operation> operations;
  add_removals(actual, wanted, ledger, operations);
  add_devices(actual, wanted, operations);
  add_rest(actual, wanted, operations);
  return operations;
}

void record(Ledger& ledger, const Operation& operation) {
  const Placed placed{operation.address, operation.name};
  switch (operation.kind) {
    case Kind::remove_route: ledger.routes.erase(placed); break;
    case Kind::remove_address: ledger.addresses.erase(placed); break;
    case Kind::set_down: ledger.up.erase(operation.name); break;
    case Kind::restore_sysctl:
    case Kind::forget_sysctl: ledger.sysctls.erase(operation.name); break;
    case Kind::make_device: break;  // it stays, as the kernel's module does
    case Kind::write_sysctl:
      // What it was before us is what it was the first time.
      ledger.sysctls.try_emplace(operation.name, Ledger::Former{operation.former, operation.value});
      break;
    case Kind::set_up:
      if (operation.name != "lo") ledger.up.insert(operation.name);  // nobody is helped by a machine without lo
      break;
    case Kind::add_address: ledger.addresses.insert(placed); break;
    case Kind::add_route: ledger.routes.insert(placed); break;
  }
}

bool gives_up(const Operation& operation) {
  return operation.kind <= Kind::forget_sysctl;
}

std::string describe(const Operation& operation) {
  const auto address = operation.address.to_string();
  const auto value = std::to_string(operation.value);
  switch (operation.kind) {
    case Kind::remove_route: return "remove the route to " + address + " dev " + operation.name;
    case Kind::remove_address: return "take " + address + " from " + operation.name;
    case Kind::set_down: return "set " + operation.name + " down";
    case Kind::restore_sysctl: return "set " + dotted(operation.name) + "=" + value + " as it was";
    case Kind::forget_sysctl: return "leave " + dotted(operation.name) + " as somebody else has set it";
    case Kind::make_device: return "make " + operation.name + " (" + operation.made_of + ")";
    case Kind::write_sysctl:
      return "set " + dotted(operation.name) + "=" + value + " (it was " + std::to_string(operation.former) + ")";
    case Kind::set_up: return "set " + operation.name + " up";
    case Kind::add_address: return "put " + address + " on " + operation.name;
    case Kind::add_route: return "add the route to " + address + " dev " + operation.name;
  }
  return {};
}

std::string describe_missing(const Operation& operation) {
  const auto address = operation.address.to_string();
  switch (operation.kind) {
    case Kind::make_device:
      return operation.name + " does not exist: the kernel's module for " + operation.made_of + " is not loaded";
    case Kind::write_sysctl:
      return dotted(operation.name) + " is " + std::to_string(operation.former) + ", not " +
             std::to_string(operation.value);
    case Kind::set_up: return operation.name + " is not up";
    case Kind::add_address: return address + " is not on " + operation.name;
    case Kind::add_route: return "there is no route to " + address + " dev " + operation.name;
    default: return {};
  }
}

}  // namespace baton::realserver
