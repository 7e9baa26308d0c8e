// fuzz_ipvs_reply.cpp - any bytes as one message of the kernel's IPVS family: read within its bounds, and what is read
// can be written again.
#include <cstdint>
#include <cstring>
#include <vector>

#include <linux/netlink.h>

#include "core/assert.hpp"
#include "net/ipvs_codec.hpp"
#include "net/ipvs_sync_codec.hpp"

using namespace baton;
using namespace baton::net;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < sizeof(nlmsghdr)) return 0;
  std::vector<std::uint8_t> bytes(data, data + size);  // of exactly its own size, and aligned
  const auto length = static_cast<std::uint32_t>(size);
  std::memcpy(bytes.data(), &length, sizeof length);  // which the socket has checked
  const auto& message = *reinterpret_cast<const nlmsghdr*>(bytes.data());
  constexpr IpvsFamily kFamily{0x1b};
  if (const auto service = decode_service(message))
    ASSERT(encode(ipvs::NewService{service->first, service->second}, kFamily) != nullptr);
  for (const auto family : {Family::ipv4, Family::ipv6})
    if (const auto entry = decode_dest(message, family))
      ASSERT(encode(ipvs::NewDest{{}, entry->key, entry->dest}, kFamily) != nullptr);
  if (const auto daemon = decode_sync_daemon(message))
    ASSERT(encode(ipvs::SyncStep{ipvs::StartSyncDaemon{*daemon}}, kFamily) != nullptr);
  static_cast<void>(decode_timeouts(message));
  static_cast<void>(decode_family(message));
  return 0;
}
