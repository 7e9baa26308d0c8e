#include "ipvs/sync_daemon.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::ipvs;

namespace {

SyncDaemon daemon(SyncRole role) {
  SyncDaemon made;
  made.role = role;
  made.interface = "eth0";
  made.sync_id = 51;
  return made;
}

/// As the kernel tells of it.
SyncDaemon running(SyncRole role) {
  auto made = daemon(role);
  made.maxlen = 1472;
  made.port = 8848;
  made.ttl = 1;
  made.group = IpAddress::v4({224, 0, 0, 81});
  return made;
}

std::string steps(const std::vector<SyncDaemon>& actual, const std::vector<SyncDaemon>& wanted) {
  std::string text;
  for (const auto& step : diff(actual, wanted))
    text += to_string(step) + '\n';
  return text;
}

}  // namespace

TEST_CASE("sync daemon: what is not asked for is as the kernel has it") {
  CHECK(diff({running(SyncRole::backup)}, {daemon(SyncRole::backup)}).empty());
  auto other = daemon(SyncRole::backup);
  other.ttl = 3;
  CHECK(steps({running(SyncRole::backup)}, {other}) ==
        "stop the backup sync daemon on eth0 (id 51)\nstart the backup sync daemon on eth0 (id 51)\n");
}

TEST_CASE("sync daemon: from listening to sending, both at once, and none") {
  CHECK(steps({running(SyncRole::backup)}, {daemon(SyncRole::master)}) ==
        "stop the backup sync daemon on eth0 (id 51)\nstart the master sync daemon on eth0 (id 51)\n");
  CHECK(steps({running(SyncRole::backup)}, {daemon(SyncRole::master), daemon(SyncRole::backup)}) ==
        "start the master sync daemon on eth0 (id 51)\n");
  CHECK(steps({running(SyncRole::master), running(SyncRole::backup)}, {}) ==
        "stop the master sync daemon on eth0 (id 51)\nstop the backup sync daemon on eth0 (id 51)\n");
}
