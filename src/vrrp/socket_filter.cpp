#include "vrrp/socket_filter.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/assert.hpp"
#include "vrrp/packet.hpp"

namespace baton::vrrp {

namespace {

constexpr std::uint32_t kTimeToLiveAt = 8, kProtocolAt = 9, kDestinationAt = 16;  // RFC 791 3.1
constexpr std::uint32_t kHopLimitAt = 7, kDestination6At = 24;                    // RFC 8200 3
constexpr std::uint32_t kIpv6Header = static_cast<std::uint32_t>(SKF_NET_OFF);    // where the kernel keeps it
constexpr std::uint32_t kWordBits = 32;
constexpr std::size_t kMaxInstructions = 52;  // all eight words of the set in use

constexpr sock_filter statement(unsigned code, std::uint32_t k) {
  return {static_cast<std::uint16_t>(code), 0, 0, k};
}

/// When A == k (or A & k, by `code`) skips `yes` instructions, else `no`.
constexpr sock_filter jump(unsigned code, std::uint32_t k, std::uint8_t yes, std::uint8_t no) {
  return {static_cast<std::uint16_t>(BPF_JMP | code | BPF_K), yes, no, k};
}

using Program = std::vector<sock_filter>;

void require_octet(Program* program, std::uint32_t offset, std::uint32_t value) {
  program->push_back(statement(BPF_LD | BPF_B | BPF_ABS, offset));
  program->push_back(jump(BPF_JEQ, value, 1, 0));
  program->push_back(statement(BPF_RET | BPF_K, 0));
}

/// TTL or hop limit 255, of all packets or of those to a multicast group.
void require_time_to_live(Program* program, const FilterPlan& plan) {
  const bool is_v4 = plan.family == Family::ipv4;
  if (plan.takes_unicast) {
    program->push_back(statement(BPF_LD | BPF_B | BPF_ABS, is_v4 ? kDestinationAt : kIpv6Header + kDestination6At));
    program->push_back(statement(BPF_ALU | BPF_AND | BPF_K, is_v4 ? 0xf0 : 0xff));
    program->push_back(jump(BPF_JEQ, is_v4 ? 0xe0 : 0xff, 0, 3));
  }
  require_octet(program, is_v4 ? kTimeToLiveAt : kIpv6Header + kHopLimitAt, kTimeToLive);
}

/// A: an octet of the message; X holds where it begins.
sock_filter load_octet(const FilterPlan& plan, std::uint32_t at) {
  const auto header = static_cast<std::uint32_t>(plan.has_authentication_header ? kAhSize : 0);
  return statement(BPF_LD | BPF_B | BPF_IND, header + at);
}

/// Goes on where the bit of the VRID in A is set in `wanted`.
void require_vrid(Program* program, std::span<const Vrid> wanted) {
  std::array<std::uint32_t, 256 / kWordBits> bits{};
  for (const auto vrid : wanted)
    bits[number(vrid) / kWordBits] |= 1U << number(vrid) % kWordBits;
  program->push_back(statement(BPF_ST, 0));
  program->push_back(statement(BPF_ALU | BPF_AND | BPF_K, kWordBits - 1));
  program->push_back(statement(BPF_MISC | BPF_TAX, 0));  // X: its bit
  program->push_back(statement(BPF_LD | BPF_MEM, 0));
  program->push_back(statement(BPF_ALU | BPF_RSH | BPF_K, 5));  // A: its word
  auto to_come = static_cast<std::uint32_t>(bits.size() - static_cast<std::size_t>(std::ranges::count(bits, 0U)));
  for (std::uint32_t word = 0; word < bits.size(); ++word) {
    if (bits[word] == 0) continue;
    --to_come;
    program->push_back(jump(BPF_JEQ, word, 0, 2));
    program->push_back(statement(BPF_LD | BPF_IMM, bits[word]));
    program->push_back(statement(BPF_JMP | BPF_JA, 3 * to_come + 1));  // over the other words and the refusal
  }
  program->push_back(statement(BPF_RET | BPF_K, 0));
  program->push_back(statement(BPF_ALU | BPF_RSH | BPF_X, 0));
  program->push_back(jump(BPF_JSET, 1, 1, 0));
  program->push_back(statement(BPF_RET | BPF_K, 0));
}

}  // namespace

std::vector<sock_filter> socket_filter(const FilterPlan& plan) {
  if (plan.wanted.empty()) return {statement(BPF_RET | BPF_K, 0)};
  const bool is_v4 = plan.family == Family::ipv4;
  ASSERT(is_v4 || !plan.has_authentication_header);
  Program program;
  if (is_v4) require_octet(&program, kProtocolAt, plan.has_authentication_header ? kAhProtocol : kIpProtocol);
  require_time_to_live(&program, plan);
  // X: where the message begins.
  program.push_back(is_v4 ? statement(BPF_LDX | BPF_B | BPF_MSH, 0) : statement(BPF_LDX | BPF_IMM, 0));
  program.push_back(load_octet(plan, 0));
  if (is_v4) program.push_back(jump(BPF_JEQ, 0x21, 2, 0));  // version 2, type 1
  program.push_back(jump(BPF_JEQ, 0x31, 1, 0));
  program.push_back(statement(BPF_RET | BPF_K, 0));
  if (!plan.takes_unknown) {
    program.push_back(load_octet(plan, 1));
    require_vrid(&program, plan.wanted);
  }
  program.push_back(statement(BPF_RET | BPF_K, kWholePacket));
  ASSERT(program.size() <= kMaxInstructions);
  return program;
}

}  // namespace baton::vrrp
