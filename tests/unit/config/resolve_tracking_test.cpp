#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

/// Without what is told of everything that is not active yet.
std::string faults(const Parsed& parsed) {
  std::string text;
  for (const Diagnostic& d : parsed.diagnostics.all())
    if (d.status != Status::not_active)
      text += std::to_string(d.position.line) + ":" + std::to_string(d.position.column) + " " +
              std::to_string(static_cast<int>(d.status)) + " " + d.text + (d.hint.empty() ? "" : " (" + d.hint + ")") +
              "\n";
  return text;
}

constexpr std::string_view kScript = "vrrp_script chk {\nscript /x\nweight -7 reverse\n}\n";

/// An instance that tracks the script of kScript; the entry stands in line 10.
Parsed tracking(std::string_view entry) {
  return read(std::string(kScript) + instance("track_script {\n" + std::string(entry) + "\n}"));
}

const std::vector<Tracked>& scripts(const Parsed& parsed) {
  return parsed.config.vrrp_instances.at(0).tracking.scripts;
}

TEST_CASE("an entry has the weight of its object unless it has one of its own") {
  const auto weight = [](std::string_view entry) {
    const Parsed parsed = tracking(entry);
    CHECK_MESSAGE(faults(parsed).empty(), faults(parsed));
    REQUIRE(scripts(parsed).size() == 1);
    CHECK(scripts(parsed)[0].object == 0);
    return scripts(parsed)[0].weight;
  };
  CHECK(weight("chk") == TrackWeight{-7, true});
  CHECK(weight("chk weight 5") == TrackWeight{5, true});
  CHECK(weight("chk weight 5 noreverse") == TrackWeight{5, false});
  CHECK(weight("chk weight -253 reverse") == TrackWeight{-253, true});
  CHECK(weight("chk weight 0") == TrackWeight{0, true});
}

TEST_CASE("weights beyond the range") {
  CHECK(faults(tracking("chk weight 254")) == "10:12 5 a weight is -253 to 253: 254 becomes 253\n");
  CHECK(scripts(tracking("chk weight -254")).at(0).weight.value == -253);
  const Parsed far = tracking("chk weight 255");
  CHECK(faults(far) ==
        "10:12 5 a weight is a whole number, -253 to 253, not '255' (it is tracked with the weight that its own block "
        "gives)\n");
  CHECK(scripts(far).at(0).weight.value == -7);
  CHECK(faults(tracking("chk weight - 2")).find("10:12 5 a weight is a whole number, -253 to 253, not '-'") == 0);
}

TEST_CASE("what is no entry is skipped") {
  CHECK(faults(tracking("chk weight")).find("10:5 5 'weight' lacks its value: the entry is skipped") == 0);
  CHECK(faults(tracking("chk wieght 5")).find("(did you mean 'weight'?)") != std::string::npos);
  CHECK(faults(tracking("chk weight=5")).find("(write chk weight 5)") != std::string::npos);
  CHECK(faults(tracking("chk 5")).find("(write chk weight 5)") != std::string::npos);
  CHECK(faults(tracking("chk reverse")).find("(it follows a weight: chk weight N reverse)") != std::string::npos);
  CHECK(scripts(tracking("chk frob")).empty());
  CHECK(faults(tracking("chk weight 5 revers")).find("10:14 5 'revers' is ignored") == 0);
  CHECK(scripts(tracking("chk weight 5 revers")).size() == 1);
}

TEST_CASE("the order of definition does not matter, and keepalived's is told") {
  const Parsed parsed = read(instance("track_script {\nchk\n}") + std::string(kScript));
  REQUIRE(scripts(parsed).size() == 1);
  CHECK(scripts(parsed)[0].weight.value == -7);
  CHECK(faults(parsed) ==
        "6:1 0 vrrp_script 'chk' is defined later, in line 12 (keepalived does not find it then; define it before the "
        "instances that track it)\n");
}

TEST_CASE("unknown names are told with the nearest one, and untracked scripts with the name that was meant") {
  const Parsed parsed = tracking("chkk");
  CHECK(faults(parsed) ==
        "1:13 0 vrrp_script 'chk' is tracked by nobody: it has no effect ('chkk' in line 10 was perhaps meant to be "
        "it)\n10:1 5 there is no vrrp_script 'chkk': it is not tracked (did you mean 'chk'?)\n");
  CHECK(scripts(parsed).empty());
  CHECK(faults(read(std::string(kScript))) ==
        "1:13 0 vrrp_script 'chk' is tracked by nobody: it has no effect (write track_script { chk } into a "
        "vrrp_instance)\n");
}

TEST_CASE("duplicates and the instance's own interface are skipped") {
  CHECK(faults(tracking("chk\nchk weight 5")) == "11:1 5 track_script 'chk' is written twice: this entry is skipped\n");
  const Parsed parsed = read(instance("track_interface {\neth0\neth1 weight -254\neth1\n}"));
  CHECK(faults(parsed) ==
        "6:1 5 'eth0' is the interface of the instance: the entry is skipped (it is tracked anyway: when it goes down "
        "the instance is in FAULT)\n"
        "7:13 5 a weight is -253 to 253: -254 becomes -253\n"
        "8:1 5 track_interface 'eth1' is written twice: this entry is skipped\n");
  CHECK(parsed.config.vrrp_instances.at(0).tracking.interfaces.at(0).weight.value == -253);
}

TEST_CASE("priority 255 ignores weights, not failures that mean FAULT") {
  const auto owner = [](std::string_view entry) {
    return read("vrrp_script chk {\nscript /x\n}\n" +
                instance("priority 255\ntrack_script {\n" + std::string(entry) + "\n}"));
  };
  CHECK(scripts(owner("chk")).size() == 1);
  CHECK(scripts(owner("chk weight 5")).empty());
  CHECK(faults(owner("chk weight 5")).find("priority 255 ignores weights: the entry is skipped") != std::string::npos);
}

TEST_CASE("a bfd_instance that tells the checkers only cannot be tracked") {
  const auto bfd = [](std::string_view line) {
    return read("bfd_instance b {\nneighbor_ip 192.0.2.2\n" + std::string(line) + "\n}\n" +
                instance("track_bfd {\nb\n}"));
  };
  CHECK(bfd("").config.vrrp_instances.at(0).tracking.bfds.size() == 1);
  CHECK(bfd("vrrp\nchecker").config.vrrp_instances.at(0).tracking.bfds.size() == 1);
  CHECK(bfd("checker").config.vrrp_instances.at(0).tracking.bfds.empty());
  CHECK(bfd("checker").diagnostics.exit_status() == 5);
}

TEST_CASE("nothing follows a track_group without members, so that the normalised configuration names none") {
  const Parsed parsed = read(
      "track_group g {\ngroup {\nnobody\n}\n}\n"
      "static_routes {\n10.1.0.0/16 dev eth0 track_group g\n}\n"
      "static_rules {\nfrom 10.0.0.0/8 table 100 preference 1000 track_group g\n}\n");
  CHECK(parsed.config.track_groups.empty());
  REQUIRE(parsed.config.static_routes.size() == 1);
  CHECK(parsed.config.static_routes[0].track_group.empty());
  REQUIRE(parsed.config.static_rules.size() == 1);
  CHECK(parsed.config.static_rules[0].track_group.empty());
}

TEST_CASE("a track_group keeps the members that there are, and goes when there are none") {
  const Parsed parsed = read("track_group g {\ngroup {\nA B\nC\n}\n}\ntrack_group h {\ngroup {\nB\n}\n}\n" +
                             instance("") + "track_group g {\ngroup {\nA\n}\n}\n");
  REQUIRE(parsed.config.track_groups.size() == 1);
  CHECK(parsed.config.track_groups[0].instances == std::vector<std::string>{"A"});
  CHECK(faults(parsed) ==
        "3:3 0 there is no vrrp_instance 'B': it is no member\n4:1 0 there is no vrrp_instance 'C': it is no member\n"
        "7:13 0 track_group 'h' has no members: it has no effect\n"
        "9:1 0 there is no vrrp_instance 'B': it is no member\n"
        "21:13 5 there is a track_group 'g' already: this one is skipped (the other one is in line 1)\n");
}

TEST_CASE("names that read as keywords survive a dump") {
  const Parsed parsed = read("vrrp_script \"state\" {\nscript /x\n}\n" + instance("track_script {\n\"state\"\n}"));
  REQUIRE(scripts(parsed).size() == 1);
  const std::string once = dump(parsed.config);
  CHECK(dump(read(once).config) == once);
  CHECK(once.find("\"state\" weight 0\n") != std::string::npos);
}

TEST_CASE("the block of track_interface is missing: what follows keeps its meaning") {
  const Parsed parsed = read(instance("track_interface eth1\nauthentication {\nauth_type PASS\nauth_pass 1\n}"));
  CHECK(faults(parsed) ==
        "5:17 5 'track_interface' needs a block: a '{' is missing (write track_interface { eth1 })\n");
  CHECK(parsed.config.vrrp_instances.at(0).auth_pass == "1");
}

TEST_CASE("the dump of everything that can be tracked or routed reads back as the same, without a word") {
  for (const char* name : {"tracking", "routes"}) {
    std::ifstream file(std::filesystem::path(BATON_SOURCE_DIR) / "tests/golden/config" / (std::string(name) + ".conf"));
    std::ostringstream text;
    text << file.rdbuf();
    const std::string once = dump(read(text.str()).config);
    CHECK(once.size() > 1000);
    const Parsed again = read(once);
    CHECK_MESSAGE(faults(again).empty(), faults(again));
    CHECK(dump(again.config) == once);
  }
}

TEST_CASE("ten thousand entries take no longer than they should") {
  std::string text;
  std::string entries;
  for (int i = 0; i < 10000; ++i) {
    text += "vrrp_script s" + std::to_string(i) + " {\nscript /x\n}\n";
    entries += "s" + std::to_string(i) + "\nu" + std::to_string(i) + "\n";
  }
  const Parsed parsed = read(text + instance("track_script {\n" + entries + "}"));
  CHECK(scripts(parsed).size() == 10000);
  CHECK(parsed.diagnostics.exit_status() == 5);
}

}  // namespace
}  // namespace baton::config
