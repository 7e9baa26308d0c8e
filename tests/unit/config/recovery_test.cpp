// Braces that are missing or too many, words in the wrong place, and what the preprocessor would have to do.
#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

constexpr std::string_view kHeader = "vrrp_instance A {\n  interface eth0\n  virtual_router_id 1\n";

TEST_CASE("an unclosed block is reported at its opening, once, and what was read counts") {
  const Parsed parsed = read(std::string(kHeader) + "  virtual_ipaddress {\n    192.0.2.1\n  }\n");
  CHECK(said(parsed) == "1:1 error 5: this block is not closed before the end of the file: a '}' is missing\n");
  CHECK(parsed.config.vrrp_instances.size() == 1);
}

TEST_CASE("each unclosed block is reported at its own opening") {
  const Parsed parsed = read(std::string(kHeader) + "  virtual_ipaddress {\n    192.0.2.1\n");
  CHECK(said(parsed) ==
        "1:1 error 5: this block is not closed before the end of the file: a '}' is missing\n"
        "4:3 error 5: this block is not closed before the end of the file: a '}' is missing\n");
  CHECK(parsed.config.vrrp_instances.at(0).virtual_addresses.size() == 1);
}

TEST_CASE("indentation tells which block is not closed") {
  const Parsed parsed = read(std::string(kHeader) + "  virtual_ipaddress {\n    192.0.2.1\n}\n");
  CHECK(said(parsed) ==
        "4:3 error 5: this block seems not to be closed: a '}' is missing before the end of the file (the '}' in line "
        "6 was "
        "taken for its end, and stands below line 1)\n");
}

TEST_CASE("a block of the top level shows that the one before it is not closed; both are read") {
  const Parsed parsed = read(std::string(kHeader) + "  virtual_ipaddress {\n    192.0.2.1\n  }\n" + instance(""));
  CHECK(said(parsed).starts_with(
      "1:1 error 5: this block is not closed before 'vrrp_instance' in line 7: a '}' is missing\n"));
  CHECK(said(parsed).find("there is a vrrp_instance 'A' already") != std::string::npos);
  const Parsed list = read(std::string(kHeader) + "  virtual_ipaddress {\n    192.0.2.1\n" + server(""));
  CHECK(said(list) ==
        "1:1 error 5: this block is not closed before 'virtual_server' in line 6: a '}' is missing\n"
        "4:3 error 5: this block is not closed before 'virtual_server' in line 6: a '}' is missing\n");
  CHECK(list.config.vrrp_instances.size() == 1);
  CHECK(list.config.virtual_servers.size() == 1);
}

TEST_CASE("a block of an outer block shows where a brace is missing") {
  const Parsed parsed = read(
      "virtual_server 10.0.0.1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n"
      "  real_server 10.0.0.2 80 {\n    TCP_CHECK {\n      retry 3\n  }\n"
      "  real_server 10.0.0.3 80 {\n    TCP_CHECK {\n    }\n  }\n}\n");
  CHECK(said(parsed) ==
        "6:5 error 5: this block seems not to be closed: a '}' is missing before 'real_server' in line 9 (the '}' in "
        "line 8 "
        "was taken for its end, and stands below line 5)\n");
  REQUIRE(parsed.config.virtual_servers.size() == 1);
  CHECK(parsed.config.virtual_servers[0].real_servers.size() == 2);
}

TEST_CASE("a keyword of the outer block ends a list whose brace is missing") {
  const Parsed parsed = read(std::string(kHeader) + "  virtual_ipaddress {\n    192.0.2.1\n  priority 7\n}\n");
  CHECK(said(parsed) == "4:3 error 5: this block is not closed before 'priority' in line 6: a '}' is missing\n");
  CHECK(parsed.config.vrrp_instances.at(0).priority == 7);
  CHECK(said(read("global_defs {\nnotification_email {\na@b\nrouter_id x\n}\n")) ==
        "2:1 error 5: this block is not closed before 'router_id' in line 4: a '}' is missing\n");
}

TEST_CASE("a block that is skipped ends at a block of the top level, too") {
  const Parsed parsed = read("vrrp_script x {\nscript y\n" + instance(""));
  CHECK(said(parsed) ==
        "1:1 error 5: this block is not closed before 'vrrp_instance' in line 3: a '}' is missing\n"
        "1:13 warning 0: vrrp_script 'x' is tracked by nobody: it has no effect (write track_script { x } into a "
        "vrrp_instance)\n");
  CHECK(parsed.config.vrrp_instances.size() == 1);
  const Parsed unknown = read("wibble {\nfoo {\nbar\n" + instance(""));
  CHECK(unknown.config.vrrp_instances.size() == 1);
  CHECK(read("wibble {\nfoo {\nbar\nvrrp_instance A\n{\ninterface eth0\nvirtual_router_id 1\n}\n")
            .config.vrrp_instances.size() == 1);
}

TEST_CASE("a brace too many is reported where it stands, each once") {
  CHECK(said(read(instance("") + "}\n")) ==
        "10:1 error 5: one '}' too many: no block is open here (what follows is read as the top level)\n");
  CHECK(said(read("} }\n")) ==
        "1:1 error 5: one '}' too many: no block is open here (what follows is read as the top level)\n"
        "1:3 error 5: one '}' too many: no block is open here (what follows is read as the top level)\n");
  const Parsed parsed = read("}\n" + instance(""));
  CHECK(parsed.config.vrrp_instances.size() == 1);
}

TEST_CASE("indentation tells which brace is too many") {
  const Parsed parsed =
      read(std::string(kHeader) + "  virtual_ipaddress {\n    192.0.2.1\n  }\n  }\n  priority 7\n}\n" + instance(""));
  CHECK(
      said(parsed).starts_with("7:3 error 5: one '}' too many: this one ends the block of line 1, whose end seems to "
                               "be in line 9 (what stands between "
                               "them is read as the top level)\n"
                               "8:3 error 5: 'priority' does not belong at the top level, outside all blocks (it "
                               "belongs inside vrrp_instance { })\n"));
}

TEST_CASE("a block inside the wrong one is not followed by braces too many") {
  const std::string text = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\n" + server("") + "}\n";
  CHECK(said(read(text)).find("too many") == std::string::npos);
  CHECK(read(text).config.virtual_servers.size() == 1);
}

TEST_CASE("a missing opening brace is reported, and the lines that follow are read as the block") {
  const Parsed parsed = read(instance("authentication\nauth_type PASS\nauth_pass 1\n}"));
  CHECK(said(parsed) ==
        "5:1 error 5: 'authentication' needs a block: a '{' is missing (the lines that follow are taken for it)\n");
  CHECK(parsed.config.vrrp_instances.at(0).auth_pass == "1");
  const Parsed list = read(std::string(kHeader) + "virtual_ipaddress\n192.0.2.1\n}\npriority 7\n}\n");
  CHECK(list.diagnostics.all().size() == 1);
  CHECK(list.config.vrrp_instances.at(0).virtual_addresses.size() == 1);
  CHECK(list.config.vrrp_instances.at(0).priority == 7);
  const Parsed top = read("vrrp_instance A\ninterface eth0\nvirtual_router_id 1\n}\n");
  CHECK(top.config.vrrp_instances.size() == 1);
}

TEST_CASE("a missing block is reported, and what follows keeps its meaning") {
  const Parsed parsed = read(instance("authentication\nadvert_int 2"));
  CHECK(said(parsed) == "5:1 error 5: 'authentication' needs a block: a '{' is missing (write authentication { })\n");
  CHECK(parsed.config.vrrp_instances.at(0).advert_int == std::chrono::seconds(2));
  CHECK(said(read("vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress 192.0.2.1\n}\n"))
            .find("4:19 error 5: 'virtual_ipaddress' needs a block: a '{' is missing (write virtual_ipaddress { "
                  "192.0.2.1 })") != std::string::npos);
}

TEST_CASE("the block of a header that holds an unknown reference is skipped whole") {
  CHECK(said(read("virtual_server ${VIP} 80 {\nfoo bar\n}\nvirtual_server ${VIP} 80\n{\nfoo\n}\n" + instance(""))) ==
        "");
  CHECK(read("virtual_server ${VIP} 80 {\nfoo bar\n}\n" + instance("")).config.vrrp_instances.size() == 1);
}

TEST_CASE("a dollar or an at sign alone is no directive") {
  CHECK(read(instance("auth_pass $x")).diagnostics.refusal() == 0);
  CHECK(read("global_defs {\nnotification_email {\na@b.c\n}\n}\n").diagnostics.refusal() == 0);
  CHECK(read("@\n$\n$$\n").diagnostics.refusal() == 0);
}

TEST_CASE("a file of braces alone ends") {
  CHECK(read(std::string(20'000, '{')).diagnostics.has_errors());
  CHECK(read(std::string(20'000, '}')).diagnostics.suppressed() == 19'900);
}

}  // namespace
}  // namespace baton::config
