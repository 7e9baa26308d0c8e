#include "daemon/ledger.hpp"

#include <cstdlib>

#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "unit/addresses.hpp"

using namespace baton;
using namespace baton::daemon;

namespace {

/// A directory that goes with its object.
struct Scratch {
  Scratch() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
  ~Scratch() {
    ::unlink(file("a").c_str());
    ::unlink(file("target").c_str());
    ::unlink((file("a") + ".new").c_str());
    ::rmdir(path.c_str());
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return path + '/' + name; }

  std::string path = "/tmp/baton-ledger-XXXXXX";
};

}  // namespace

TEST_CASE("what the vrrp role holds survives the way through the file") {
  const VrrpLedger held{
      {{"eth0", Vrid{51}}, {{address("10.0.0.100"), 32, "eth0"}, {address("10.0.1.1"), 24, "eth1"}}},
      {{"eth0.100", Vrid{255}}, {}},
      {{"eth0", Vrid{7}, Family::ipv6}, {}},
      {{"eth0", Vrid{7}, Family::ipv6, true, address("2001:db8::9")}, {}},
      {{"eth0", Vrid{7}, Family::ipv4, false, address("224.0.0.99")}, {}},
      {{"eth2", Vrid{7}}, {{address("2001:db8::1"), 128, "eth2"}}},
      {{"eth3", Vrid{7}}, {{address("10.0.0.1"), 30, "eth3", address("10.0.0.2")}}},
  };
  CHECK(decode_vrrp_ledger(encode(held)) == held);
  CHECK(decode_vrrp_ledger("").empty());
}

TEST_CASE("what the ipvs role owns survives the way through the file") {
  ipvs::ServiceKey mark;
  mark.family = Family::ipv6;
  mark.fwmark = 5;
  const IpvsLedger owned{{Family::ipv4, ipvs::Protocol::tcp, address("192.0.2.1"), 80, 0},
                         {Family::ipv6, ipvs::Protocol::udp, address("2001:db8::1"), 53, 0},
                         mark};
  CHECK(decode_ipvs_ledger(encode(owned)) == owned);
}

TEST_CASE("damaged lines cost no more than themselves") {
  const auto held = decode_vrrp_ledger(
      "address 10.0.0.9 32 eth0\n"  // belongs to no instance
      "master eth0 51\n"
      "address 10.0.0.1 33 eth0\n"
      "address 10.0.0.300 32 eth0\n"
      "address 10.0.0.2 24 eth0\n"
      "address 10.0.0.3 32 eth0 10.0.0.300\n"
      "address 10.0.0.3 32 eth0 fd00::1\n"
      "address 10.0.0.3 32 eth0 10.0.0.4 more\n"
      "master eth1 0\n"
      "master eth1 256\n"
      "master eth1\n"
      "master eth1 5 5 unicast 10.0.0.1\n"
      "master eth1 5 4 broadcast 10.0.0.1\n"
      "master eth1 5 4 unicast 10.0.0.300\n"
      "master eth1 5 4 unicast\n"
      "nonsense\n");
  REQUIRE(held.size() == 1);
  REQUIRE(held[0].addresses.size() == 1);
  CHECK(held[0].addresses[0] == HeldAddress{address("10.0.0.2"), 24, "eth0"});

  const auto owned = decode_ipvs_ledger(
      "service 6 10.0.0.1 80\nservice 6 10.0.0.1 65536\nservice 6 nowhere 80\nfwmark 4 0\nfwmark 5 1\nfwmark 4 "
      "4294967296\nservice 6 10.0.0.2 8");
  CHECK(owned.size() == 2);
}

TEST_CASE("a ledger is replaced whole, readable by its owner only") {
  const Scratch scratch;
  const auto path = scratch.file("a");
  CHECK(read_ledger(path).empty());
  REQUIRE(write_ledger(path, "first, and longer\n"));
  REQUIRE(write_ledger(path, "second\n"));
  CHECK(read_ledger(path) == "second\n");
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777U) == 0600U);
  REQUIRE(write_ledger(path, ""));
  CHECK(::access(path.c_str(), F_OK) != 0);
  CHECK(write_ledger(path, ""));
}

TEST_CASE("CVE-2018-19044: a planted link is not followed") {
  const Scratch scratch;
  const auto path = scratch.file("a");
  REQUIRE(write_ledger(scratch.file("target"), "precious\n"));
  REQUIRE(::symlink(scratch.file("target").c_str(), (path + ".new").c_str()) == 0);
  const auto written = write_ledger(path, "overwritten\n");
  REQUIRE_FALSE(written);
  CHECK(written.error().message.find(".new") != std::string::npos);
  CHECK(read_ledger(scratch.file("target")) == "precious\n");
}

TEST_CASE("each network namespace and each daemon in it has its own ledger") {
  const auto path = ledger_path("vrrp", "/run/baton/batond.pid");
  CHECK(path.starts_with("/run/baton/vrrp-"));
  CHECK(path.ends_with(".ledger"));
  CHECK(path != ledger_path("ipvs", "/run/baton/batond.pid"));
  CHECK(path != ledger_path("vrrp", "/run/other.pid"));
  CHECK(path == ledger_path("vrrp", "/run/baton/batond.pid"));
}
