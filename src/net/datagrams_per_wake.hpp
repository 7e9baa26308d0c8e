// datagrams_per_wake.hpp - how many notifications of the kernel are taken in a row.
#pragma once

namespace baton::net {

/// So that a flood of them does not keep the loop from everything else; what is left wakes again.
inline constexpr int kDatagramsPerWake = 10'000;

}  // namespace baton::net
