#include "bfd/refusal.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>

using namespace baton::bfd;

TEST_CASE("every reason has words of its own, and a count of its own") {
  std::set<std::string> texts;
  RefusalCounts counts;
  for (std::size_t i = 0; i < kRefusals; ++i) {
    const auto why = static_cast<Refusal>(i);
    texts.insert(users_text(why));
    for (std::size_t times = 0; times <= i; ++times)
      CHECK(counts.add(why) == times + 1);
  }
  CHECK(texts.size() == kRefusals);
  CHECK_FALSE(texts.contains("unknown"));
  for (std::size_t i = 0; i < kRefusals; ++i)
    CHECK(counts.of(static_cast<Refusal>(i)) == i + 1);
}
