#include "daemon/restart_policy.hpp"

#include <vector>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

TEST_CASE("a role that keeps dying is started again at once, then ever later") {
  RestartPolicy policy;
  const std::vector<Duration> pauses{0s, 1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s};
  for (std::size_t i = 0; i < pauses.size(); ++i) {
    CAPTURE(i);
    const auto decision = policy.died(10ms);
    CHECK(decision.delay == pauses[i]);
    CHECK(decision.keeps_dying == (i >= 4));
  }
  for (int i = 0; i < 100; ++i)
    CHECK(policy.died(0s).delay == 60s);
}

TEST_CASE("five quick deaths happen within ten seconds") {
  RestartPolicy policy;
  Duration passed{};
  for (unsigned i = 1; i < RestartPolicy::kTooMany; ++i)
    passed += policy.died(0s).delay;
  CHECK(passed <= 10s);
  CHECK(policy.died(0s).keeps_dying);
}

TEST_CASE("a long life is forgiven everything") {
  RestartPolicy policy;
  for (int i = 0; i < 7; ++i)
    policy.died(1s);
  const auto after = policy.died(60s);
  CHECK(after.delay == 0s);
  CHECK_FALSE(after.keeps_dying);
  CHECK(policy.died(59s).delay == 1s);
  CHECK(policy.died(3600s).delay == 0s);
}
