// Sync groups and tracking in virtual time: two directors, each with a group of two members on two wires; scripts fail,
// links go down, adverts are lost, priorities change.  What a group promises is checked after every event.
#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "sim/random.hpp"
#include "vrrp/sync_group.hpp"
#include "vrrp/tracking.hpp"

using namespace baton;
using namespace baton::vrrp;
using baton::vrrp::sim::Random;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kMembers = 2;
const TrackKey kScript{TrackKind::script, "chk"};       // without a weight
const TrackKey kWeighed{TrackKind::script, "weighed"};  // of the whole group

struct Member {
  explicit Member(const Params& params) : router(params), base(params.priority) {}
  VirtualRouter router;
  Priority base;
  Tracking tracking;
  Faults faults;
  bool link_up = true;
  bool holds_address = false;
};

/// One daemon with its group, as the daemon's shell drives it.
struct Director {
  std::vector<Member> members;

  [[nodiscard]] std::vector<GroupMember> views() const {
    std::vector<GroupMember> views;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto& router = members[i].router;
      views.push_back({"VI_" + std::to_string(i), router.state(), router.wants_active(), router.wish(),
                       members[i].faults.own_reason()});
    }
    return views;
  }
};

struct Packet {
  std::size_t to = 0, member = 0;
  AdvertisementReceived advertisement;
};

class World {
 public:
  World(std::uint64_t seed, bool preempts) : random_(seed) {
    for (std::size_t d = 0; d < 2; ++d)
      for (std::size_t m = 0; m < kMembers; ++m) {
        Params params;
        params.version = Version::v3;
        params.primary_address = address(d, m);
        params.priority = d == 0 ? Priority{150} : Priority{100};
        params.preempt_mode = preempts;
        params.is_grouped = true;
        directors_[d].members.emplace_back(params);
        directors_[d].members.back().tracking.replace({{kScript, 0, false}, {kWeighed, -80, false}});
      }
  }

  void set_loss(unsigned percent) { loss_ = percent; }
  [[nodiscard]] const Director& director(std::size_t d) const { return directors_[d]; }
  [[nodiscard]] Instant now() const { return now_; }

  /// The first result of every script is what starts a director.
  void script(std::size_t d, const TrackKey& key, bool up) {
    for (std::size_t m = 0; m < kMembers; ++m)
      if (directors_[d].members[m].tracking.set(key, up ? kTrackedUp : kTrackedDown)) assess(d, m);
    check();
  }

  void link(std::size_t d, std::size_t m, bool up) {
    directors_[d].members[m].link_up = up;
    assess(d, m);
    check();
  }

  void run(Duration period) {
    const auto until = now_ + period;
    while (step(until))
      check();
    now_ = until;
  }

  [[nodiscard]] bool is_active(std::size_t d) const {
    return std::ranges::all_of(directors_[d].members,
                               [](const Member& member) { return member.router.state() == State::active; });
  }
  [[nodiscard]] std::uint64_t takeovers() const { return takeovers_; }
  Random& random() { return random_; }

 private:
  static IpAddress address(std::size_t d, std::size_t m) {
    return IpAddress::v4({10, static_cast<std::uint8_t>(m), 0, static_cast<std::uint8_t>(d + 1)});
  }

  bool step(Instant until) {
    std::optional<Instant> next;
    if (!wire_.empty()) next = wire_.begin()->first;
    for (const auto& director : directors_)
      for (const auto& member : director.members)
        if (const auto due = member.router.deadline(); due && (!next || *due < *next)) next = due;
    if (!next || *next > until) return false;
    now_ = std::max(now_, *next);
    if (!wire_.empty() && wire_.begin()->first <= now_) {
      const auto packet = wire_.begin()->second;
      wire_.erase(wire_.begin());
      if (directors_[packet.to].members[packet.member].link_up) feed(packet.to, packet.member, packet.advertisement);
      return true;
    }
    for (std::size_t d = 0; d < 2; ++d)
      for (std::size_t m = 0; m < kMembers; ++m)
        if (const auto due = directors_[d].members[m].router.deadline(); due && *due <= now_) feed(d, m, Tick{});
    return true;
  }

  void assess(std::size_t d, std::size_t m) {
    auto& director = directors_[d];
    auto& cause = director.members[m];
    cause.faults.set(Faults::Kind::link, cause.link_up ? "" : "its link is down");
    cause.faults.set(Faults::Kind::tracking, cause.tracking.fault().value_or(""));
    const auto views = director.views();
    for (std::size_t i = 0; i < kMembers; ++i)
      director.members[i].faults.set(Faults::Kind::group, group_fault(views, i));
    const bool waits = std::ranges::any_of(director.members, [](const Member& each) { return each.tracking.waits(); });
    for (std::size_t i = 0; i < kMembers; ++i)
      apply(d, (m + i) % kMembers, waits);
  }

  void apply(std::size_t d, std::size_t m, bool waits) {
    auto& member = directors_[d].members[m];
    const auto state = member.router.state();
    feed(d, m, PriorityChanged{member.tracking.effective(member.base), "tracking"});
    if (const auto& fault = member.faults.reason(); !fault.empty()) {
      if (state != State::fault) feed(d, m, InterfaceDown{fault});
      return;
    }
    if (waits) return;
    if (state == State::initialize) feed(d, m, Startup{});
    if (state == State::fault) feed(d, m, InterfaceUp{address(d, m), "all is well"});
  }

  void feed(std::size_t d, std::size_t m, const Event& event) {
    auto& member = directors_[d].members[m];
    const auto before = member.router.state();
    const bool wanted = member.router.wants_active();
    std::vector<Action> actions;
    member.router.handle(event, now_, actions);
    for (const auto& action : actions)
      carry_out(d, m, action);
    if (before == member.router.state() && wanted == member.router.wants_active()) return;
    if (member.router.state() == State::active) ++takeovers_;
    for (const auto& order : settle(directors_[d].views(), m))
      feed(d, order.member, order.event);
  }

  void carry_out(std::size_t d, std::size_t m, const Action& action) {
    auto& member = directors_[d].members[m];
    if (std::holds_alternative<AcquireAddresses>(action)) member.holds_address = true;
    if (std::holds_alternative<ReleaseAddresses>(action)) member.holds_address = false;
    if (const auto* change = std::get_if<StateChanged>(&action)) CHECK_FALSE(change->reason.empty());
    const auto* advert = std::get_if<SendAdvertisement>(&action);
    if (advert == nullptr || !member.link_up || random_.below(100) < loss_) return;
    wire_.emplace(now_ + 1ms,
                  Packet{1 - d, m, {address(d, m), advert->priority, member.router.params().advertisement_interval}});
  }

  /// What holds whenever a director has done its work.
  void check() {
    for (const auto& director : directors_) {
      const auto count = [&](State state) {
        return std::ranges::count_if(director.members,
                                     [&](const Member& member) { return member.router.state() == state; });
      };
      // No member is active alone, and none in FAULT alone.
      REQUIRE((count(State::active) == 0 || count(State::active) == kMembers));
      REQUIRE((count(State::fault) == 0 || count(State::fault) == kMembers));
      for (const auto& member : director.members) {
        REQUIRE((member.router.state() == State::active) == member.holds_address);
        REQUIRE((member.router.state() == State::fault) == !member.faults.reason().empty());
        REQUIRE(member.router.params().priority == member.tracking.effective(member.base));
      }
    }
  }

  std::array<Director, 2> directors_;
  std::multimap<Instant, Packet> wire_;
  Instant now_ = Instant{} + 1h;
  Random random_;
  unsigned loss_ = 0;
  std::uint64_t takeovers_ = 0;
};

void begin(World& world) {
  for (std::size_t d = 0; d < 2; ++d)
    for (const auto& key : {kWeighed, kScript})
      world.script(d, key, true);
}

}  // namespace

TEST_CASE("a group waits for its scripts, becomes active as one, and gives way as one") {
  World world(1, true);
  world.run(10s);
  CHECK(world.director(0).members[0].router.state() == State::initialize);
  begin(world);
  world.run(5s);
  CHECK(world.is_active(0));
  world.link(0, 1, false);
  CHECK(world.director(0).members[0].router.state() == State::fault);
  world.run(5s);
  CHECK(world.is_active(1));
  world.link(0, 1, true);
  world.run(5s);
  CHECK(world.is_active(0));
  world.script(0, kWeighed, false);  // 70 against 100
  world.run(5s);
  CHECK(world.is_active(1));
  world.script(0, kScript, false);
  CHECK(world.director(0).members[1].router.state() == State::fault);
}

TEST_CASE("whatever happens, members of a group keep together, and in peace the better director is active") {
  std::uint64_t takeovers = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    const bool preempts = seed % 3 != 0;
    World world(seed, preempts);
    begin(world);
    std::array<bool, 2> weighed{true, true};
    for (int turn = 0; turn < 60; ++turn) {
      world.set_loss(world.random().below(4) == 0 ? 30 : 0);
      const auto d = std::size_t{world.random().below(2)};
      const bool up = world.random().below(2) == 1;
      switch (world.random().below(4)) {
        case 0: world.link(d, std::size_t{world.random().below(2)}, up); break;
        case 1: world.script(d, kScript, up); break;
        case 2: world.script(d, kWeighed, weighed.at(d) = up); break;
        default: break;
      }
      world.run(world.random().between(1ms, 6s));
    }
    world.set_loss(0);
    for (std::size_t d = 0; d < 2; ++d) {
      world.script(d, kScript, true);
      for (std::size_t m = 0; m < kMembers; ++m)
        world.link(d, m, true);
    }
    world.run(30s);
    CHECK(world.is_active(0) != world.is_active(1));
    const int ours = weighed[0] ? 150 : 70, theirs = weighed[1] ? 100 : 20;
    if (preempts) CHECK(world.is_active(0) == (ours > theirs));
    takeovers += world.takeovers();
  }
  CHECK(takeovers > 1000);
}
