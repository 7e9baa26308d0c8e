#include "sim/story.hpp"

#include <utility>

namespace baton::vrrp::sim {

using namespace std::chrono_literals;

namespace {

constexpr int kMostRuns = 2000;

bool breaks(const Scenario& scenario, World::Options options, Promise promise) {
  World world(scenario, options);
  world.run();
  return world.broken() == promise;
}

}  // namespace

Scenario shrunk(Scenario scenario, World::Options options, Promise broken) {
  options.trace = false;
  int runs = 0;
  for (bool again = true; again && runs < kMostRuns;) {
    again = false;
    for (std::size_t i = scenario.faults.size(); i-- > 0 && runs < kMostRuns; ++runs) {
      auto fewer = scenario;
      fewer.faults.erase(fewer.faults.begin() + static_cast<std::ptrdiff_t>(i));
      if (!breaks(fewer, options, broken)) continue;
      scenario = std::move(fewer);
      again = true;
    }
  }
  return scenario;
}

std::string story(const Scenario& scenario, World::Options options, std::size_t lines) {
  options.trace = true;
  World world(scenario, options);
  const auto broken = world.run();
  auto result = words(scenario);
  for (const auto& fault : scenario.faults)
    result += words(scenario, fault) + "\n";
  const auto& trace = world.trace();
  for (auto i = trace.size() > lines ? trace.size() - lines : 0; i < trace.size(); ++i)
    result += trace[i] + "\n";
  return result + broken;
}

std::vector<Change> changes(const World& world) {
  std::vector<Change> result;
  for (const auto& line : world.trace())
    for (const auto state : {State::backup, State::active, State::fault, State::initialize})
      if (line.find(std::string("  ") + users_name(state) + ": ") != std::string::npos)
        result.push_back({static_cast<DirectorId>(line[15] - '1'),
                          line[16] == '.' ? static_cast<unsigned>(line[17] - '1') : 0, state,
                          std::chrono::duration_cast<Duration>(std::chrono::duration<double>(std::stod(line)))});
  return result;
}

std::optional<Duration> entered(const World& world, DirectorId director, State state, unsigned wire) {
  std::optional<Duration> result;
  for (const auto& change : changes(world))
    if (change.director == director && change.wire == wire && change.to == state) result = change.when;
  return result;
}

Params director(unsigned number, Priority priority, Version version) {
  Params params;
  params.primary_address = IpAddress::v4(0x0a000000U + number);
  params.version = version;
  params.priority = priority;
  return params;
}

Scenario pair(Version version) {
  Scenario scenario;
  scenario.directors = {director(1, 100, version), director(2, 50, version)};
  scenario.starts = {Instant{}, Instant{}};
  scenario.end = Instant{} + 60s;
  return scenario;
}

Fault fault(Fault::Kind kind, DirectorId director, Duration begin, Duration end) {
  Fault result;
  result.kind = kind;
  result.director = director;
  result.begin = Instant{} + begin;
  result.end = Instant{} + end;
  return result;
}

}  // namespace baton::vrrp::sim
