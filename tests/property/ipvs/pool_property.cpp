// What holds of every pool.
#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include <rapidcheck.h>

#include <doctest/doctest.h>

#include "ipvs/quorum.hpp"
#include "ipvs/removals.hpp"
#include "ipvs/slow_start.hpp"

using namespace baton;
using namespace baton::ipvs;

namespace {

using Kind = PoolEvent::Kind;

const Instant kNow{};

rc::Gen<DestKey> any_dest_key() {
  return rc::gen::map(rc::gen::inRange<std::uint32_t>(0, 8), [](std::uint32_t number) {
    return DestKey{IpAddress::v4(0x0a000000U + number), 80};
  });
}

Dest weighing(std::uint32_t weight) {
  Dest dest;
  dest.weight = weight;
  return dest;
}

std::uint64_t total_weight(const std::vector<PoolMember>& members) {
  return std::accumulate(members.begin(), members.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const PoolMember& member) { return sum + member.dest.weight; });
}

PoolParams any_pool() {
  PoolParams params;
  std::set<DestKey> keys;
  const int members = *rc::gen::inRange(0, 6);
  for (int i = 0; i < members; ++i)
    keys.insert(*any_dest_key());
  for (const auto& key : keys)
    params.members.push_back({.key = key,
                              .dest = weighing(*rc::gen::inRange<std::uint32_t>(0, 3)),
                              .inhibit_on_failure = *rc::gen::arbitrary<bool>()});
  if (*rc::gen::arbitrary<bool>())
    params.sorry = PoolMember{
        .key = {IpAddress::v4(0x0a0000ffU), 80}, .dest = Dest{}, .inhibit_on_failure = *rc::gen::arbitrary<bool>()};
  params.quorum = *rc::gen::inRange<std::uint32_t>(0, 8);
  params.hysteresis = *rc::gen::inRange<std::uint32_t>(0, 8);
  return params;
}

/// A pool's own account of itself, kept from what it tells.
struct Told {
  std::set<DestKey> in;
  bool has_quorum = false;

  void take(const Pool::Events& events) {
    for (const auto& event : events) {
      if (event.kind == Kind::server_up || event.kind == Kind::server_new) RC_ASSERT(in.insert(event.server).second);
      if (event.kind == Kind::server_down) RC_ASSERT(in.erase(event.server) == 1U);
      if (event.kind == Kind::quorum_gained) RC_ASSERT(!std::exchange(has_quorum, true));
      if (event.kind == Kind::quorum_lost) RC_ASSERT(std::exchange(has_quorum, false));
    }
  }
};

MemberReport any_report() {
  MemberReport report{*any_dest_key(), *rc::gen::arbitrary<bool>(), {}};
  if (*rc::gen::inRange(0, 3) == 0) report.weight = *rc::gen::inRange<std::uint16_t>(0, 5);
  return report;
}

}  // namespace

TEST_CASE("pool: whatever happens, quorum and wanted dests follow from who is up") {
  CHECK(rc::check([] {
    const auto params = any_pool();
    Pool pool(params);
    std::set<DestKey> down;
    const auto total = total_weight(params.members);
    const auto quorum = std::min<std::uint64_t>(params.quorum, total);
    const auto hysteresis = quorum == 0 ? 0 : std::min<std::uint64_t>(params.hysteresis, quorum - 1);
    bool has_quorum = total > 0;
    RC_ASSERT(pool.has_quorum() == has_quorum);
    const int steps = *rc::gen::inRange(0, 30);
    for (int i = 0; i < steps; ++i) {
      const auto stranger = static_cast<std::ptrdiff_t>(params.members.size());
      const auto chosen = *rc::gen::inRange<std::ptrdiff_t>(0, stranger + 1);
      const auto key = chosen == stranger ? *any_dest_key() : params.members[static_cast<std::size_t>(chosen)].key;
      const bool up = *rc::gen::arbitrary<bool>();
      const bool is_member =
          std::ranges::any_of(params.members, [&](const PoolMember& member) { return member.key == key; });
      const bool is_news = is_member && up == down.contains(key);
      if (is_member && up) down.erase(key);
      if (is_member && !up) down.insert(key);
      std::uint64_t live = 0;
      for (const auto& member : params.members)
        live += down.contains(member.key) ? 0 : member.dest.weight;
      const bool had = has_quorum;
      if (live == 0 || live < quorum - hysteresis) has_quorum = false;
      if (live > 0 && live >= std::min(quorum + hysteresis, total)) has_quorum = true;

      Pool::Events events;
      pool.report({key, up, {}}, kNow, events);
      RC_ASSERT(events.size() == (is_news ? 1U : 0U) + (had != has_quorum ? 1U : 0U));
      RC_ASSERT(pool.has_quorum() == has_quorum);
      RC_ASSERT(pool.reports().size() == down.size());
      const auto wanted = pool.wanted(kNow);
      const bool sorry_serves = params.sorry && !has_quorum;
      for (const auto& member : params.members) {
        const auto entry = wanted.find(member.key);
        const bool serves = !down.contains(member.key) && !sorry_serves;
        RC_ASSERT((entry != wanted.end()) == (serves || member.inhibit_on_failure));
        if (entry != wanted.end()) RC_ASSERT(entry->second.weight == (serves ? member.dest.weight : 0));
      }
      if (params.sorry) {
        const auto entry = wanted.find(params.sorry->key);
        RC_ASSERT((entry != wanted.end()) == (sorry_serves || params.sorry->inhibit_on_failure));
        if (entry != wanted.end()) RC_ASSERT(entry->second.weight == (sorry_serves ? 1U : 0U));
      }
    }
  }));
}

TEST_CASE("pool: what it tells is what it does, over reloads too") {
  CHECK(rc::check([] {
    auto params = any_pool();
    for (auto& member : params.members)
      member.alpha = *rc::gen::inRange(0, 3) == 0;
    params.max_removed = *rc::gen::element<std::uint8_t>(0, 30, 50, 100);
    Pool pool(params);
    Told told;
    told.take(pool.opening());
    const int steps = *rc::gen::inRange(0, 30);
    for (int i = 0; i < steps; ++i) {
      Pool::Events events;
      if (*rc::gen::inRange(0, 6) == 0) {
        pool = Pool::succeeding(*rc::gen::arbitrary<bool>() ? any_pool() : pool.params(), pool, events);
      } else {
        pool.report(any_report(), kNow, events);
      }
      told.take(events);
      RC_ASSERT(told.has_quorum == pool.has_quorum());
      for (const auto& member : pool.params().members)
        RC_ASSERT(told.in.contains(member.key) == pool.is_in(member.key));
    }
    told.take(pool.closing());
    RC_ASSERT(told.in.empty());
    RC_ASSERT(!told.has_quorum);
  }));
}

TEST_CASE("pool: a reload that changes nothing tells nothing and wants the same") {
  CHECK(rc::check([] {
    auto params = any_pool();
    params.max_removed = *rc::gen::element<std::uint8_t>(0, 30, 50, 100);
    for (auto& member : params.members)
      member.slow_start = std::chrono::seconds{*rc::gen::inRange(0, 9)};
    Pool pool(params);
    const int steps = *rc::gen::inRange(0, 20);
    Pool::Events events;
    for (int i = 0; i < steps; ++i)
      pool.report(any_report(), kNow, events);
    events.clear();
    const auto again = Pool::succeeding(params, pool, events);
    RC_ASSERT(events.empty());
    RC_ASSERT(again.has_quorum() == pool.has_quorum());
    RC_ASSERT(again.wanted(kNow) == pool.wanted(kNow));
    RC_ASSERT(again.reports() == pool.reports());
  }));
}

TEST_CASE("removals: never more than the part are out, and none is held while there is room") {
  CHECK(rc::check([] {
    const auto members = *rc::gen::inRange<std::size_t>(1, 12);
    const auto percent = *rc::gen::inRange(0U, 101U);
    Removals removals(members, percent);
    std::vector<std::size_t> failed;  // in the order of their failure
    const int steps = *rc::gen::inRange(0, 60);
    for (int i = 0; i < steps; ++i) {
      const auto member = *rc::gen::inRange<std::size_t>(0, members);
      if (*rc::gen::arbitrary<bool>()) {
        const bool is_out = removals.fail(member);
        if (std::ranges::count(failed, member) == 0) failed.push_back(member);
        RC_ASSERT(is_out == removals.is_out(member));
      } else {
        const auto next = removals.recover(member);
        std::erase(failed, member);
        if (next != Removals::kNone) RC_ASSERT(removals.is_out(next));
      }
      RC_ASSERT(removals.out() <= members * percent / 100);
      RC_ASSERT(removals.out() == std::min(failed.size(), members * percent / 100));
      std::vector<std::size_t> held;
      for (const auto each : failed) {
        RC_ASSERT(removals.is_out(each) != removals.is_held(each));
        if (removals.is_held(each)) held.push_back(each);
      }
      RC_ASSERT(removals.held() == held);
    }
  }));
}

TEST_CASE("slow start: from 1 to the full weight, never back, in steps of whole seconds") {
  CHECK(rc::check([] {
    const auto full = *rc::gen::inRange<std::uint32_t>(0, 65536);
    const Duration length = std::chrono::seconds{*rc::gen::inRange(1, 86400)};
    RC_ASSERT(ramped_weight(full, Duration{}, length) <= std::max(1U, full / 2 + 1));
    RC_ASSERT(ramped_weight(full, length, length) == full);
    const Duration since = std::chrono::milliseconds{*rc::gen::inRange<std::int64_t>(0, 90'000'000)};
    const auto weight = ramped_weight(full, since, length);
    RC_ASSERT(weight <= full);
    RC_ASSERT((weight == 0) == (full == 0));
    const auto step = next_ramp_step(full, since, length);
    RC_ASSERT(step.has_value() == (weight != full));
    if (!step) return;
    RC_ASSERT(*step > since);
    RC_ASSERT(*step % std::chrono::seconds{1} == Duration{});
    RC_ASSERT(ramped_weight(full, *step, length) > weight);
    RC_ASSERT(ramped_weight(full, *step - Duration{1}, length) == weight);
  }));
}
