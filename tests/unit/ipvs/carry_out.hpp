// carry_out.hpp - what the kernel makes of operations, for the tests of diff().
#pragma once

#include <utility>
#include <variant>
#include <vector>

#include "core/overloaded.hpp"
#include "ipvs/diff.hpp"

namespace baton::ipvs {

/// What the kernel would refuse (an addition of what is there, a change of what is not) does nothing.
inline void carry_out(Table& table, const std::vector<Operation>& operations) {
  const auto with_service = [&](const ServiceKey& key, const auto& change) {
    if (const auto found = table.find(key); found != table.end()) change(found->second);
  };
  const auto steps = Overloaded{
      [&](const NewService& step) { table.try_emplace(step.key, settings(step.key, step.service)); },
      [&](const SetService& step) {
        with_service(step.key, [&](Service& service) {
          auto dests = std::move(service.dests);
          service = settings(step.key, step.service);
          service.dests = std::move(dests);
        });
      },
      [&](const DelService& step) { table.erase(step.key); },
      [&](const NewDest& step) {
        with_service(step.service, [&](Service& service) { service.dests.try_emplace(step.key, step.dest); });
      },
      [&](const SetDest& step) {
        with_service(step.service, [&](Service& service) {
          if (const auto dest = service.dests.find(step.key); dest != service.dests.end()) dest->second = step.dest;
        });
      },
      [&](const DelDest& step) {
        with_service(step.service, [&](Service& service) { service.dests.erase(step.key); });
      },
  };
  for (const auto& operation : operations)
    std::visit(steps, operation);
}

}  // namespace baton::ipvs
