#include "net/ipvs_sync_codec.hpp"

#include <cstring>
#include <vector>

#include <linux/netlink.h>

#include <doctest/doctest.h>
#include <netlink/msg.h>

using namespace baton;
using namespace baton::net;
using namespace std::chrono_literals;

namespace {

constexpr IpvsFamily kFamily{0x1b};

ipvs::SyncDaemon whole(IpAddress group) {
  ipvs::SyncDaemon daemon;
  daemon.role = ipvs::SyncRole::master;
  daemon.interface = "eth0";
  daemon.sync_id = 7;
  daemon.maxlen = 1400;
  daemon.port = 9000;
  daemon.ttl = 3;
  daemon.group = group;
  return daemon;
}

}  // namespace

TEST_CASE("sync codec: what is encoded comes back") {
  for (const auto group : {IpAddress::v4({224, 0, 0, 99}), *IpAddress::parse("ff02::99")}) {
    const auto message = encode(ipvs::SyncStep{ipvs::StartSyncDaemon{whole(group)}}, kFamily);
    const auto again = decode_sync_daemon(*nlmsg_hdr(message.get()));
    REQUIRE(again.has_value());
    CHECK(*again == whole(group));
  }
  const auto stop = encode(ipvs::SyncStep{ipvs::StopSyncDaemon{whole({})}}, kFamily);
  const auto named = decode_sync_daemon(*nlmsg_hdr(stop.get()));
  REQUIRE(named.has_value());
  CHECK(named->interface == "eth0");
  CHECK_FALSE(named->port);
  const ipvs::Timeouts timeouts{900s, 120s, 300s};
  const auto message = encode(timeouts, kFamily);
  CHECK(decode_timeouts(*nlmsg_hdr(message.get())).value() == timeouts);
}

TEST_CASE("sync codec: a message cut short is refused or read within its bounds") {
  const auto message = encode(ipvs::SyncStep{ipvs::StartSyncDaemon{whole({})}}, kFamily);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(nlmsg_hdr(message.get()));
  const std::size_t size = nlmsg_hdr(message.get())->nlmsg_len;
  int refused = 0;
  for (std::size_t length = NLMSG_HDRLEN; length < size; ++length) {
    std::vector<unsigned char> cut(bytes, bytes + length);
    const auto as_written = static_cast<std::uint32_t>(length);
    std::memcpy(cut.data(), &as_written, sizeof as_written);
    refused += decode_sync_daemon(*reinterpret_cast<const nlmsghdr*>(cut.data())).has_value() ? 0 : 1;
  }
  CHECK(refused > 20);
}
