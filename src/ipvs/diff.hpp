// diff.hpp - from the table that is there to the table that is wanted: the fewest commands, in a safe order.
#pragma once

#include <set>
#include <variant>
#include <vector>

#include "ipvs/model.hpp"

namespace baton::ipvs {

struct NewService {
  ServiceKey key;
  Service service;  // without dests
};
struct SetService {
  ServiceKey key;
  Service service;  // without dests
};
struct DelService {
  ServiceKey key;
};
struct NewDest {
  ServiceKey service;
  DestKey key;
  Dest dest;
};
struct SetDest {
  ServiceKey service;
  DestKey key;
  Dest dest;
};
struct DelDest {
  ServiceKey service;
  DestKey key;
};
using Operation = std::variant<NewService, SetService, DelService, NewDest, SetDest, DelDest>;

/// `owned` are the services that are ours to remove: those of the former configuration or ledger.  Services in neither
/// `wanted` nor `owned` are foreign and left alone.  New service before its dests; new and changed dests before those
/// that sink to weight 0, and removals last of all: a pool that had and will have somebody to serve has it throughout,
/// and nothing is added while the kernel's list of the newly removed is long.  A removed service takes its dests with
/// it.  Carried out over `actual` they make `wanted`, but for what settings() takes away; diff(x, x, ...) is empty.
std::vector<Operation> diff(const Table& actual, const Table& wanted, const std::set<ServiceKey>& owned);

/// One line for logs: "add TCP 192.0.2.1:80 -> 10.0.0.1:80 weight 1".
std::string to_string(const Operation& operation);

/// What an error is about: "add real server 10.0.0.1:80 to TCP 192.0.2.1:80".
std::string name(const Operation& operation);

const ServiceKey& service_of(const Operation& operation);

}  // namespace baton::ipvs
