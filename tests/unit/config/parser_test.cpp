#include "config/parser.hpp"

#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

std::string dumped(std::string_view text) {
  const Parsed parsed = read(text);
  CHECK_MESSAGE(said(parsed).empty(), said(parsed));
  return dump(parsed.config);
}

TEST_CASE("a block may open on its keyword's line, on the next, or be written on one line") {
  const std::string usual = dumped("global_defs {\nrouter_id a\nvrrp_version 3\n}\n");
  CHECK(usual.find("router_id a\n") != std::string::npos);
  CHECK(dumped("global_defs\n{\nrouter_id a\nvrrp_version 3\n}\n") == usual);
  CHECK(dumped("global_defs # comment\n\n ! more\n{ # here\nrouter_id a\nvrrp_version 3 }") == usual);
  CHECK(dumped("global_defs{router_id a\nvrrp_version 3}") == usual);
  CHECK(dumped("\"global_defs\" { \"router_id\" \"a\"\n \"vrrp_version\" \"3\" }") == usual);
  CHECK(dumped("global_defs {\nrouter_id a\n}\nglobal_defs {\nvrrp_version 3\n}\n") == usual);
}

TEST_CASE("lists take a line for an entry, or every word of it") {
  const Parsed parsed = read("global_defs {\nnotification_email { a@b c@d }\nnotification_email\n{\n\"e f\"\n}\n}\n");
  CHECK(said(parsed).empty());
  CHECK(parsed.config.global.mail.notification_email == std::vector<std::string>{"a@b", "c@d", "e f"});
  const Parsed two = read(addresses("192.0.2.10\n192.0.2.11"));
  CHECK(said(two).empty());
  CHECK(two.config.vrrp_instances.at(0).virtual_addresses.size() == 2);
}

TEST_CASE("the name of a script's keyword does not make escapes of a list's words") {
  const Parsed parsed = read("global_defs {\nnotification_email {\nnotify_master \"a\\\" b\n}\n}\n");
  CHECK(parsed.config.global.mail.notification_email == std::vector<std::string>{"notify_master", "a\\", "b"});
}

TEST_CASE("nothing at all is a configuration") {
  CHECK(said(read("")).empty());
  CHECK(said(read("# comment only")).empty());
}

TEST_CASE("an unknown keyword costs its line") {
  const Parsed parsed = read(instance("frobnicate 1 2\npriority 7"));
  CHECK(said(parsed).starts_with("5:1 error 5: unknown keyword 'frobnicate'\n"));
  CHECK(parsed.config.vrrp_instances.at(0).priority == 7);
  CHECK(parsed.diagnostics.exit_status() == 5);
}

TEST_CASE("an unknown block is skipped whole with one diagnostic, whatever is in it") {
  const std::string inside = " {\nc d {\ne }\n\"f\" {\n}\n}\n";
  CHECK(said(read(instance("wibble 3" + inside))) == "5:1 error 5: unknown keyword 'wibble'\n");
  CHECK(said(read(instance("wibble 3\n" + inside))) == "5:1 error 5: unknown keyword 'wibble'\n");
  CHECK(said(read("wibble" + inside + instance(""))) == "1:1 error 5: unknown keyword 'wibble'\n");
  CHECK(read("wibble" + inside + instance("")).config.vrrp_instances.size() == 1);
}

TEST_CASE("the block of a rejected header is skipped, what follows is read") {
  const Parsed parsed = read("vrrp_instance A B {\npriority 300\n}\n" + instance(""));
  CHECK(
      said(parsed) ==
      "1:17 error 5: vrrp_instance has one name: the block is skipped (a name with blanks stands in double quotes)\n");
  CHECK(parsed.config.vrrp_instances.size() == 1);
  CHECK(said(read("vrrp_instance {\ninterface eth0\n}\n")) ==
        "1:1 error 5: 'vrrp_instance' lacks its value: the block is skipped (vrrp_instance <name> { })\n");
  CHECK(read("virtual_server {\nx\n}\n").diagnostics.exit_status() == 2);
  CHECK(read("virtual_server\n{\nx\n}\n").diagnostics.all().size() == 1);
}

TEST_CASE("a missing value costs its line") {
  const Parsed parsed = read(instance("priority\nadvert_int 2"));
  CHECK(said(parsed) == "5:1 error 2: 'priority' lacks its value: the line is ignored (priority <int:1-255>)\n");
  CHECK(parsed.config.vrrp_instances.at(0).priority == 100);
  CHECK(parsed.config.vrrp_instances.at(0).advert_int == std::chrono::seconds(2));
  CHECK(parsed.diagnostics.exit_status() == 2);
  CHECK(parsed.diagnostics.refusal() == 0);
}

TEST_CASE("words too many are pointed out, and keep their meaning: none") {
  CHECK(said(read(instance("advert_int 2 3"))) == "5:14 warning 0: '3' is ignored: 'advert_int' takes one value\n");
  CHECK(
      said(read(server("inhibit_on_failure off"))) ==
      "5:20 warning 0: 'off' is ignored: 'inhibit_on_failure' takes no value (to switch it off leave the line out)\n");
  CHECK(said(read("global_defs x {\n}\n")) ==
        "1:13 warning 0: what stands between 'global_defs' and its '{' is ignored\n");
  const Parsed list =
      read("vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress x {\n192.0.2.1\n}\n}\n");
  CHECK(said(list) == "4:19 warning 5: what stands between 'virtual_ipaddress' and its '{' is ignored\n");
}

TEST_CASE("a keyword that is written twice is reported with the other line; the last one counts") {
  const Parsed parsed = read(instance("priority 7\npriority 8"));
  CHECK(said(parsed) ==
        "5:1 warning 0: 'priority' is written twice: this one counts (the other one is in line 4)\n"
        "6:1 warning 0: 'priority' is written twice: this one counts (the other one is in line 5)\n");
  CHECK(parsed.config.vrrp_instances.at(0).priority == 8);
  CHECK(parsed.diagnostics.exit_status() == 0);
}

TEST_CASE("of two notify scripts the first one counts") {
  const Parsed parsed = read(instance("notify_master /a\nnotify_master /b"));
  CHECK(said(parsed) ==
        "6:1 warning 5: 'notify_master' is written twice: the first one counts (the other one is in line 5)\n");
  CHECK(parsed.config.scripts.at(*parsed.config.vrrp_instances.at(0).notify_master).arguments[0] == "/a");
  CHECK(parsed.config.scripts.size() == 1);
}

TEST_CASE("the same keyword in another block is no repetition") {
  CHECK(said(read(server("retry 1\ndelay_loop 5") + "virtual_server 10.0.0.9 80 {\nlb_algo rr\nlb_kind NAT\nprotocol "
                                                    "TCP\nretry 2\nreal_server 10.0.0.2 80 {\nretry 3\nTCP_CHECK "
                                                    "{\nretry 4\n}\nTCP_CHECK {\nretry 4\n}\n}\n}\n"))
            .empty());
}

TEST_CASE("an old spelling works and is reported") {
  const Parsed parsed = read(check("HTTP_GET", "nb_get_retry 7\nurl {\npath /\n}"));
  CHECK(said(parsed) == "7:1 warning 5: 'nb_get_retry' is an old spelling (write 'retry')\n");
  CHECK(std::get<HttpCheck>(parsed.config.virtual_servers.at(0).real_servers.at(0).checks.at(0)).timing.retry == 7);
}

TEST_CASE("what Baton does not act on yet is told once for each keyword") {
  const Parsed parsed = read("global_defs {\nenable_traps\nenable_dbus\n}\nglobal_defs {\nenable_traps\n}\n");
  CHECK(
      said(parsed).find("2:1 warning 1: 'enable_traps' is accepted, not active yet (there is no SNMP; written 2 times, "
                        "here first)\n") != std::string::npos);
  CHECK(said(parsed).find("3:1 warning 1: 'enable_dbus' is accepted, not active yet (there is no D-Bus interface)\n") !=
        std::string::npos);
  CHECK(parsed.diagnostics.exit_status() == 0);
}

TEST_CASE("a line that the lexer spoiled has no effect, and its block is skipped") {
  const Parsed parsed = read(instance("advert_int \"2\nadvert_int 3"));
  CHECK(parsed.diagnostics.all().size() == 1);
  CHECK(parsed.config.vrrp_instances.at(0).advert_int == std::chrono::seconds(3));
  const Parsed block = read("vrrp_instance \"A {\npriority 300\n}\n" + instance(""));
  CHECK(block.diagnostics.all().size() == 1);
  CHECK(block.config.vrrp_instances.size() == 1);
  const Parsed next_line = read("vrrp_instance \"A\n{\npriority 300\n}\n" + instance(""));
  CHECK(next_line.diagnostics.all().size() == 1);
  CHECK(next_line.config.vrrp_instances.size() == 1);
}

TEST_CASE("blocks where none belongs") {
  CHECK(said(read(instance("advert_int 2 {\nx y\n}\npriority 7"))) ==
        "5:14 error 5: 'advert_int' has no block: it is skipped\n"
        "8:1 warning 0: 'priority' is written twice: this one counts (the other one is in line 4)\n");
  CHECK(said(read("{\na\n}\n" + instance(""))) == "1:1 error 5: a block without a keyword: it is skipped\n");
  CHECK(said(read(addresses("192.0.2.10 {\nx\n}"))) ==
        "6:12 error 5: an entry of virtual_ipaddress has no block: it is skipped\n");
  CHECK(said(read(addresses("192.0.2.10\n{\n192.0.2.3\n}"))) ==
        "7:1 error 5: a block without a keyword: it is skipped\n");
  CHECK(said(read("use_pid_dir {\nb\n}\n")).find("'use_pid_dir' has no effect") != std::string::npos);
}

TEST_CASE("a hundred diagnostics and a count, of whatever kind the mistakes are") {
  std::string text = "global_defs {\n";
  for (int i = 0; i < 20'000; ++i)
    text += "wibble" + std::to_string(i) + "\n";
  const Parsed parsed = read(text + "}\n");
  CHECK(parsed.diagnostics.all().size() == Diagnostics::kMaxShown);
  CHECK(parsed.diagnostics.suppressed() == 19'900);
  CHECK(parsed.diagnostics.all().back().position.line == 101);
}

TEST_CASE("ten thousand nested blocks are no trouble") {
  std::string text;
  for (int i = 0; i < 10'000; ++i)
    text += "wibble {\n";
  CHECK(said(read(text)) ==
        "1:1 error 5: unknown keyword 'wibble'\n"
        "1:1 error 5: this block is not closed before the end of the file: a '}' is missing\n");
  for (int i = 0; i < 10'000; ++i)
    text += "}\n";
  CHECK(said(read(text + instance(""))) == "1:1 error 5: unknown keyword 'wibble'\n");
}

}  // namespace
}  // namespace baton::config
