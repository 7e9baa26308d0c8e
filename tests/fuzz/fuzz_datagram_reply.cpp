// fuzz_datagram_reply.cpp - what comes back to DNS_CHECK, UDP_CHECK and PING_CHECK: no datagram may confuse them.
//
// Input: one octet of options, then the datagram.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "checkers/dns_conversation.hpp"
#include "checkers/ping_conversation.hpp"
#include "checkers/udp_conversation.hpp"

namespace {

using namespace baton::checkers;

/// A conversation that has sent its datagram takes this one.
void hear(Conversation& talk, std::span<const std::byte> datagram) {
  if (!std::holds_alternative<Send>(talk.next({})) || !std::holds_alternative<Receive>(talk.next({}))) std::abort();
  const Step step = talk.next(datagram);
  if (std::holds_alternative<Receive>(step)) return;
  const auto* done = std::get_if<Done>(&step);
  if (done == nullptr || done->reason.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const auto datagram = std::as_bytes(std::span(data + 1, size - 1));

  DnsConversation dns(DnsSpec{}, 0x1234);
  hear(dns, datagram);

  UdpSpec udp;
  udp.payload = {1};
  udp.require_reply = (data[0] & 1U) != 0;
  if ((data[0] & 2U) != 0) udp.reply = {{'a', 0xff}, {0, 0}, {0x60, 0xf0}};
  udp.min_reply_length = data[0] >> 4U;
  UdpConversation question(udp);
  hear(question, datagram);

  const auto family = (data[0] & 4U) != 0 ? baton::Family::ipv6 : baton::Family::ipv4;
  PingConversation ping(family, EchoKey{1, 2, 3});
  hear(ping, datagram);
  return 0;
}
