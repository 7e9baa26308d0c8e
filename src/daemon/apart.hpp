// apart.hpp - runs a step whose results are soon thrown away on a heap of its own.
#pragma once

#include <future>
#include <utility>

namespace baton::daemon {

/// Runs `step` in a thread, waits for its end, and returns its result or throws what it has thrown.  glibc gives every
/// thread a heap: what `step` leaves is then not scattered among what is kept for good, so that its memory is given
/// back when it is freed.  (A parsed configuration of 10,000 services is 20 MB, which are needed for a tenth of a
/// second.)
template <class Step>
auto apart(Step&& step) {
  return std::async(std::launch::async, std::forward<Step>(step)).get();
}

}  // namespace baton::daemon
