#include "daemon/net_namespace.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;

TEST_CASE("a network namespace has a plain name and is there") {
  for (const char* name : {"", ".", "..", "a/b", "../self/ns/net"}) {
    const auto opened = open_net_namespace(name);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().message.find("is no name of a network namespace") != std::string::npos);
  }
  const auto missing = open_net_namespace("baton-no-such");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message == "open the network namespace /run/netns/baton-no-such: No such file or directory");
}

TEST_CASE("what the file names is entered, or said to be impossible") {
  config::DaemonDefs defs;
  NetNamespaces none;
  CHECK(none.enter(Options{}, defs));
  CHECK(none.of_ipvs() == -1);

  defs.net_namespace = "baton-no-such";
  NetNamespaces named;
  CHECK_FALSE(named.enter(Options{}, defs));

  Options options;
  options.net_namespace = "baton-nor-such";
  const auto first = NetNamespaces().enter(options, defs);
  REQUIRE_FALSE(first);
  CHECK(first.error().message.find("baton-nor-such") != std::string::npos);
}

TEST_CASE("IPVS may stay where the daemon was started") {
  config::DaemonDefs defs;
  defs.net_namespace_ipvs = "";
  NetNamespaces spaces;
  REQUIRE(spaces.enter(Options{}, defs));
  CHECK(spaces.of_ipvs() >= 0);
}

TEST_CASE("a reload changes no network namespace") {
  config::DaemonDefs defs;
  NetNamespaces spaces;
  REQUIRE(spaces.enter(Options{}, defs));
  CHECK(spaces.unchangeable(defs).empty());
  auto other = defs;
  other.net_namespace = "blue";
  CHECK(spaces.unchangeable(other) == "net_namespace");
  other = defs;
  other.net_namespace_ipvs = "";
  CHECK(spaces.unchangeable(other) == "net_namespace_ipvs");
}
