#include "daemon/server_health.hpp"

#include <limits>
#include <string>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;

namespace {

using Verdicts = std::vector<Verdict>;

const ipvs::ServiceKey kService{Family::ipv4, ipvs::Protocol::tcp, IpAddress::v4({192, 0, 2, 1}), 80, 0};
const ipvs::ServiceKey kOther{Family::ipv4, ipvs::Protocol::tcp, IpAddress::v4({192, 0, 2, 2}), 80, 0};
constexpr SourceId kFirst{1};
constexpr SourceId kSecond{2};
const Effect kDynamic{.kind = Effect::Kind::dynamic};

ipvs::DestKey server(std::uint8_t octet) {
  return {IpAddress::v4({10, 0, 0, octet}), 80};
}

Effect file(std::int32_t factor, bool is_reversed = false) {
  return {.kind = Effect::Kind::file, .factor = factor, .is_reversed = is_reversed};
}

/// A table of one server with these sources.
ServerHealth watching(std::initializer_list<std::pair<SourceId, Effect>> sources, bool alpha = false,
                      std::uint16_t weight = 10) {
  ServerHealth health;
  health.add_service(kService);
  health.add_server(server(1), weight);
  for (const auto& [source, effect] : sources)
    health.add_source(source, effect, alpha);
  return health;
}

ServerHealth begun(ServerHealth health) {
  Verdicts out;
  health.succeed({}, out);
  CHECK(out.empty());
  return health;
}

/// What a result makes known of the only server: "up 7", "down", "" for nothing.
std::string after(ServerHealth& health, SourceId source, bool up, std::optional<std::int32_t> number = {}) {
  Verdicts out;
  health.record(source, up, number, "because", out);
  if (out.empty()) return {};
  CHECK(out.size() == 1);
  CHECK(out[0].reason == "because");
  return (out[0].up ? "up" : "down") + (out[0].weight ? ' ' + std::to_string(*out[0].weight) : std::string());
}

}  // namespace

TEST_CASE("one failed check of two takes the server down, and only both up bring it back") {
  auto health = begun(watching({{kFirst, {}}, {kSecond, {}}}));
  CHECK(after(health, kFirst, true).empty());
  CHECK(after(health, kFirst, false) == "down");
  CHECK(after(health, kSecond, false).empty());
  CHECK(after(health, kFirst, true).empty());
  CHECK(after(health, kSecond, true) == "up");
  CHECK(after(health, SourceId{9}, false).empty());
}

TEST_CASE("a source that several servers use is told of for each of them") {
  ServerHealth health;
  health.add_service(kService);
  health.add_server(server(1), 1);
  health.add_source(kFirst, {}, false);
  health.add_server(server(2), 1);
  health.add_source(kSecond, {}, false);
  health.add_service(kOther);
  health.add_server(server(1), 1);
  health.add_source(kFirst, {}, false);
  health = begun(std::move(health));
  Verdicts out;
  health.record(kFirst, false, {}, "", out);
  REQUIRE(out.size() == 2);
  CHECK(out[0].service == kService);
  CHECK(out[1].service == kOther);
  CHECK(out[1].server == server(1));
  CHECK(health.users(kFirst).size() == 2);
  CHECK(health.services_of(kSecond) == std::vector{kService});
  CHECK(health.sources(kService) == std::vector{kFirst, kSecond});
  CHECK(health.verdicts().size() == 2);
}

TEST_CASE("alpha: down until the first success, and a first failure is told") {
  auto health = begun(watching({{kFirst, {}}, {kSecond, {}}}, true));
  CHECK(after(health, kFirst, true).empty());  // the other one still waits: nothing to say
  CHECK(health.verdicts().empty());
  CHECK(after(health, kSecond, false) == "down");
  CHECK(after(health, kSecond, false).empty());
  CHECK(after(health, kSecond, true) == "up");
}

TEST_CASE("misc_dynamic: the exit status gives the weight, 0 gives it back, a failure keeps it") {
  auto health = begun(watching({{kFirst, kDynamic}}));
  CHECK(after(health, kFirst, true, 0).empty());
  CHECK(after(health, kFirst, true, 9) == "up 7");
  CHECK(after(health, kFirst, true, 9).empty());
  CHECK(after(health, kFirst, false) == "down 7");
  CHECK(after(health, kFirst, true, 255) == "up 253");
  CHECK(after(health, kFirst, true, 2) == "up 0");
  CHECK(after(health, kFirst, true, 12) == "up");
  CHECK(after(health, kFirst, true, 5) == "up 3");
  CHECK(after(health, kFirst, true, 0) == "up");
}

TEST_CASE("a tracked file adds to the weight; its lowest number, or any without a weight, is a failure") {
  auto health = begun(watching({{kFirst, file(2)}}));
  CHECK(after(health, kFirst, true, 0).empty());
  CHECK(after(health, kFirst, true, 3) == "up 16");
  CHECK(after(health, kFirst, true, -4) == "up 2");
  CHECK(after(health, kFirst, true, -200) == "up 0");
  CHECK(after(health, kFirst, true, 100000) == "up 65535");
  CHECK(after(health, kFirst, true, std::numeric_limits<std::int32_t>::min()) == "down");
  CHECK(after(health, kFirst, true, 0) == "up");
  auto reversed = begun(watching({{kFirst, file(1, true)}}));
  CHECK(after(reversed, kFirst, true, 3) == "up 7");
  auto plain = begun(watching({{kFirst, file(0)}}));
  CHECK(after(plain, kFirst, true, 5) == "down");
  CHECK(after(plain, kFirst, true, 0) == "up");
  auto both = begun(watching({{kFirst, file(1)}, {kSecond, kDynamic}}));
  CHECK(after(both, kFirst, true, 5) == "up 15");
  CHECK(after(both, kSecond, true, 4) == "up 7");
  auto two = begun(watching({{kFirst, kDynamic}, {kSecond, kDynamic}}));
  CHECK(after(two, kFirst, true, 22) == "up 20");
  CHECK(after(two, kSecond, true, 0).empty());
}

TEST_CASE("a reload keeps what is known of a source, and other checks begin as the server was") {
  auto health = begun(watching({{kFirst, {}}}));
  CHECK(after(health, kFirst, false) == "down");
  Verdicts out;
  auto same = watching({{kFirst, {}}});
  same.succeed(health, out);
  CHECK(out.empty());
  CHECK(after(same, kFirst, true) == "up");

  auto changed = watching({{kSecond, {}}});
  changed.succeed(health, out);
  CHECK(out.empty());  // still down
  CHECK(after(changed, kSecond, false).empty());
  CHECK(after(changed, kSecond, true) == "up");

  // The check that failed is gone, the one that stays has passed.
  auto two = begun(watching({{kFirst, {}}, {kSecond, {}}}));
  after(two, kSecond, true);
  CHECK(after(two, kFirst, false) == "down");
  auto one = watching({{kSecond, {}}});
  one.succeed(two, out);
  REQUIRE(out.size() == 1);
  CHECK(out[0].up);
}

TEST_CASE("a reload that takes the dynamic check away takes its weight away") {
  auto health = begun(watching({{kFirst, kDynamic}}));
  CHECK(after(health, kFirst, true, 5) == "up 3");
  Verdicts out;
  auto kept = watching({{kSecond, kDynamic}});  // another script
  kept.succeed(health, out);
  CHECK(out.empty());
  auto gone = watching({{kSecond, {}}});
  gone.succeed(health, out);
  REQUIRE(out.size() == 1);
  CHECK_FALSE(out[0].weight);
}

TEST_CASE("what another process held is believed until there is a result") {
  auto health = begun(watching({{kFirst, kDynamic}}));
  Verdict held;
  held.service = kService;
  held.server = server(1);
  held.weight = 4;
  CHECK(health.believe(held) == std::vector{kFirst});
  const MemberKey member{kService, server(1)};
  CHECK_FALSE(health.is_judged(member));
  REQUIRE(health.verdict(member));
  CHECK_FALSE(health.verdict(member)->up);
  CHECK(health.verdict(member)->weight == 4);
  CHECK(after(health, kFirst, false).empty());
  CHECK(health.is_judged(member));
  CHECK(health.believe(held).empty());
  CHECK(after(health, kFirst, true, 0) == "up");
  held.server = server(2);
  CHECK(health.believe(held).empty());
  CHECK_FALSE(health.verdict({kService, server(2)}));
}
