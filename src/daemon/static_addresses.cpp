#include "daemon/static_addresses.hpp"

#include <algorithm>
#include <cerrno>

#include "daemon/adoption.hpp"
#include "daemon/log.hpp"

namespace baton::daemon {

namespace {

constexpr const char* kStaticWord = "static";
constexpr const char* kDefaultInterface = "eth0";  // keepalived's
constexpr std::uint8_t kKeepalivedProtocol = 18;   // not ours: the interface's own addresses may be static ones

std::string line_of(const HeldAddress& held) {
  HeldInstance instance;
  instance.addresses.push_back(held);
  const auto text = encode(VrrpLedger{instance});
  const auto start = text.find("address ");
  return std::string(kStaticWord) + ' ' + text.substr(start + 8, text.size() - start - 9);
}

}  // namespace

StaticAddresses::StaticAddresses(boost::asio::io_context& io, const net::Links& links, KernelLedger* ledger)
    : links_(links), ledger_(ledger), kernel_(io) {
  for (const auto& line : ledger_->lines_of(kStaticWord))
    for (const auto& instance : decode_vrrp_ledger("master none 1\naddress " + line))
      held_.insert(instance.addresses.begin(), instance.addresses.end());
}

void StaticAddresses::set(const config::Config& config) {
  plan_.clear();
  foreign_.clear();
  const auto& interface = config.global.vrrp.default_interface;
  std::set<HeldAddress> kept;
  for (const auto& address : config.static_addresses) {
    auto planned = plan_address(address, interface.empty() ? kDefaultInterface : interface);
    kept.insert(as_held(planned));
    plan_.push_back({std::move(planned), !address.no_track});
  }
  std::vector<HeldAddress> gone;
  std::ranges::set_difference(held_, kept, std::back_inserter(gone));
  for (const auto& answer : kernel_.release(located(gone)))
    if (answer.code != 0) log::error("{}", answer.what);
  for (const auto& held : gone) {
    held_.erase(held);
    ledger_->remove(line_of(held));
  }
  add(false);
  ledger_->save();
}

void StaticAddresses::restore() {
  if (!plan_.empty()) add(true);
}

void StaticAddresses::add(bool only_restored) {
  std::vector<net::LeasedAddress> list;
  std::vector<HeldAddress> whose;
  for (const auto& [planned, is_restored] : plan_) {
    const auto held = as_held(planned);
    const auto* link = links_.find(planned.device);
    if ((only_restored && !is_restored) || foreign_.contains(held)) continue;
    if (link == nullptr || !link->exists) {
      if (!only_restored)
        log::warning("static_ipaddress {}: there is no interface {}", held.address.to_string(), planned.device);
      continue;
    }
    list.push_back({planned.address, planned.prefix_length, link->index, planned.scope, planned.label,
                    planned.broadcast, planned.flags, planned.preferred, kKeepalivedProtocol, planned.peer});
    whose.push_back(held);
    ledger_->add(line_of(held));
  }
  ledger_->save();
  const auto answers = kernel_.add_permanent(list);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const bool was_ours = held_.contains(whose[i]);
    if (answers[i].code == 0) held_.insert(whose[i]);
    if (answers[i].code == 0 && only_restored && was_ours)
      log::warning("static_ipaddress {} was removed by somebody else; it is back", whose[i].address.to_string());
    if (answers[i].code != 0 && answers[i].code != EEXIST) log::error("{}", answers[i].what);
    if (answers[i].code == EEXIST && !was_ours) foreign_.insert(whose[i]);
    if (!held_.contains(whose[i])) ledger_->remove(line_of(whose[i]));
  }
}

std::vector<net::LeasedAddress> StaticAddresses::located(std::span<const HeldAddress> addresses) const {
  std::vector<net::LeasedAddress> list;
  for (const auto& held : addresses) {
    const auto* link = links_.find(held.device);
    if (link == nullptr) continue;
    net::LeasedAddress lease;
    lease.address = held.address;
    lease.prefix_length = held.prefix_length;
    lease.link = link->index;
    lease.protocol = kKeepalivedProtocol;
    lease.peer = held.peer;
    list.push_back(std::move(lease));
  }
  return list;
}

}  // namespace baton::daemon
