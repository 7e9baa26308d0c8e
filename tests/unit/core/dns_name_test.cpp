#include "core/dns_name.hpp"

#include <string>

#include <doctest/doctest.h>

using baton::is_dns_name;

TEST_CASE("names that DNS may be asked for, and others") {
  for (const auto* good : {"web", "web.example.org", "_http._tcp.web.example.org", "a-b.c_d", "10-0-0-1.pool", "0"})
    CHECK_MESSAGE(is_dns_name(good), good);
  for (const auto* bad : {"", ".", "web.", ".web", "web..org", "web example", "web/80", "w\\046b", "caf\xc3\xa9"})
    CHECK_MESSAGE(!is_dns_name(bad), bad);
  CHECK(is_dns_name(std::string(63, 'a')));
  CHECK_FALSE(is_dns_name(std::string(64, 'a')));
  std::string longest = std::string(63, 'a') + '.' + std::string(63, 'b') + '.' + std::string(63, 'c') + '.';
  CHECK(is_dns_name(longest + std::string(61, 'd')));
  CHECK_FALSE(is_dns_name(longest + std::string(62, 'd')));
}
