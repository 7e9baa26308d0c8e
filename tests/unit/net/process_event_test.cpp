#include "net/process_event.hpp"

#include <cstring>
#include <vector>

#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::net;
using Kind = ProcessEvent::Kind;

namespace {

constexpr std::uint32_t kToken = 4711;
constexpr std::uint32_t kFork = 1, kExec = 2, kUid = 4, kSid = 0x80, kComm = 0x200, kCoredump = 0x40000000,
                        kExit = 0x80000000;

/// A message of the kernel's, as <linux/cn_proc.h> has it: `words` are its event_data.
std::vector<std::uint8_t> message(std::uint32_t what, const std::vector<std::uint32_t>& words,
                                  std::uint32_t token = kToken) {
  nlmsghdr header{};
  cn_msg connector{};
  proc_event event{};
  header.nlmsg_len = sizeof header + sizeof connector + sizeof event;
  connector.id = {CN_IDX_PROC, CN_VAL_PROC};
  connector.ack = token + 1;
  connector.len = sizeof event;
  std::vector<std::uint8_t> bytes(header.nlmsg_len);
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, &connector, sizeof connector);
  auto* at = bytes.data() + sizeof header + sizeof connector;
  std::memcpy(at, &what, sizeof what);
  std::memcpy(at + offsetof(proc_event, event_data), words.data(), words.size() * sizeof words[0]);
  return bytes;
}

struct Row {
  const char* text;
  std::uint32_t what;
  std::vector<std::uint32_t> words;
  std::optional<Kind> kind;
  int process = 0, parent = 0;
};

const std::vector<Row> kRows = {
    {"our answer", 0, {0}, Kind::listening},
    {"a process forks", kFork, {10, 10, 20, 20}, Kind::forked, 20, 10},
    {"a thread of it forks", kFork, {11, 10, 20, 20}, Kind::forked, 20, 10},
    {"a new thread", kFork, {10, 10, 21, 10}, {}},
    {"another program", kExec, {20, 20}, Kind::changed, 20},
    {"another name", kComm, {20, 20, 0x41414141, 0, 0, 0}, Kind::changed, 20},
    {"of a thread", kComm, {21, 20, 0x41414141, 0, 0, 0}, {}},
    {"an end", kExit, {20, 20, 0, 17, 10, 10}, Kind::ended, 20},
    {"of a thread", kExit, {21, 20, 0, 17, 10, 10}, {}},
    {"another user", kUid, {20, 20, 0, 0}, {}},
    {"another session", kSid, {20, 20}, {}},
    {"a core dump", kCoredump, {20, 20, 10, 10}, {}},
};

}  // namespace

TEST_CASE("process event: what becomes of each message") {
  for (const auto& row : kRows) {
    INFO(row.text);
    const auto event = decode_process_event(message(row.what, row.words), kToken);
    REQUIRE(event.has_value() == row.kind.has_value());
    if (!event) continue;
    CHECK(event->kind == row.kind);
    CHECK(event->process == vrrp::ProcessId{row.process});
    CHECK(event->parent == vrrp::ProcessId{row.parent});
  }
}

TEST_CASE("process event: the kernel's filter lets through what is decoded, and no more") {
  int ends[2] = {-1, -1};
  REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends) == 0);
  auto program = process_event_filter();
  const sock_fprog filter{.len = static_cast<unsigned short>(program.size()), .filter = program.data()};
  REQUIRE(::setsockopt(ends[0], SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0);
  for (const auto& row : kRows) {
    INFO(row.text);
    const auto bytes = message(row.what, row.words);
    (void)::send(ends[1], bytes.data(), bytes.size(), 0);
    std::array<std::uint8_t, kLongestProcessMessage> room{};
    const auto count = ::recv(ends[0], room.data(), room.size(), 0);
    CHECK((count > 0) == row.kind.has_value());
    if (count > 0) CHECK(static_cast<std::size_t>(count) == bytes.size());
  }
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("process event: other people's answers, and a refusal, are not ours") {
  CHECK_FALSE(decode_process_event(message(0, {0}, kToken + 1), kToken));
  CHECK_FALSE(decode_process_event(message(0, {1}), kToken));
  CHECK(decode_process_event(message(kExec, {20, 20}, kToken + 1), kToken));
}

TEST_CASE("process event: a message that is cut anywhere is none, and reads nothing beyond its end") {
  const auto whole = message(kFork, {10, 10, 20, 20});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::uint8_t> part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const bool has_all = size >= sizeof(nlmsghdr) + sizeof(cn_msg) + offsetof(proc_event, event_data) + 16;
    CHECK(decode_process_event(part, kToken).has_value() == has_all);
  }
}

TEST_CASE("process event: of another connector") {
  auto bytes = message(kExec, {20, 20});
  bytes[sizeof(nlmsghdr)] ^= 4;
  CHECK_FALSE(decode_process_event(bytes, kToken));
}

TEST_CASE("process event: a request asks to be told, or not any more, with our token") {
  bool listen = false;
  SUBCASE("to be told") {
    listen = true;
  }
  SUBCASE("not any more") {
    listen = false;
  }
  const auto request = process_request(listen, kToken);
  nlmsghdr header{};
  std::memcpy(&header, request.data(), sizeof header);
  CHECK(header.nlmsg_len == request.size());
  cn_msg connector{};
  std::memcpy(&connector, request.data() + sizeof header, sizeof connector);
  CHECK(connector.id.idx == CN_IDX_PROC);
  CHECK(connector.id.val == CN_VAL_PROC);
  CHECK(connector.ack == kToken);
  CHECK(connector.len == 4);
  std::uint32_t operation = 0;
  std::memcpy(&operation, request.data() + sizeof header + sizeof connector, sizeof operation);
  CHECK(operation == (listen ? PROC_CN_MCAST_LISTEN : PROC_CN_MCAST_IGNORE));
}
