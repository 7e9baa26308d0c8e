#include "daemon/kernel_ledger.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include "daemon/interface_settings.hpp"
#include "net/sysctl.hpp"
#include "unit/daemon/temporary.hpp"

using namespace baton::daemon;

namespace {

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("what one process has put down the next one finds, by its kind") {
  const TemporaryFolder folder;
  const auto path = folder.file("kernel.ledger");
  {
    KernelLedger ledger(path);
    ledger.add("route aa");
    ledger.add("route bb");
    ledger.add("rule cc");
    ledger.add("routes dd");
    ledger.save();
    ledger.add("route never saved");
  }
  KernelLedger next(path);
  CHECK(next.lines_of("route") == Lines{"aa", "bb"});
  CHECK(next.lines_of("rule") == Lines{"cc"});
  CHECK(next.lines_of("other").empty());
}

TEST_CASE("a ledger of nothing is no file") {
  const TemporaryFolder folder;
  const auto path = folder.file("kernel.ledger");
  KernelLedger ledger(path);
  ledger.add("route aa");
  ledger.save();
  CHECK(std::filesystem::exists(path));
  ledger.remove("route aa");
  ledger.save();
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a damaged ledger has no sysctl written that is none of an interface") {
  const TemporaryFolder folder;
  KernelLedger ledger(folder.file("kernel.ledger"));
  ledger.add("sysctl 1 fs/lease-break-time");
  ledger.add("sysctl 1 net/ipv4/../../fs/lease-break-time");
  ledger.add("sysctl x net/ipv4/conf/lo/arp_ignore");
  ledger.add("sysctl 5");
  const auto before = baton::net::read_sysctl("fs/lease-break-time");
  InterfaceSettings settings(&ledger);
  settings.set({});
  CHECK(baton::net::read_sysctl("fs/lease-break-time") == before);
}
