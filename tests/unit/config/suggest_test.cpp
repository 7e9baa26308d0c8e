#include "config/suggest.hpp"

#include <vector>

#include <doctest/doctest.h>

namespace baton::config {
namespace {

std::string suggested(Block block, std::initializer_list<std::string_view> line) {
  std::vector<Word> words;
  for (const std::string_view text : line)
    words.push_back({text, {}, false, false});
  return suggestion(block, words);
}

TEST_CASE("slips of the pen that stand in strangers' files") {
  CHECK(suggested(Block::real_server, {"weigth"}) == "did you mean 'weight'?");
  CHECK(suggested(Block::tcp_check, {"connetc_port"}) == "did you mean 'connect_port'?");
  CHECK(suggested(Block::vrrp_script, {"inteval"}) == "did you mean 'interval'?");
  CHECK(suggested(Block::vrrp_instance, {"netify_backup"}) == "did you mean 'notify_backup'?");
  CHECK(suggested(Block::authentication, {"autp_pass"}) == "did you mean 'auth_pass'?");
  CHECK(suggested(Block::vrrp_instance, {"preemtp_delay"}) == "did you mean 'preempt_delay'?");
  CHECK(suggested(Block::root, {"vvrp_script"}) == "did you mean 'vrrp_script'?");
  CHECK(suggested(Block::real_server, {"SMTP_CHEKC"}) == "did you mean 'SMTP_CHECK'?");
  CHECK(suggested(Block::global_defs, {"vrrp_grap_interval"}) == "did you mean 'vrrp_garp_interval'?");
  CHECK(suggested(Block::vrrp_instance, {"Interface"}) == "did you mean 'interface'?");
}

TEST_CASE("a slip of the pen in the wrong block") {
  CHECK(suggested(Block::vrrp_instance, {"autp_pass"}) ==
        "did you mean 'auth_pass'? it belongs inside authentication { }");
  CHECK(suggested(Block::root, {"lb_alog"}) == "did you mean 'lb_algo'? it belongs inside virtual_server { }");
}

TEST_CASE("a blank inside a keyword, and half of one") {
  CHECK(suggested(Block::virtual_server, {"lb", "_kind", "NAT"}) == "did you mean 'lb_kind'?");
  CHECK(suggested(Block::global_defs, {"script_security"}) == "did you mean 'enable_script_security'?");
}

TEST_CASE("words of other times and programs") {
  CHECK(suggested(Block::virtual_server, {"nat_mask"}).find("no effect") != std::string::npos);
  CHECK(suggested(Block::global_defs, {"lvs_id"}).find("router_id") != std::string::npos);
  CHECK(suggested(Block::root, {"<<<<<<<", "HEAD"}) == "a merge conflict is left in the file");
  CHECK(suggested(Block::root, {"\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0"}).find("ASCII") != std::string::npos);
}

TEST_CASE("nothing is suggested when nothing is near") {
  CHECK(suggested(Block::root, {"frobnicate"}).empty());
  CHECK(suggested(Block::root, {"x"}).empty());
  CHECK(suggested(Block::root, {""}).empty());
}

TEST_CASE("where a keyword belongs") {
  CHECK(proper_place(Block::real_server, "connect_port") ==
        "it belongs inside TCP_CHECK { }, HTTP_GET { } or SSL_GET { }");
  CHECK(proper_place(Block::tcp_check, "nb_get_retry") ==
        "here it is called 'retry'; it belongs inside HTTP_GET { } or SSL_GET { }");
  CHECK(proper_place(Block::global_defs, "garp_master_delay") == "here it is called 'vrrp_garp_master_delay'");
  CHECK(proper_place(Block::root, "enable_script_security") == "it belongs inside global_defs { }");
  CHECK(proper_place(Block::global_defs, "vrrp_instance") == "it belongs at the top level, outside all blocks");
}

}  // namespace
}  // namespace baton::config
