#include "net/address_leases.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <iterator>
#include <map>
#include <memory>
#include <system_error>
#include <tuple>
#include <utility>

#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "net/netlink_message.hpp"
#include "net/rtnetlink.hpp"

namespace baton::net {
namespace {

constexpr Duration kListLimit = std::chrono::seconds{2};
constexpr std::size_t kAddressMessageCapacity = 256;  // header, ifaddrmsg and seven attributes of IPv6 need 124 octets

/// What is asked about every address of a call.
struct Operation {
  const char* verb = "";
  const char* preposition = "";
  std::uint16_t type = 0;  // RTM_NEWADDR, RTM_DELADDR
  std::uint16_t flags = 0;
  std::uint32_t lifetime = kForEver;  // seconds
};

constexpr Operation kRelease{"remove", "from", RTM_DELADDR, 0};
constexpr Operation kKeep{"keep", "on", RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE};

/// Never longer than the address itself lives.
std::uint32_t preferred_lifetime(const LeasedAddress& lease, std::uint32_t valid) {
  if (!lease.preferred) return valid;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(lease.preferred->count(), 0, valid));
}

std::uint32_t whole_seconds(std::chrono::seconds lifetime) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(lifetime.count(), 1, kForEver - 1));
}

NetlinkMessage address_message(const Operation& operation, const LeasedAddress& lease) {
  NetlinkMessage message(nlmsg_alloc_size(kAddressMessageCapacity));
  if (!message) throw std::bad_alloc();
  nlmsghdr* const header =
      nlmsg_put(message.get(), 0, 0, operation.type, static_cast<int>(sizeof(ifaddrmsg)), operation.flags);
  auto* const body = static_cast<ifaddrmsg*>(nlmsg_data(header));
  const bool is_v4 = lease.address.is_v4();
  *body = {.ifa_family = static_cast<std::uint8_t>(is_v4 ? AF_INET : AF_INET6),
           .ifa_prefixlen = lease.prefix_length,
           .ifa_flags = 0,
           .ifa_scope = is_v4 ? lease.scope : std::uint8_t{0},
           .ifa_index = number(lease.link)};
  put_address(message.get(), IFA_LOCAL, lease.address);
  put_address(message.get(), IFA_ADDRESS, lease.peer.value_or(lease.address));
  if (operation.type == RTM_DELADDR) return message;
  if (lease.broadcast && lease.broadcast->is_v4()) put_address(message.get(), IFA_BROADCAST, *lease.broadcast);
  if (!lease.label.empty()) nla_put_string(message.get(), IFA_LABEL, lease.label.c_str());
  ifa_cacheinfo lifetimes{};
  lifetimes.ifa_prefered = preferred_lifetime(lease, operation.lifetime);
  lifetimes.ifa_valid = operation.lifetime;
  nla_put(message.get(), IFA_CACHEINFO, sizeof lifetimes, &lifetimes);
  nla_put_u8(message.get(), IFA_PROTO, lease.protocol);
  if (lease.flags != 0) nla_put_u32(message.get(), IFA_FLAGS, lease.flags);
  return message;
}

/// "add 192.0.2.1/32 to eth0": only for failures, as the name costs three system calls.
std::string describe(const Operation& operation, const LeasedAddress& lease) {
  std::array<char, IF_NAMESIZE> buffer{};
  const bool is_known = if_indextoname(number(lease.link), buffer.data()) != nullptr;
  const auto name = is_known ? std::string(buffer.data()) : "interface " + std::to_string(number(lease.link));
  return std::string(operation.verb) + ' ' + lease.address.to_string() + '/' + std::to_string(lease.prefix_length) +
         ' ' + operation.preposition + ' ' + name;
}

bool is_already_so(const Operation& operation, int code) {
  return operation.type == RTM_DELADDR && (code == EADDRNOTAVAIL || code == ENODEV);
}

/// The outcome for the addresses at `positions`, as a batch of its own.
void carry_out(NetlinkSocket& socket, const Operation& operation, std::span<const LeasedAddress> addresses,
               std::span<const std::size_t> positions, std::vector<LeaseAnswer>& answers) {
  Batch batch;
  std::vector<std::size_t> sent;
  sent.reserve(positions.size());
  for (const auto position : positions) {
    batch.add(address_message(operation, addresses[position]).get(), {});
    sent.push_back(position);
  }
  if (batch.empty()) return;
  const auto outcome = socket.run(batch, batch.limit());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const auto& [code, text] = outcome[i];
    auto& answer = answers[sent[i]];
    answer = {};
    if (code == 0 || is_already_so(operation, code)) continue;
    answer = {code, describe(operation, addresses[sent[i]]) + ": " + text, false};
  }
}

std::vector<std::size_t> all_positions(std::size_t count) {
  std::vector<std::size_t> positions(count);
  for (std::size_t i = 0; i < count; ++i)
    positions[i] = i;
  return positions;
}

std::vector<LeaseAnswer> carry_out_all(NetlinkSocket& socket, const Operation& operation,
                                       std::span<const LeasedAddress> addresses) {
  std::vector<LeaseAnswer> answers(addresses.size());
  carry_out(socket, operation, addresses, all_positions(addresses.size()), answers);
  return answers;
}

/// An address without a number of anybody and with a lifetime may be ours from a kernel that keeps no numbers.
bool is_foreign(const HeldAddress& held) {
  return held.protocol != kBatonProtocol && (held.protocol != 0 || !held.remaining);
}

}  // namespace

AddressLeases::AddressLeases(boost::asio::io_context& io) : socket_(io, NETLINK_ROUTE) {}

std::vector<LeaseAnswer> AddressLeases::acquire(std::span<const LeasedAddress> addresses,
                                                std::chrono::seconds lifetime) {
  const auto seconds = whole_seconds(lifetime);
  auto answers = carry_out_all(socket_, {"add", "to", RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, seconds}, addresses);
  std::vector<std::size_t> clashes;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].code == EEXIST) clashes.push_back(i);
  }
  if (clashes.empty()) return answers;
  using Key = std::tuple<IfIndex, IpAddress, std::uint8_t>;
  std::map<Key, bool> foreign;
  if (const auto held = present(IfIndex{})) {
    for (const auto& one : *held)
      foreign[{one.lease.link, one.lease.address, one.lease.prefix_length}] = is_foreign(one);
  }
  const Operation take_over{"take over", "on", RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, seconds};
  carry_out(socket_, take_over, addresses, clashes, answers);
  for (const auto i : clashes) {
    const auto found = foreign.find({addresses[i].link, addresses[i].address, addresses[i].prefix_length});
    answers[i].taken_over = answers[i].code == 0 && found != foreign.end() && found->second;
    if (answers[i].taken_over) answers[i].what = describe(take_over, addresses[i]);
  }
  return answers;
}

std::vector<LeaseAnswer> AddressLeases::renew(std::span<const LeasedAddress> addresses, std::chrono::seconds lifetime) {
  return carry_out_all(socket_, {"renew", "on", RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, whole_seconds(lifetime)},
                       addresses);
}

std::vector<LeaseAnswer> AddressLeases::release(std::span<const LeasedAddress> addresses) {
  // The kernel takes the route of an IPv6 prefix away with a permanent address only; it would outlive a lease.
  std::vector<LeasedAddress> ipv6;
  std::ranges::copy_if(addresses, std::back_inserter(ipv6), [](const auto& lease) { return lease.address.is_v6(); });
  if (!ipv6.empty()) (void)carry_out_all(socket_, kKeep, ipv6);
  return carry_out_all(socket_, kRelease, addresses);
}

std::vector<LeaseAnswer> AddressLeases::add_permanent(std::span<const LeasedAddress> addresses) {
  return carry_out_all(socket_, {"add", "to", RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL}, addresses);
}

std::vector<LeaseAnswer> AddressLeases::make_permanent(std::span<const LeasedAddress> addresses) {
  return carry_out_all(socket_, kKeep, addresses);
}

Result<std::vector<HeldAddress>> AddressLeases::present(IfIndex link) {
  std::vector<HeldAddress> held;
  const auto each = [&held, link](const nlmsghdr& header) {
    const auto bytes = std::span(reinterpret_cast<const std::byte*>(&header), header.nlmsg_len);
    const auto found = parse_address(bytes);
    if (!found || found->removed || (link != IfIndex{} && found->link != link)) return;
    held.push_back({.lease = {.address = found->address,
                              .prefix_length = found->prefix_length,
                              .link = found->link,
                              .scope = found->scope,
                              .label = found->label,
                              .broadcast = found->broadcast,
                              .peer = found->peer},
                    .remaining = found->valid,
                    .protocol = found->protocol,
                    .secondary = found->secondary});
  };
  const NetlinkMessage request(nlmsg_alloc_size(kAddressMessageCapacity));
  if (!request) throw std::bad_alloc();
  nlmsghdr* const header = nlmsg_put(request.get(), 0, 0, RTM_GETADDR, static_cast<int>(sizeof(ifaddrmsg)), NLM_F_DUMP);
  *static_cast<ifaddrmsg*>(nlmsg_data(header)) = {
      .ifa_family = AF_UNSPEC, .ifa_prefixlen = 0, .ifa_flags = 0, .ifa_scope = 0, .ifa_index = 0};
  if (auto read = socket_.query(request.get(), kListLimit, each); !read)
    return failure("reading addresses: " + read.error().message, read.error().system_code);
  return held;
}

}  // namespace baton::net
