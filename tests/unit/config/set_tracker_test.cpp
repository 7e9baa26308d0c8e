#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Without what is told of everything that is not active yet, and of what nobody tracks.
std::string faults(const Parsed& parsed) {
  std::string text;
  for (const Diagnostic& d : parsed.diagnostics.all())
    if (d.status != Status::not_active && d.text.find("is tracked by nobody") == std::string::npos)
      text += std::to_string(d.position.line) + ":" + std::to_string(d.position.column) + " " +
              std::to_string(static_cast<int>(d.status)) + " " + d.text + "\n";
  return text;
}

std::string script(std::string_view lines) {
  return "vrrp_script s {\n" + std::string(lines) + "\n}\n";
}

VrrpScript only_script(std::string_view lines) {
  const Parsed parsed = read(script(lines));
  CHECK_MESSAGE(faults(parsed).empty(), faults(parsed));
  REQUIRE(parsed.config.vrrp_scripts.size() == 1);
  return parsed.config.vrrp_scripts[0];
}

TEST_CASE("a vrrp_script has keepalived's defaults") {
  const VrrpScript plain = only_script("script /bin/x");
  CHECK(plain.name == "s");
  CHECK(plain.interval == seconds(1));
  CHECK_FALSE(plain.timeout.has_value());
  CHECK(plain.weight == TrackWeight{});
  CHECK(plain.rise == 1);
  CHECK(plain.fall == 1);
  CHECK_FALSE(plain.init_fail);
}

TEST_CASE("a vrrp_script with everything; its user stands before or after the command") {
  for (const char* lines : {"user u g\nscript \"/bin/x a 'b c'\" other\ninterval 0.5\ntimeout 2\nweight -253 reverse\n"
                            "rise 3\nfall 4\ninit_fail",
                            "init_fail\nfall 4\nrise 3\nweight -253 reverse\ntimeout 2\ninterval 0.5\n"
                            "script \"/bin/x a 'b c'\"\nuser u g"}) {
    const Parsed parsed = read(script(lines));
    REQUIRE(parsed.config.vrrp_scripts.size() == 1);
    const VrrpScript& full = parsed.config.vrrp_scripts[0];
    CHECK(full.interval == milliseconds(500));
    CHECK(full.timeout == seconds(2));
    CHECK(full.weight == TrackWeight{-253, true});
    CHECK(full.rise == 3);
    CHECK(full.fall == 4);
    CHECK(full.init_fail);
    const Script& command = parsed.config.scripts.at(*full.script);
    CHECK(command.arguments == std::vector<std::string>{"/bin/x", "a", "b c"});
    CHECK(command.user == "u");
    CHECK(command.group == "g");
  }
}

TEST_CASE("a file test is no command") {
  const VrrpScript test = only_script("script \"</run/x\"");
  CHECK(test.opened_file == "/run/x");
  CHECK_FALSE(test.script.has_value());
  CHECK(faults(read(script("script \"< /run/x\""))) ==
        "1:13 5 vrrp_script 's' has no script: it is left out\n"
        "2:8 5 a file test is '<' and the path of the file: the line is ignored\n");
}

TEST_CASE("a vrrp_script without a command is left out") {
  for (const char* lines : {"", "interval 2", "script \"\"", "user root"}) {
    const Parsed parsed = read(script(lines));
    CHECK(parsed.config.vrrp_scripts.empty());
    CHECK(faults(parsed) == "1:13 5 vrrp_script 's' has no script: it is left out\n");
  }
}

TEST_CASE("times of 0 become a second, weights and counts out of range cost their line") {
  const Parsed parsed = read(script("script /x\ninterval 0\ntimeout 0\nweight 254\nrise 0\nfall x\nweight 3 foo"));
  CHECK(faults(parsed) ==
        "3:10 5 interval 0 becomes 1 s\n4:9 5 timeout 0 becomes 1 s\n"
        "5:8 5 weight must be a whole number, -253 to 253, not '254'\n"
        "6:6 5 rise must be 1 or more, not '0'\n"
        "7:6 5 fall must be a whole number, 1 or more, not 'x'\n"
        "8:1 0 'weight' is written twice: this one counts\n"
        "8:10 5 'foo' is ignored: after a weight stands reverse\n");
  CHECK(parsed.config.vrrp_scripts.at(0).timeout == seconds(1));
  CHECK(parsed.config.vrrp_scripts.at(0).weight.value == 3);
}

TEST_CASE("the first of two objects of one name counts, and keepalived is silent about it") {
  const Parsed parsed =
      read(script("script /a") + script("script /b") + "track_file f {\nfile /a\n}\ntrack_file f {\n" +
           "file /b\n}\nvrrp_track_process p {\nprocess a\n}\nvrrp_track_process p {\nprocess b\n}\n");
  CHECK(faults(parsed) ==
        "4:13 0 there is a vrrp_script 's' already: this one is skipped\n"
        "10:12 0 there is a track_file 'f' already: this one is skipped\n"
        "16:20 0 there is a vrrp_track_process 'p' already: this one is skipped\n");
  CHECK(parsed.config.scripts.size() == 1);
  CHECK(parsed.config.track_files.at(0).file == "/a");
  CHECK(parsed.config.track_processes.at(0).process == "a");
}

TEST_CASE("shell syntax is told at the word that a shell would take") {
  CHECK(
      said(read(script("script \"pidof nginx || exit 1\"")))
          .find("2:21 warning 0: no shell here: '||' is passed to 'pidof' as an argument (write sh -c '...' around the "
                "command, or put it into a script)\n") != std::string::npos);
  for (const char* command : {"a | b", "a && b", "a > b", "a >/dev/null", "a 2>&1", "a < b", "a ; b", "a; b", "a `b`",
                              "a $(b)", "[[ -f x ]]", "! a", "a &"})
    CHECK_MESSAGE(
        said(read(script("script \"" + std::string(command) + "\""))).find("no shell here") != std::string::npos,
        command);
  for (const char* command : {"sh -c 'a | b && c > d'", "[ -f /run/x ]", "a -b --c=d e|f", "grep '>=' x", "a 'b & c'"})
    CHECK_MESSAGE(
        said(read(script("script \"" + std::string(command) + "\""))).find("no shell here") == std::string::npos,
        command);
}

TEST_CASE("a track_file") {
  const Parsed parsed = read(
      "track_file f {\nfile /a\nweight -254 reverse\ninit_file overwrite -5\nfile /b\n}\n"
      "vrrp_track_file g {\nfile /g\n}\ntrack_file h {\nweight 255\ninit_file x\n}\n");
  CHECK(faults(parsed) ==
        "5:1 5 'file' is written twice: the first one counts\n"
        "10:12 5 track_file 'h' has no file: it is left out\n"
        "11:8 5 weight must be a whole number, -254 to 254, not '255'\n"
        "12:11 5 init_file takes a whole number of 32 bits and overwrite, not 'x'\n");
  REQUIRE(parsed.config.track_files.size() == 2);
  CHECK(parsed.config.track_files[0].file == "/a");
  CHECK(parsed.config.track_files[0].weight == TrackWeight{-254, true});
  CHECK(parsed.config.track_files[0].init_file == InitialNumber{-5, true});
  CHECK(parsed.config.track_files[1].weight == TrackWeight{1, false});
  CHECK_FALSE(parsed.config.track_files[1].init_file.has_value());
}

TEST_CASE("a vrrp_track_process") {
  const auto process = [](const char* lines) {
    return read("vrrp_track_process p {\n" + std::string(lines) + "\n}\n");
  };
  const Parsed full = process(
      "process /bin/x -a \"b c\"\nparam_match partial\nweight 254\nquorum 2\nquorum_max 3\n"
      "fork_delay 1\ndelay 2\nterminate_delay 3\nfull_command");
  REQUIRE(full.config.track_processes.size() == 1);
  const TrackProcess& tracker = full.config.track_processes[0];
  CHECK(faults(full).empty());
  CHECK(tracker.parameters == std::vector<std::string>{"-a", "b c"});
  CHECK(tracker.param_match == ParamMatch::partial);
  CHECK(tracker.weight.value == 254);
  CHECK(tracker.quorum == 2);
  CHECK(tracker.quorum_max == 3);
  CHECK(tracker.fork_delay == seconds(2));
  CHECK(tracker.terminate_delay == seconds(3));
  CHECK(tracker.full_command);
  CHECK(process("process x\nparam_match").config.track_processes.at(0).param_match == ParamMatch::exact);
  CHECK(process("process x\nquorum_max 0").config.track_processes.at(0).quorum_max == 0);
  const Parsed low = process("process x\nquorum 5\nquorum_max 3\nparam_match foo");
  CHECK(faults(low) ==
        "1:20 5 vrrp_track_process 'p': quorum_max 3 is below quorum 5\n"
        "5:13 5 param_match takes initial, partial or nothing, not 'foo'\n");
  CHECK_FALSE(low.config.track_processes.at(0).quorum_max.has_value());
  CHECK(faults(process("")) == "1:20 5 vrrp_track_process 'p' has no process: it is left out\n");
}

TEST_CASE("a bfd_instance") {
  const Parsed full = read(
      "bfd_instance b {\nsource_ip 192.0.2.1\nneighbor_ip 192.0.2.2\nmin_rx 1.5\nmin_tx 4294967\n"
      "idle_tx 1000\nmultiplier 255\npassive\nttl 9\nmax_hops -1\nmultihop\nweight 5 reverse\n}\n");
  CHECK(faults(full).empty());
  REQUIRE(full.config.bfd_instances.size() == 1);
  const BfdInstance& bfd = full.config.bfd_instances[0];
  CHECK(bfd.source_ip->to_string() == "192.0.2.1");
  CHECK(bfd.min_rx == std::chrono::microseconds(1500));
  CHECK(bfd.min_tx == milliseconds(4294967));
  CHECK(bfd.multiplier == 255);
  CHECK(bfd.passive);
  CHECK(bfd.ttl == 9);
  CHECK(bfd.max_hops == -1);
  CHECK(bfd.multihop);
  CHECK(bfd.weight == TrackWeight{5, true});
  CHECK_FALSE(bfd.vrrp);
  for (const char* wrong : {"min_rx 0", "min_tx 0.9999", "min_rx 4294968", "idle_tx 999", "min_rx x", "min_tx 1.0005"})
    CHECK(read("bfd_instance b {\nneighbor_ip 192.0.2.2\n" + std::string(wrong) + "\n}\n").diagnostics.exit_status() ==
          5);
}

TEST_CASE("sessions to one neighbour have sources of their own") {
  const auto sessions = [](std::string_view first, std::string_view second) {
    return read("bfd_instance a {\nneighbor_ip 192.0.2.2\n" + std::string(first) + "\n}\nbfd_instance b {\n" +
                std::string(second) + "\nneighbor_ip 192.0.2.2\n}\n");
  };
  CHECK(sessions("source_ip 192.0.2.1", "source_ip 192.0.2.3").config.bfd_instances.size() == 2);
  for (const auto& [first, second] : {std::pair{"", ""},
                                      {"source_ip 192.0.2.1", ""},
                                      {"", "source_ip 192.0.2.1"},
                                      {"source_ip 192.0.2.1", "source_ip 192.0.2.1"}}) {
    const Parsed parsed = sessions(first, second);
    CHECK(parsed.config.bfd_instances.size() == 1);
    CHECK(faults(parsed) ==
          "7:13 5 there is a session between these addresses already: bfd_instance 'b' is left out\n");
  }
}

TEST_CASE("the name of a bfd_instance has 31 octets at most") {
  const auto named = [](std::size_t size) {
    return read("bfd_instance " + std::string(size, 'x') + " {\nneighbor_ip 192.0.2.2\n}\n")
        .config.bfd_instances.size();
  };
  CHECK(named(31) == 1);
  CHECK(named(32) == 0);
}

}  // namespace
}  // namespace baton::config
