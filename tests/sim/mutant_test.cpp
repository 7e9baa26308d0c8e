// Every promise is seen to notice a planted fault: a check that cannot fail would prove nothing.
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "sim/story.hpp"

using namespace baton;
using namespace baton::vrrp;
using namespace baton::vrrp::sim;

namespace {

struct Objection {
  Mutant mutant;
  const char* name;
  Promise promise;
};

/// Two more are planted in group_test.cpp, for chance meets them in one cluster of two thousand.
constexpr Objection kObjections[] = {
    {Mutant::timers_first, "believes its timer before its socket", Promise::not_too_early},
    {Mutant::deaf_to_resignation, "ignores priority 0", Promise::not_too_late},
    {Mutant::deaf_to_stronger, "does not yield to the stronger", Promise::one_master},
    {Mutant::deaf_to_stronger, "does not yield to the stronger", Promise::one_in_the_end},
    {Mutant::impatient, "waits an interval less", Promise::not_too_early},
    {Mutant::patient, "waits three intervals more", Promise::not_too_late},
    {Mutant::patient, "waits three intervals more", Promise::never_headless},
    {Mutant::never_preempts, "never preempts", Promise::not_too_late},
    {Mutant::never_preempts, "never preempts", Promise::strongest_in_the_end},
    {Mutant::always_preempts, "preempts in spite of nopreempt and preempt_delay", Promise::no_preemption},
    {Mutant::keeps_address, "never gives the address up", Promise::address},
    {Mutant::takes_no_address, "is active without the address", Promise::address},
    {Mutant::lasting_lease, "has addresses for ever", Promise::lease},
    {Mutant::lasting_lease, "has addresses for ever", Promise::succession},
    {Mutant::mute, "leaves advertisements out", Promise::rhythm},
    {Mutant::hectic, "sends three advertisements for one", Promise::no_burst},
    {Mutant::leaves_politely, "resigns to the stronger", Promise::resignation},
    {Mutant::unannounced, "announces nothing", Promise::switch_in_the_end},
    {Mutant::forgets_member, "forgets the last member of its group", Promise::one_group},
    {Mutant::fails_alone, "keeps a fault from its group", Promise::fault},
    {Mutant::ignores_fault, "goes on in spite of a fault", Promise::fault},
    {Mutant::never_recovers, "stays in FAULT", Promise::fault},
    {Mutant::never_recovers, "stays in FAULT", Promise::one_in_the_end},
    {Mutant::ignores_weights, "ignores weights", Promise::priority},
    {Mutant::ignores_reload, "ignores a reload", Promise::priority},
    {Mutant::does_not_wait, "does not wait for first results", Promise::waiting},
};

constexpr std::uint64_t kSeeds = 200;  // all are noticed within the first twenty

/// The first seed of which the promise is broken.
std::optional<std::uint64_t> noticed(const World::Options& options) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    World world(random_scenario(seed), options);
    world.run();
    if (world.broken()) return seed;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("each planted fault breaks the promise that is against it") {
  std::string told;
  for (const auto& [mutant, name, promise] : kObjections) {
    CAPTURE(name);
    const auto seed = noticed({.mutant = mutant, .only = promise});
    CHECK(seed.has_value());
    told += std::string(told.empty() ? "" : ", ") + name + " (seed " + std::to_string(seed.value_or(0)) + ")";
  }
  MESSAGE("noticed: ", told);
}

TEST_CASE("there is no promise that no planted fault breaks") {
  std::set<Promise> noticed;
  for (const auto& objection : kObjections)
    noticed.insert(objection.promise);
  CHECK(noticed.size() == kPromises);
}

TEST_CASE("a failing run is told with as few faults as show it, and again gives the same") {
  const World::Options options{.mutant = Mutant::deaf_to_resignation, .only = Promise::not_too_late};
  const auto seed = noticed(options);
  REQUIRE(seed);
  const auto scenario = random_scenario(*seed);
  const auto least = shrunk(scenario, options, Promise::not_too_late);
  CHECK(least.faults.size() <= scenario.faults.size());
  const auto told = story(least, options, 80);
  CHECK(told.find("after it had to take over") != std::string::npos);
  CHECK(told == story(least, options, 80));
}
