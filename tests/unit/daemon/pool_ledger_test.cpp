#include "daemon/pool_ledger.hpp"

#include <doctest/doctest.h>

#include "unit/addresses.hpp"

using namespace baton;
using namespace baton::daemon;

namespace {

config::PoolAnswers some() {
  config::PoolAnswers answers;
  answers[{"web.example", config::PoolRecord::a, Family::ipv4, std::nullopt}] = {{address("10.0.0.1"), 0, 0},
                                                                                 {address("10.0.0.2"), 0, 0}};
  answers[{"_http._tcp.web", config::PoolRecord::srv, Family::ipv6, config::Nameserver{address("::1"), 5353}}] = {
      {address("2001:db8::1"), 8080, 5}};
  return answers;
}

}  // namespace

TEST_CASE("answers come back as they were written") {
  CHECK(encode(some()) ==
        "pool SRV 6 _http._tcp.web ::1 5353\nserver 2001:db8::1 8080 5\n"
        "pool A 4 web.example - 0\nserver 10.0.0.1 0 0\nserver 10.0.0.2 0 0\n");
  CHECK(decode_pool_ledger(encode(some())) == some());
  CHECK(encode(config::PoolAnswers{}).empty());
}

TEST_CASE("a damaged ledger costs the answers that cannot be read, and no more") {
  const auto answers = decode_pool_ledger(
      "server 10.0.0.9 0 0\nnonsense\n\npool MX 4 web - 0\nserver 10.0.0.8 0 0\npool A 5 web - 0\n"
      "pool A 4 we/b - 0\npool A 4 web 192.0.2.53\npool A 4 none - 0\n"
      "pool A 4 web.example - 0\nserver 10.0.0.2 0 0\nserver 10.0.0.1 0 65536\nserver here 0 0\nserver 10.0.0.1 0 0\n"
      "server 10.0.0.2 0 0\nserver 10.0.0.3\n");
  REQUIRE(answers.size() == 1);
  CHECK(answers.begin()->first.name == "web.example");
  CHECK(answers.begin()->second == std::vector<PoolServer>{{address("10.0.0.1"), 0, 0}, {address("10.0.0.2"), 0, 0}});
}

TEST_CASE("no more servers than an answer may have") {
  std::string text = "pool A 4 web - 0\n";
  for (int i = 0; i < 300; ++i)
    text += "server 10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1) + " 0 0\n";
  CHECK(decode_pool_ledger(text).begin()->second.size() == kMaxPoolServers);
}
