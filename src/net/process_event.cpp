#include "net/process_event.hpp"

#include <cstddef>
#include <cstring>

#include <arpa/inet.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>

namespace baton::net {

namespace {

// Where things are in a message: the headers of netlink and of the connector, then a proc_event.
constexpr std::uint32_t kEvent = sizeof(nlmsghdr) + sizeof(cn_msg);
constexpr std::uint32_t kData = kEvent + offsetof(proc_event, event_data);
// A fork's are parent_pid, parent_tgid, child_pid, child_tgid; all others begin with process_pid, process_tgid.
constexpr std::uint32_t kParentGroup = kData + 4, kChild = kData + 8, kChildGroup = kData + 12;
constexpr std::uint32_t kProcess = kData, kProcessGroup = kData + 4;

// By value: new headers give these numbers a type of their own.
constexpr std::uint32_t kNone = 0, kFork = 1, kExec = 2, kComm = 0x200, kExit = 0x80000000;
constexpr std::uint32_t kListen = 1, kIgnore = 2;

template <class T>
T read(std::span<const std::uint8_t> bytes, std::size_t at) {
  T value{};
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

}  // namespace

std::array<std::uint8_t, kProcessRequest> process_request(bool listen, std::uint32_t token) {
  std::array<std::uint8_t, kProcessRequest> request{};
  static_assert(sizeof(nlmsghdr) + sizeof(cn_msg) + sizeof kListen == kProcessRequest);
  const std::uint32_t operation = listen ? kListen : kIgnore;
  nlmsghdr header{};
  header.nlmsg_len = kProcessRequest;
  header.nlmsg_type = NLMSG_DONE;
  cn_msg message{};
  message.id = {CN_IDX_PROC, CN_VAL_PROC};
  message.ack = token;  // the answer has one more; its seq is the kernel's own
  message.len = sizeof operation;
  std::memcpy(request.data(), &header, sizeof header);
  std::memcpy(request.data() + sizeof header, &message, sizeof message);
  std::memcpy(request.data() + kEvent, &operation, sizeof operation);
  return request;
}

/// Loads of such a program are of the network's order: constants are turned, and two fields are compared as they are.
std::array<sock_filter, 16> process_event_filter() {
  constexpr std::uint16_t kLoad = BPF_LD | BPF_W | BPF_ABS;
  constexpr std::uint16_t kIfEqual = BPF_JMP | BPF_JEQ | BPF_K;
  constexpr std::uint16_t kIfEqualX = BPF_JMP | BPF_JEQ | BPF_X;
  constexpr std::uint16_t kToX = BPF_MISC | BPF_TAX;
  constexpr std::uint16_t kReturn = BPF_RET | BPF_K;
  // Where the jumps go, which count from the next instruction.
  constexpr std::uint8_t kOfFork = 6, kOfProcess = 10, kPass = 14, kDrop = 15;
  const auto to = [](std::uint8_t target, std::uint8_t here) { return static_cast<std::uint8_t>(target - here - 1); };
  return {{
      {kLoad, 0, 0, kEvent},
      {kIfEqual, to(kPass, 1), 0, htonl(kNone)},
      {kIfEqual, to(kPass, 2), 0, htonl(kExec)},
      {kIfEqual, to(kOfFork, 3), 0, htonl(kFork)},
      {kIfEqual, to(kOfProcess, 4), 0, htonl(kComm)},
      {kIfEqual, to(kOfProcess, 5), to(kDrop, 5), htonl(kExit)},
      {kLoad, 0, 0, kChild},  // kOfFork: a thread's group is not its own number
      {kToX, 0, 0, 0},
      {kLoad, 0, 0, kChildGroup},
      {kIfEqualX, to(kPass, 9), to(kDrop, 9), 0},
      {kLoad, 0, 0, kProcess},  // kOfProcess
      {kToX, 0, 0, 0},
      {kLoad, 0, 0, kProcessGroup},
      {kIfEqualX, to(kPass, 13), to(kDrop, 13), 0},
      {kReturn, 0, 0, 0xffffffff},  // kPass
      {kReturn, 0, 0, 0},           // kDrop
  }};
}

std::optional<ProcessEvent> decode_process_event(std::span<const std::uint8_t> message, std::uint32_t token) {
  if (message.size() < kChildGroup + sizeof(std::uint32_t)) return std::nullopt;
  const auto connector = read<cn_msg>(message, sizeof(nlmsghdr));
  if (connector.id.idx != CN_IDX_PROC || connector.id.val != CN_VAL_PROC) return std::nullopt;
  const auto process = [&](std::size_t at) { return vrrp::ProcessId{read<std::int32_t>(message, at)}; };
  using Kind = ProcessEvent::Kind;
  switch (read<std::uint32_t>(message, kEvent)) {
    case kNone:
      if (connector.ack != token + 1 || read<std::uint32_t>(message, kData) != 0) return std::nullopt;
      return ProcessEvent{Kind::listening, {}, {}};
    case kFork:
      if (process(kChild) != process(kChildGroup)) return std::nullopt;
      return ProcessEvent{Kind::forked, process(kChild), process(kParentGroup)};
    case kExec: return ProcessEvent{Kind::changed, process(kProcessGroup), {}};
    case kComm:
      if (process(kProcess) != process(kProcessGroup)) return std::nullopt;
      return ProcessEvent{Kind::changed, process(kProcess), {}};
    case kExit:
      if (process(kProcess) != process(kProcessGroup)) return std::nullopt;
      return ProcessEvent{Kind::ended, process(kProcess), {}};
    default: return std::nullopt;
  }
}

}  // namespace baton::net
