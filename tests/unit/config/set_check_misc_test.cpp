#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "unit/config/checks.hpp"

namespace baton::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("a MISC_CHECK, all of it") {
  const Parsed parsed = read(check("MISC_CHECK",
                                   "user nobody nogroup\nmisc_path \"/x 'a b' c\"\nmisc_timeout 9\n"
                                   "misc_dynamic\nretry 2\ndelay_before_retry 3\nwarmup 4"));
  CHECK(parsed.diagnostics.all().empty());
  const auto misc = only<MiscCheck>(parsed);
  const Script& script = parsed.config.scripts.at(misc.misc_path);
  CHECK(script.arguments == std::vector<std::string>{"/x", "a b", "c"});
  CHECK(script.user == "nobody");
  CHECK(script.group == "nogroup");
  CHECK(misc.misc_timeout == seconds(9));
  CHECK(misc.misc_dynamic);
  CHECK(misc.timing.retry == 2);
  CHECK(misc.timing.delay_before_retry == seconds(3));
  CHECK(misc.timing.warmup == seconds(4));
}

TEST_CASE("it is not tried again, and its time is the virtual server's delay_loop in whole seconds") {
  CHECK(only<MiscCheck>(read(check("MISC_CHECK", "misc_path /x"))).timing.retry == 0);
  const auto timeout = [](const std::string& server, const std::string& lines) {
    const Parsed parsed = read("virtual_server 10.0.0.1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n" + server +
                               "\nreal_server 10.0.0.2 80 {\ndelay_loop 3\nMISC_CHECK {\nmisc_path /x\ndelay_loop 2\n" +
                               lines + "\n}\n}\n}\n");
    return only<MiscCheck>(parsed).misc_timeout;
  };
  CHECK(timeout("delay_loop 8", "") == seconds(8));
  CHECK(timeout("delay_loop 0.5", "") == seconds(1));
  CHECK(timeout("delay_loop 8", "misc_timeout 0") == seconds(8));
  CHECK(timeout("", "") == seconds(60));
}

TEST_CASE("without a command there is no check") {
  for (const char* lines : {"", "retry 1", "misc_path", "misc_path \"\"", "user root"}) {
    const Parsed parsed = read(check("MISC_CHECK", lines));
    CHECK(said(parsed).find("6:1 error 5: the MISC_CHECK has no misc_path: it is left out") != std::string::npos);
    CHECK(parsed.diagnostics.exit_status() == 5);
    CHECK(checks(parsed).empty());
  }
}

TEST_CASE("what follows the command is neither argument nor user") {
  const Parsed parsed = read(check("MISC_CHECK", "misc_path /x root"));
  CHECK(said(parsed).find("7:11 warning 0: misc_path: 'root' after the command is ignored (write the whole command in "
                          "double quotes to pass arguments; its user has a line of its own") != std::string::npos);
  CHECK(parsed.config.scripts.at(only<MiscCheck>(parsed).misc_path).user.empty());
}

TEST_CASE("the user, and the group, which may ask for all groups of the user") {
  const auto owner = [](const std::string& line) {
    const Parsed parsed = read(check("MISC_CHECK", "misc_path /x\n" + line));
    const Script& script = parsed.config.scripts.at(only<MiscCheck>(parsed).misc_path);
    return script.user + "/" + script.group;
  };
  CHECK(owner("user a") == "a/");
  CHECK(owner("user a b") == "a/b");
  CHECK(owner("user a :b") == "a/:b");
  CHECK(owner("user a b\nuser c") == "c/");
  CHECK(said(read(check("MISC_CHECK", "misc_path /x\nuser"))).find("8:1 error 5: 'user' lacks its value") !=
        std::string::npos);
}

TEST_CASE("the printed form keeps user and command apart") {
  const std::string once = dump(read(check("MISC_CHECK", "misc_path \"/x 'a b'\"\nuser nobody nogroup")).config);
  CHECK(once.find("misc_path \"/x 'a b'\"\n") != std::string::npos);
  CHECK(once.find("user nobody nogroup\n") != std::string::npos);
  CHECK(dump(read(once).config) == once);
}

}  // namespace
}  // namespace baton::config
