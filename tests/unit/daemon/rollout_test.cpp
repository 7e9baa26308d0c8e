#include "daemon/rollout.hpp"

#include <doctest/doctest.h>

using namespace baton::daemon;

TEST_CASE("a configuration is in force when the last role has answered") {
  Rollout rollout;
  CHECK_FALSE(rollout.active());
  rollout.begin(3, {Role::vrrp, Role::ipvs});
  CHECK(rollout.active());
  CHECK_FALSE(rollout.answered(Role::vrrp, 2));  // to a former one
  CHECK_FALSE(rollout.answered(Role::ipvs, 3));
  CHECK_FALSE(rollout.answered(Role::ipvs, 3));  // restarted meanwhile
  CHECK(rollout.waiting() == std::set<Role>{Role::vrrp});
  CHECK(rollout.answered(Role::vrrp, 3));
  CHECK_FALSE(rollout.finish());
  CHECK_FALSE(rollout.active());
  CHECK_FALSE(rollout.answered(Role::vrrp, 3));  // a later restart is no rollout
}

TEST_CASE("nothing is needed") {
  Rollout rollout;
  rollout.begin(1, {});
  CHECK(rollout.left_out(Role::supervisor));
  CHECK_FALSE(rollout.finish());
}

TEST_CASE("a role that is no longer needed is not waited for") {
  Rollout rollout;
  rollout.begin(1, {Role::vrrp, Role::ipvs});
  CHECK_FALSE(rollout.left_out(Role::vrrp));
  CHECK(rollout.answered(Role::ipvs, 1));
}

TEST_CASE("a reload that is asked for meanwhile is remembered once") {
  Rollout rollout;
  CHECK(rollout.request());
  rollout.begin(1, {Role::vrrp});
  CHECK_FALSE(rollout.request());
  CHECK_FALSE(rollout.request());
  CHECK(rollout.answered(Role::vrrp, 1));
  CHECK(rollout.finish());
  CHECK(rollout.request());
  rollout.begin(2, {Role::vrrp});
  CHECK_FALSE(rollout.finish());  // given up
  CHECK_FALSE(rollout.active());
  CHECK(rollout.request());
}
