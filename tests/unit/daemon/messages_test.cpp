#include "daemon/messages.hpp"

#include <algorithm>
#include <random>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;

namespace {

IpAddress any_address(std::mt19937& random) {
  if (random() % 2 == 0) return IpAddress::v4(static_cast<std::uint32_t>(random()));
  std::array<std::uint8_t, 16> octets{};
  for (auto& octet : octets)
    octet = static_cast<std::uint8_t>(random());
  return IpAddress::v6(octets);
}

std::string any_text(std::mt19937& random, std::size_t limit) {
  std::string text(random() % (limit + 1), ' ');
  for (auto& c : text)
    c = static_cast<char>(random());
  return text;
}

ipvs::ServiceKey any_service(std::mt19937& random) {
  constexpr std::array kProtocols{ipvs::Protocol::none, ipvs::Protocol::tcp, ipvs::Protocol::udp, ipvs::Protocol::sctp};
  ipvs::ServiceKey service;
  service.family = random() % 2 == 0 ? Family::ipv4 : Family::ipv6;
  service.protocol = kProtocols.at(random() % kProtocols.size());
  service.address = any_address(random);
  service.port = static_cast<std::uint16_t>(random());
  service.fwmark = static_cast<std::uint32_t>(random());
  return service;
}

ipvs::DestKey any_server(std::mt19937& random) {
  return {any_address(random), static_cast<std::uint16_t>(random())};
}

PoolAnswer any_answer(std::mt19937& random, std::size_t servers) {
  PoolAnswer answer;
  answer.question.name = any_text(random, kMaxName);
  answer.question.record = static_cast<config::PoolRecord>(random() % 3);
  answer.question.family = random() % 2 == 0 ? Family::ipv4 : Family::ipv6;
  if (random() % 2 == 0)
    answer.question.nameserver = config::Nameserver{any_address(random), static_cast<std::uint16_t>(random())};
  for (std::size_t i = 0; i < servers; ++i)
    answer.servers.push_back(
        {any_address(random), static_cast<std::uint16_t>(random()), static_cast<std::uint16_t>(random())});
  std::ranges::sort(answer.servers);
  return answer;
}

Message any_message(std::mt19937& random, std::size_t kind) {
  switch (kind) {
    case 0: return Configure{std::uint64_t{random()} << 32U | random()};
    case 1: return Configured{std::uint64_t{random()} << 32U | random()};
    case 2: {
      Verdict verdict;
      verdict.service = any_service(random);
      verdict.server = any_server(random);
      verdict.up = random() % 2 == 0;
      if (random() % 2 == 0) verdict.weight = static_cast<std::uint16_t>(random());
      verdict.reason = any_text(random, kMaxReason);
      return verdict;
    }
    case 3: return RoleStarted{static_cast<Role>(random() % kRoles)};
    case 4:
      return Notify{any_text(random, kMaxName), static_cast<NotifyState>(random() % kNotifyStates),
                    static_cast<Priority>(random()), random() % 2 == 0};
    case 5: return Stop{};
    case 6:
      return ServerNotify{any_service(random), any_server(random), random() % 2 == 0,
                          static_cast<PoolMoment>(random() % 3), any_text(random, kMaxReason)};
    case 7:
      return QuorumNotify{any_service(random), random() % 2 == 0, static_cast<PoolMoment>(random() % 3), random()};
    case 8:
      return RunCheck{random(), random(), static_cast<std::uint32_t>(random()),
                      std::chrono::milliseconds{static_cast<std::uint32_t>(random())}};
    case 9:
      return CheckEnded{random(), static_cast<ScriptEnd>(random() % 4), static_cast<std::uint8_t>(random()),
                        any_text(random, kMaxReason)};
    default: return any_answer(random, random() % 8);
  }
}

Envelope any_envelope(std::mt19937& random) {
  return {static_cast<Role>(random() % kRoles), static_cast<Role>(random() % kRoles),
          any_message(random, random() % std::variant_size_v<Message>)};
}

std::vector<std::byte> bytes_of(const Envelope& envelope) {
  const auto bytes = encode(envelope);
  REQUIRE(bytes);
  return *bytes;
}

}  // namespace

TEST_CASE("the bytes of a message are fixed") {
  const auto bytes = bytes_of({Role::vrrp, Role::supervisor, Notify{"VI_1", NotifyState::fault, 150}});
  const std::array<int, 13> expected{1, 1, 0, 4, 0, 4, 'V', 'I', '_', '1', 2, 150, 0};
  REQUIRE(bytes.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(std::to_integer<int>(bytes[i]) == expected.at(i));
  CHECK(bytes_of({Role::supervisor, Role::ipvs, Configure{0x0102}}).back() == std::byte{2});
}

TEST_CASE("what was encoded is decoded to the same, and fits the channel") {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same messages in every run
  for (int i = 0; i < 10000; ++i) {
    const auto envelope = any_envelope(random);
    const auto bytes = bytes_of(envelope);
    CHECK(bytes.size() <= kMaxMessage);
    const auto decoded = decode(bytes);
    REQUIRE(decoded);
    CHECK(*decoded == envelope);
  }
}

TEST_CASE("what is cut or followed by anything is refused") {
  std::mt19937 random(2);  // NOLINT(cert-msc51-cpp)
  for (std::size_t kind = 0; kind < std::variant_size_v<Message>; ++kind) {
    auto bytes = bytes_of({Role::vrrp, Role::ipvs, any_message(random, kind)});
    for (std::size_t length = 0; length < bytes.size(); ++length)
      CHECK_FALSE(decode(std::span(bytes).first(length)));
    bytes.push_back(std::byte{0});
    CHECK_FALSE(decode(bytes));
  }
}

TEST_CASE("no bytes are decoded that encode would not have written") {
  std::mt19937 random(3);  // NOLINT(cert-msc51-cpp)
  int decoded_changes = 0;
  for (int i = 0; i < 10000; ++i) {
    auto bytes = bytes_of(any_envelope(random));
    bytes[random() % bytes.size()] ^= std::byte{static_cast<unsigned char>(1U << (random() % 8U))};
    const auto decoded = decode(bytes);
    if (!decoded) continue;
    ++decoded_changes;
    CHECK(bytes_of(*decoded) == bytes);
  }
  CHECK(decoded_changes > 500);
  for (int i = 0; i < 10000; ++i) {
    std::vector<std::byte> bytes(random() % 64);
    for (auto& octet : bytes)
      octet = static_cast<std::byte>(random() % 8);
    const auto decoded = decode(bytes);
    if (decoded) CHECK(bytes_of(*decoded) == bytes);
  }
}

TEST_CASE("values outside their range are refused") {
  auto version = bytes_of({Role::supervisor, Role::vrrp, Stop{}});
  CHECK(decode(version));
  version[0] = std::byte{2};
  CHECK_FALSE(decode(version));

  for (const std::size_t place : {1U, 2U, 3U}) {
    auto bytes = bytes_of({Role::supervisor, Role::vrrp, Stop{}});
    bytes[place] = std::byte{99};
    CHECK_FALSE(decode(bytes));
  }
  auto role = bytes_of({Role::supervisor, Role::vrrp, RoleStarted{Role::control}});
  role.back() = std::byte{kRoles};
  CHECK_FALSE(decode(role));

  auto verdict = bytes_of({Role::checkers, Role::ipvs, Verdict{}});
  for (const auto& [place, wrong] : {std::pair{4, 5}, {5, 1}, {6, 0}, {24, 2}, {25, 2}}) {  // ..., up, has weight
    auto bytes = verdict;
    bytes[static_cast<std::size_t>(place)] = std::byte{static_cast<unsigned char>(wrong)};
    CHECK_FALSE(decode(bytes));
  }
  CHECK_FALSE(decode(std::vector<std::byte>(kMaxMessage + 1)));
}

TEST_CASE("the largest answer of DNS fits the channel; one that is larger, or out of order, is none") {
  PoolAnswer answer;
  answer.question.name.assign(kMaxName, 'n');
  answer.question.nameserver = config::Nameserver{IpAddress::v6({}), 53};
  for (std::size_t i = 0; i < kMaxPoolServers; ++i) {
    std::array<std::uint8_t, 16> octets{0x20};
    octets[15] = static_cast<std::uint8_t>(i);
    answer.servers.push_back({IpAddress::v6(octets), 80, 1});
  }
  const Envelope envelope{Role::checkers, Role::supervisor, answer};
  const auto bytes = bytes_of(envelope);
  CHECK(bytes.size() <= kMaxMessage);
  CHECK(decode(bytes) == envelope);
  auto more = answer;
  more.servers.push_back({IpAddress::v6({0x30}), 80, 1});
  CHECK_FALSE(encode({Role::checkers, Role::supervisor, more}));
  more = answer;
  std::swap(more.servers.front(), more.servers.back());
  CHECK_FALSE(decode(bytes_of({Role::checkers, Role::supervisor, more})));
  more.servers = {answer.servers.front(), answer.servers.front()};
  CHECK_FALSE(decode(bytes_of({Role::checkers, Role::supervisor, more})));
}

TEST_CASE("texts have limits") {
  Verdict verdict;
  verdict.reason.assign(kMaxReason + 100, 'r');
  const auto decoded = decode(bytes_of({Role::checkers, Role::ipvs, verdict}));
  REQUIRE(decoded);
  CHECK(std::get<Verdict>(decoded->message).reason.size() == kMaxReason);

  CHECK(encode({Role::vrrp, Role::supervisor, Notify{std::string(kMaxName, 'n'), NotifyState::stop, 0}}));
  CHECK_FALSE(encode({Role::vrrp, Role::supervisor, Notify{std::string(kMaxName + 1, 'n'), NotifyState::stop, 0}}));

  auto long_name = bytes_of({Role::vrrp, Role::supervisor, Notify{std::string(kMaxName, 'n'), NotifyState::stop, 0}});
  long_name[4] = std::byte{1};  // length 0x01ff
  long_name.resize(long_name.size() + 256);
  CHECK_FALSE(decode(long_name));
}

TEST_CASE("who may say what to whom") {
  struct Row {
    Message message;
    std::vector<std::pair<Role, Role>> allowed;
  };
  const std::vector<std::pair<Role, Role>> downwards{{Role::supervisor, Role::vrrp},
                                                     {Role::supervisor, Role::checkers},
                                                     {Role::supervisor, Role::ipvs},
                                                     {Role::supervisor, Role::control}};
  const std::vector<std::pair<Role, Role>> upwards{{Role::vrrp, Role::supervisor},
                                                   {Role::checkers, Role::supervisor},
                                                   {Role::ipvs, Role::supervisor},
                                                   {Role::control, Role::supervisor}};
  const std::vector<Row> rows{
      {Configure{}, downwards},
      {Configured{}, upwards},
      {Verdict{}, {{Role::checkers, Role::ipvs}, {Role::ipvs, Role::checkers}}},
      {RoleStarted{}, downwards},
      {Notify{}, {{Role::vrrp, Role::supervisor}, {Role::vrrp, Role::ipvs}}},
      {Stop{}, downwards},
      {ServerNotify{}, {{Role::ipvs, Role::supervisor}}},
      {QuorumNotify{}, {{Role::ipvs, Role::supervisor}}},
      {RunCheck{}, {{Role::checkers, Role::supervisor}, {Role::vrrp, Role::supervisor}}},
      {CheckEnded{}, {{Role::supervisor, Role::checkers}, {Role::supervisor, Role::vrrp}}},
      {PoolAnswer{},
       {{Role::checkers, Role::supervisor}, {Role::supervisor, Role::checkers}, {Role::supervisor, Role::ipvs}}},
      {BfdState{}, {{Role::vrrp, Role::checkers}}},
  };
  REQUIRE(rows.size() == std::variant_size_v<Message>);
  for (const auto& row : rows)
    for (std::size_t from = 0; from < kRoles; ++from)
      for (std::size_t to = 0; to < kRoles; ++to) {
        const std::pair pair{static_cast<Role>(from), static_cast<Role>(to)};
        CAPTURE(name(row.message));
        CAPTURE(name(pair.first));
        CAPTURE(name(pair.second));
        CHECK(may_send(pair.first, pair.second, row.message) == (std::ranges::count(row.allowed, pair) == 1));
      }
}

TEST_CASE("names") {
  for (std::size_t i = 0; i < kRoles; ++i)
    CHECK(role_named(name(static_cast<Role>(i))) == static_cast<Role>(i));
  CHECK_FALSE(role_named("vrr"));
  CHECK_FALSE(role_named(""));
  CHECK(name(NotifyState::master) == "MASTER");
  CHECK(name(NotifyState::stop) == "STOP");
  CHECK(name(Message{Verdict{}}) == "Verdict");
  CHECK(name(Message{Stop{}}) == "Stop");
  CHECK(name(Message{CheckEnded{}}) == "CheckEnded");
  CHECK(name(Message{PoolAnswer{}}) == "PoolAnswer");
}
