// fuzz_dns_answer.cpp - any bytes as an answer of DNS: refused, or servers within their bounds.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "checkers/pool_lookup.hpp"
#include "core/assert.hpp"
#include "core/dns_name.hpp"

using namespace baton;
using namespace baton::checkers;

namespace {

/// All questions get the same answer.
void look_up(std::span<const std::byte> bytes, const DnsQuestion& question, Family family) {
  PoolLookup lookup(question, family);
  const DnsReply reply{DnsReply::Kind::answered, bytes, {}};
  const auto next = lookup.handle(question, reply);
  ASSERT(next.size() <= kMaxPoolServers);
  for (const auto& target : next) {
    ASSERT(is_dns_name(target.name));
    ASSERT(lookup.handle(target, reply).empty());
  }
  const auto& outcome = lookup.outcome();
  ASSERT(outcome.has_value() && outcome->servers.size() <= kMaxPoolServers);
  ASSERT(outcome->servers.empty() == (outcome->kind != PoolOutcome::Kind::servers));
  ASSERT(std::ranges::is_sorted(outcome->servers));
  for (const auto& server : outcome->servers)
    ASSERT(server.address.family() == family && (server.port == 0) == (question.type != DnsType::srv));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto answer = decode_dns_answer(bytes);
  if (answer) ASSERT(answer->addresses.size() + answer->services.size() + answer->additional.size() <= kMaxRecords);
  look_up(bytes, {"web.example", DnsType::a}, Family::ipv4);
  look_up(bytes, {"web.example", DnsType::aaaa}, Family::ipv6);
  look_up(bytes, {"_http._tcp.web", DnsType::srv}, Family::ipv4);
  look_up(bytes, {"_http._tcp.web", DnsType::srv}, Family::ipv6);
  return 0;
}
