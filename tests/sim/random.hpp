// random.hpp - chance from a seed, the same on every machine and with every standard library.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "core/time.hpp"

namespace baton::vrrp::sim {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  /// splitmix64 (Steele, Lea, Flood 2014).
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    auto z = state_;
    z = (z ^ z >> 30U) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27U) * 0x94d049bb133111ebU;
    return z ^ z >> 31U;
  }

  /// 0 .. count - 1
  unsigned below(unsigned count) { return static_cast<unsigned>(next() % count); }
  bool chance(unsigned permille) { return below(1000) < permille; }
  Duration between(Duration least, Duration most) {
    return least +
           Duration(static_cast<Duration::rep>(next() % static_cast<std::uint64_t>((most - least).count() + 1)));
  }
  template <class T>
  T one_of(std::initializer_list<T> choices) {
    return *(choices.begin() + below(static_cast<unsigned>(choices.size())));
  }

 private:
  std::uint64_t state_;
};

}  // namespace baton::vrrp::sim
