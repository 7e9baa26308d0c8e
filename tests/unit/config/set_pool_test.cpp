#include <doctest/doctest.h>

#include "unit/config/reading.hpp"

using namespace baton::config;

namespace {

Parsed service(const std::string& lines, const std::string& real = "") {
  return read("virtual_server 192.0.2.1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n" + lines +
              "\nreal_server 10.0.0.1 80 {\n" + real + "\n}\n}\n");
}

}  // namespace

TEST_CASE("slow_start, of all real servers and of one") {
  const auto parsed = service("slow_start 30s", "");
  CHECK(said(parsed).empty());
  const auto& server = parsed.config.virtual_servers.at(0);
  CHECK(server.slow_start == std::chrono::seconds{30});
  CHECK(server.real_servers.at(0).slow_start == std::chrono::seconds{30});
  const auto own = service("slow_start 30", "slow_start 0s");
  CHECK(own.config.virtual_servers.at(0).real_servers.at(0).slow_start == std::chrono::seconds{0});
  CHECK(service("").config.virtual_servers.at(0).real_servers.at(0).slow_start == std::chrono::seconds{0});
}

TEST_CASE("max_removed is a part of a hundred") {
  const auto parsed = service("max_removed 50%");
  CHECK(said(parsed).empty());
  CHECK(parsed.config.virtual_servers.at(0).max_removed == 50);
  CHECK(service("max_removed 0").config.virtual_servers.at(0).max_removed == 0);
  CHECK(service("").config.virtual_servers.at(0).max_removed == 100);
}

TEST_CASE("what is no time and no part is told, and the line is ignored") {
  CHECK(said(service("slow_start soon")) ==
        "5:12 error 5: slow_start is a number of seconds, 0 to 86400, not 'soon' (the line is ignored; slow_start "
        "30s)\n");
  CHECK(said(service("max_removed 101%")) ==
        "5:13 error 5: max_removed is a part of the real servers, 0% to 100%, not '101%' (the line is ignored; "
        "max_removed 50%)\n");
  CHECK(service("slow_start 86401s").config.virtual_servers.at(0).slow_start == std::chrono::seconds{0});
}
