#include "daemon/messages.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "core/overloaded.hpp"

namespace baton::daemon {

namespace {

// On the channel: version, from, to, type, each one octet; then the fields in order.  Integers have the most
// significant octet first, a text has its length in two octets before it, an address its family (4 or 6) before its
// octets.
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kMoments = 3;

constexpr std::array<std::string_view, kRoles> kRoleNames{"supervisor", "vrrp", "checkers", "ipvs", "control"};
constexpr std::array<std::string_view, kNotifyStates> kStateNames{
    "MASTER", "BACKUP", "FAULT", "STOP", "DELETED", "MASTER_RX_LOWER_PRI", "MASTER_PRIORITY", "BACKUP_PRIORITY"};
constexpr std::array<std::string_view, std::variant_size_v<Message>> kMessageNames{
    "Configure",    "Configured",   "Verdict",  "RoleStarted", "Notify",     "Stop",
    "ServerNotify", "QuorumNotify", "RunCheck", "CheckEnded",  "PoolAnswer", "BfdState"};

class Writer {
 public:
  template <class Integer>
  void number(Integer value) {
    for (auto shift = 8 * sizeof(Integer); shift > 0; shift -= 8)
      bytes_.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(value) >> (shift - 8) & 0xffU));
  }
  void text(std::string_view value) {
    number(static_cast<std::uint16_t>(value.size()));
    for (const char c : value)
      bytes_.push_back(static_cast<std::byte>(c));
  }
  void flag(bool value) { number(static_cast<std::uint8_t>(value ? 1 : 0)); }
  void address(const IpAddress& value) {
    number(static_cast<std::uint8_t>(value.family()));
    for (const auto octet : value.octets())
      number(octet);
  }
  void service(const ipvs::ServiceKey& value) {
    number(static_cast<std::uint8_t>(value.family));
    number(static_cast<std::uint8_t>(value.protocol));
    address(value.address);
    number(value.port);
    number(value.fwmark);
  }
  void server(const ipvs::DestKey& value) {
    address(value.address);
    number(value.port);
  }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

/// Once something is missing or wrong, `good()` is false for ever and every value is empty.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  template <class Integer>
  Integer number() {
    std::uint64_t value = 0;
    for (const auto octet : take(sizeof(Integer)))
      value = value << 8U | static_cast<std::uint8_t>(octet);
    return static_cast<Integer>(value);
  }
  /// An octet that must be one of the first `count` enumerators.
  template <class Enum>
  Enum one_of(std::size_t count) {
    const auto value = number<std::uint8_t>();
    expect(value < count);
    return static_cast<Enum>(value);
  }
  std::string text(std::size_t limit) {
    const auto length = number<std::uint16_t>();
    expect(length <= limit);
    std::string value;
    for (const auto octet : take(length))
      value.push_back(static_cast<char>(octet));
    return value;
  }
  Family family() {
    const auto value = number<std::uint8_t>();
    expect(value == 4 || value == 6);
    return value == 6 ? Family::ipv6 : Family::ipv4;
  }
  IpAddress address() { return family() == Family::ipv4 ? octets<4>() : octets<16>(); }

  bool flag() { return one_of<std::uint8_t>(2) == 1; }
  ipvs::ServiceKey service() {
    ipvs::ServiceKey value;
    value.family = family();
    const auto protocol = number<std::uint8_t>();
    expect(protocol == 0 || protocol == 6 || protocol == 17 || protocol == 132);
    value.protocol = static_cast<ipvs::Protocol>(protocol);
    value.address = address();
    value.port = number<std::uint16_t>();
    value.fwmark = number<std::uint32_t>();
    return value;
  }
  ipvs::DestKey server() {
    ipvs::DestKey value;
    value.address = address();
    value.port = number<std::uint16_t>();
    return value;
  }

  void expect(bool condition) { good_ = good_ && condition; }
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool finished() const { return good_ && bytes_.empty(); }

 private:
  std::span<const std::byte> take(std::size_t count) {
    expect(bytes_.size() >= count);
    if (!good_) return {};
    const auto taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  template <std::size_t kCount>
  IpAddress octets() {
    std::array<std::uint8_t, kCount> value{};
    std::ranges::transform(take(kCount), value.begin(),
                           [](std::byte octet) { return static_cast<std::uint8_t>(octet); });
    if constexpr (kCount == 4) return IpAddress::v4(value);
    if constexpr (kCount == 16) return IpAddress::v6(value);
  }

  std::span<const std::byte> bytes_;
  bool good_ = true;
};

void write(Writer& to, const Configure& message) {
  to.number(message.generation);
}
void write(Writer& to, const Configured& message) {
  to.number(message.generation);
}
void write(Writer& to, const Verdict& message) {
  to.service(message.service);
  to.server(message.server);
  to.flag(message.up);
  to.flag(message.weight.has_value());
  if (message.weight) to.number(*message.weight);
  to.text(std::string_view(message.reason).substr(0, kMaxReason));
}
void write(Writer& to, const RoleStarted& message) {
  to.number(static_cast<std::uint8_t>(message.role));
}
void write(Writer& to, const Notify& message) {
  to.text(message.instance);
  to.number(static_cast<std::uint8_t>(message.state));
  to.number(message.priority);
  to.flag(message.is_group);
}
void write(Writer& /*to*/, const Stop& /*message*/) {}
void write(Writer& to, const ServerNotify& message) {
  to.service(message.service);
  to.server(message.server);
  to.flag(message.up);
  to.number(static_cast<std::uint8_t>(message.moment));
  to.text(std::string_view(message.reason).substr(0, kMaxReason));
}
void write(Writer& to, const QuorumNotify& message) {
  to.service(message.service);
  to.flag(message.up);
  to.number(static_cast<std::uint8_t>(message.moment));
  to.number(message.live);
}
void write(Writer& to, const RunCheck& message) {
  to.number(message.run);
  to.number(message.generation);
  to.number(message.script);
  to.number(static_cast<std::uint32_t>(message.timeout.count()));
}
void write(Writer& to, const CheckEnded& message) {
  to.number(message.run);
  to.number(static_cast<std::uint8_t>(message.end));
  to.number(message.code);
  to.text(std::string_view(message.reason).substr(0, kMaxReason));
}
void write(Writer& to, const PoolAnswer& message) {
  const auto& [name, record, family, nameserver] = message.question;
  to.text(name);
  to.number(static_cast<std::uint8_t>(record));
  to.number(static_cast<std::uint8_t>(family));
  to.flag(nameserver.has_value());
  if (nameserver) to.server({nameserver->address, nameserver->port});
  to.number(static_cast<std::uint16_t>(message.servers.size()));
  for (const auto& server : message.servers) {
    to.server({server.address, server.port});
    to.number(server.weight);
  }
}

void write(Writer& to, const BfdState& message) {
  to.text(std::string_view(message.session).substr(0, kMaxName));
  to.flag(message.up);
}

void read(Reader& from, Configure& message) {
  message.generation = from.number<std::uint64_t>();
}
void read(Reader& from, Configured& message) {
  message.generation = from.number<std::uint64_t>();
}
void read(Reader& from, Verdict& message) {
  message.service = from.service();
  message.server = from.server();
  message.up = from.flag();
  if (from.flag()) message.weight = from.number<std::uint16_t>();
  message.reason = from.text(kMaxReason);
}
void read(Reader& from, RoleStarted& message) {
  message.role = from.one_of<Role>(kRoles);
}
void read(Reader& from, Notify& message) {
  message.instance = from.text(kMaxName);
  message.state = from.one_of<NotifyState>(kStateNames.size());
  message.priority = from.number<Priority>();
  message.is_group = from.flag();
}
void read(Reader& /*from*/, Stop& /*message*/) {}
void read(Reader& from, ServerNotify& message) {
  message.service = from.service();
  message.server = from.server();
  message.up = from.flag();
  message.moment = from.one_of<PoolMoment>(kMoments);
  message.reason = from.text(kMaxReason);
}
void read(Reader& from, QuorumNotify& message) {
  message.service = from.service();
  message.up = from.flag();
  message.moment = from.one_of<PoolMoment>(kMoments);
  message.live = from.number<std::uint64_t>();
}
void read(Reader& from, RunCheck& message) {
  message.run = from.number<std::uint64_t>();
  message.generation = from.number<std::uint64_t>();
  message.script = from.number<std::uint32_t>();
  message.timeout = std::chrono::milliseconds{from.number<std::uint32_t>()};
}
void read(Reader& from, CheckEnded& message) {
  message.run = from.number<std::uint64_t>();
  message.end = from.one_of<ScriptEnd>(4);
  message.code = from.number<std::uint8_t>();
  message.reason = from.text(kMaxReason);
}
void read(Reader& from, PoolAnswer& message) {
  message.question.name = from.text(kMaxName);
  message.question.record = from.one_of<config::PoolRecord>(3);
  message.question.family = from.family();
  if (from.flag()) {
    const auto [address, port] = from.server();
    message.question.nameserver = config::Nameserver{address, port};
  }
  const auto count = from.number<std::uint16_t>();
  from.expect(count <= kMaxPoolServers);
  for (std::size_t i = 0; i < count && from.good(); ++i) {
    const auto [address, port] = from.server();
    message.servers.push_back({address, port, from.number<std::uint16_t>()});
  }
  // As those who compare answers take it for granted.
  from.expect(std::ranges::is_sorted(message.servers) &&
              std::ranges::adjacent_find(message.servers) == message.servers.end());
}

void read(Reader& from, BfdState& message) {
  message.session = from.text(kMaxName);
  message.up = from.flag();
}

/// The alternative of the given index, with its default values.
template <std::size_t kIndex = 0>
Message message_of(std::size_t index) {
  if constexpr (kIndex + 1 < std::variant_size_v<Message>) {
    if (index != kIndex) return message_of<kIndex + 1>(index);
  }
  return Message(std::in_place_index<kIndex>);
}

}  // namespace

std::string_view name(Role role) {
  return kRoleNames.at(static_cast<std::size_t>(role));
}

std::optional<Role> role_named(std::string_view name) {
  const auto found = std::ranges::find(kRoleNames, name);
  if (found == kRoleNames.end()) return std::nullopt;
  return static_cast<Role>(found - kRoleNames.begin());
}

std::string_view name(NotifyState state) {
  return kStateNames.at(static_cast<std::size_t>(state));
}

std::string_view name(const Message& message) {
  return kMessageNames.at(message.index());
}

Result<std::vector<std::byte>> encode(const Envelope& envelope) {
  if (const auto* notify = std::get_if<Notify>(&envelope.message); notify && notify->instance.size() > kMaxName)
    return failure("the name of a VRRP instance is longer than " + std::to_string(kMaxName) + " octets");
  if (const auto* answer = std::get_if<PoolAnswer>(&envelope.message);
      answer && (answer->question.name.size() > kMaxName || answer->servers.size() > kMaxPoolServers))
    return failure("an answer of DNS is too long for a message");
  Writer writer;
  writer.number(kVersion);
  writer.number(static_cast<std::uint8_t>(envelope.from));
  writer.number(static_cast<std::uint8_t>(envelope.to));
  writer.number(static_cast<std::uint8_t>(envelope.message.index()));
  std::visit([&](const auto& message) { write(writer, message); }, envelope.message);
  return writer.take();
}

Result<Envelope> decode(std::span<const std::byte> bytes) {
  if (bytes.size() > kMaxMessage) return failure("message too long");
  Reader reader(bytes);
  reader.expect(reader.number<std::uint8_t>() == kVersion);
  Envelope envelope;
  envelope.from = reader.one_of<Role>(kRoles);
  envelope.to = reader.one_of<Role>(kRoles);
  envelope.message = message_of(reader.one_of<std::uint8_t>(kMessageNames.size()));
  std::visit([&](auto& message) { read(reader, message); }, envelope.message);
  if (!reader.finished()) return failure("malformed message");
  return envelope;
}

bool may_send(Role from, Role to, const Message& message) {
  if (from == to) return false;
  const auto downwards = from == Role::supervisor;
  const auto upwards = to == Role::supervisor;
  return std::visit(
      Overloaded{
          [&](const Configure&) { return downwards; },
          [&](const Configured&) { return upwards; },
          [&](const Verdict&) {
            return (from == Role::checkers && to == Role::ipvs) || (from == Role::ipvs && to == Role::checkers);
          },
          [&](const RoleStarted&) { return downwards; },
          [&](const Notify&) { return (upwards || to == Role::ipvs) && from == Role::vrrp; },
          [&](const Stop&) { return downwards; },
          [&](const ServerNotify&) { return upwards && from == Role::ipvs; },
          [&](const QuorumNotify&) { return upwards && from == Role::ipvs; },
          [&](const RunCheck&) { return upwards && (from == Role::checkers || from == Role::vrrp); },
          [&](const CheckEnded&) { return downwards && (to == Role::checkers || to == Role::vrrp); },
          [&](const BfdState&) { return from == Role::vrrp && to == Role::checkers; },
          [&](const PoolAnswer&) {
            return (upwards && from == Role::checkers) || (downwards && (to == Role::checkers || to == Role::ipvs));
          },
      },
      message);
}

}  // namespace baton::daemon
