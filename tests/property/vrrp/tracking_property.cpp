// What holds for whatever is tracked.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include <doctest/doctest.h>

#include "vrrp/tracking.hpp"

using namespace baton;
using namespace baton::vrrp;

namespace {

TrackKey any_key() {
  return {*rc::gen::element(TrackKind::interface, TrackKind::script, TrackKind::file, TrackKind::bfd),
          std::string(1, *rc::gen::inRange('a', 'd'))};
}

std::vector<Tracker> any_trackers() {
  std::vector<Tracker> trackers;
  const auto count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i)
    trackers.push_back({any_key(), *rc::gen::element(0, 0, 1, -1, 20, -20, 253, -253), *rc::gen::arbitrary<bool>()});
  return trackers;
}

TrackValue any_value() {
  return {*rc::gen::weightedElement<bool>({{4, true}, {1, false}}), *rc::gen::arbitrary<bool>(),
          *rc::gen::element<std::int64_t>(0, 1, -1, 100, -254, 1'000'000'000'000)};
}

}  // namespace

TEST_CASE("a priority, a fault and a wait follow from the trackers and their last values alone") {
  CHECK(rc::check("any trackers and values", [] {
    const auto trackers = any_trackers();
    const auto base = static_cast<Priority>(*rc::gen::inRange(1, 256));
    Tracking tracking;
    tracking.replace(trackers);
    std::map<TrackKey, TrackValue> last;
    for (int i = 0; i < 12; ++i) {
      const auto key = any_key();
      const auto before = tracking.effective(base);
      const bool fault_before = tracking.fault().has_value(), waited = tracking.waits();
      const auto value = any_value();
      const bool changed = tracking.set(key, value);
      if (tracking.tracks(key)) last[key] = value;
      // Nothing changes without a word, and no word is without its sentence.
      if (before != tracking.effective(base) || fault_before != tracking.fault().has_value() ||
          waited != tracking.waits()) {
        RC_ASSERT(changed);
        RC_ASSERT(!tracking.last_change().empty());
      }
      long sum = base;
      bool is_fault = false, waits = false;
      for (const auto& tracker : trackers) {
        const auto found = last.find(tracker.key);
        const auto what = effect(tracker, found == last.end() ? TrackValue{} : found->second);
        sum += what.change;
        is_fault = is_fault || what.is_fault;
        waits = waits || what.waits;
      }
      RC_ASSERT(tracking.effective(base) == (base == kOwnerPriority ? base : std::clamp(sum, 1L, 254L)));
      RC_ASSERT(tracking.fault().has_value() == is_fault);
      RC_ASSERT(tracking.waits() == waits);
    }
    auto again = tracking;  // what is replaced by the same stays as it is
    again.replace(trackers);
    RC_ASSERT(again.effective(base) == tracking.effective(base));
    RC_ASSERT(again.fault() == tracking.fault());
  }));
}
