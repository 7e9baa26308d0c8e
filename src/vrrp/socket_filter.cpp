#include "vrrp/socket_filter.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "core/assert.hpp"
#include "vrrp/packet.hpp"

namespace baton::vrrp {

namespace {

constexpr std::uint32_t kTimeToLiveAt = 8, kProtocolAt = 9;  // RFC 791 3.1
constexpr std::uint32_t kWordBits = 32;
constexpr std::size_t kMaxInstructions = 46;  // all eight words of the set in use
constexpr std::uint32_t kWholePacket = std::numeric_limits<std::uint32_t>::max();

constexpr sock_filter statement(unsigned code, std::uint32_t k) {
  return {static_cast<std::uint16_t>(code), 0, 0, k};
}

/// When A == k (or A & k, by `code`) skips `yes` instructions, else `no`.
constexpr sock_filter jump(unsigned code, std::uint32_t k, std::uint8_t yes, std::uint8_t no) {
  return {static_cast<std::uint16_t>(BPF_JMP | code | BPF_K), yes, no, k};
}

void require_octet(std::vector<sock_filter>* program, std::uint32_t offset, std::uint32_t value) {
  program->push_back(statement(BPF_LD | BPF_B | BPF_ABS, offset));
  program->push_back(jump(BPF_JEQ, value, 1, 0));
  program->push_back(statement(BPF_RET | BPF_K, 0));
}

}  // namespace

std::vector<sock_filter> socket_filter(std::span<const Vrid> wanted) {
  if (wanted.empty()) return {statement(BPF_RET | BPF_K, 0)};
  std::array<std::uint32_t, 256 / kWordBits> bits{};
  for (const auto vrid : wanted)
    bits[number(vrid) / kWordBits] |= 1U << number(vrid) % kWordBits;

  std::vector<sock_filter> program;
  require_octet(&program, kProtocolAt, kIpProtocol);
  require_octet(&program, kTimeToLiveAt, kTimeToLive);
  program.push_back(statement(BPF_LDX | BPF_B | BPF_MSH, 0));  // X: where the VRRP message begins
  program.push_back(statement(BPF_LD | BPF_B | BPF_IND, 0));
  program.push_back(jump(BPF_JEQ, 0x21, 2, 0));  // version 2, type 1
  program.push_back(jump(BPF_JEQ, 0x31, 1, 0));
  program.push_back(statement(BPF_RET | BPF_K, 0));

  program.push_back(statement(BPF_LD | BPF_B | BPF_IND, 1));  // A: the VRID
  program.push_back(statement(BPF_ST, 0));
  program.push_back(statement(BPF_ALU | BPF_AND | BPF_K, kWordBits - 1));
  program.push_back(statement(BPF_MISC | BPF_TAX, 0));  // X: its bit
  program.push_back(statement(BPF_LD | BPF_MEM, 0));
  program.push_back(statement(BPF_ALU | BPF_RSH | BPF_K, 5));  // A: its word
  auto to_come = static_cast<std::uint32_t>(bits.size() - static_cast<std::size_t>(std::ranges::count(bits, 0U)));
  for (std::uint32_t word = 0; word < bits.size(); ++word) {
    if (bits[word] == 0) continue;
    --to_come;
    program.push_back(jump(BPF_JEQ, word, 0, 2));
    program.push_back(statement(BPF_LD | BPF_IMM, bits[word]));
    program.push_back(statement(BPF_JMP | BPF_JA, 3 * to_come + 1));  // over the other words and the refusal
  }
  program.push_back(statement(BPF_RET | BPF_K, 0));
  program.push_back(statement(BPF_ALU | BPF_RSH | BPF_X, 0));
  program.push_back(jump(BPF_JSET, 1, 1, 0));
  program.push_back(statement(BPF_RET | BPF_K, 0));
  program.push_back(statement(BPF_RET | BPF_K, kWholePacket));
  ASSERT(program.size() <= kMaxInstructions);
  return program;
}

}  // namespace baton::vrrp
