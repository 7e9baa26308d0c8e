#include "checkers/pool_lookup.hpp"

#include <algorithm>
#include <utility>

#include "core/dns_name.hpp"

namespace baton::checkers {

namespace {

/// Addresses that no server can have, whatever an answer says.
bool is_usable(const IpAddress& address) {
  constexpr std::uint32_t kBroadcast = 0xffffffff;
  return !address.is_unspecified() && !address.is_multicast() && !(address.is_v6() && address.is_link_local()) &&
         address != IpAddress::v4(kBroadcast);
}

}  // namespace

PoolLookup::PoolLookup(DnsQuestion question, Family family) : question_(std::move(question)), family_(family) {
  open_.insert(question_);
}

std::vector<DnsQuestion> PoolLookup::handle(const DnsQuestion& question, const DnsReply& reply) {
  std::vector<DnsQuestion> next;
  if (outcome_ || open_.erase(question) == 0) return next;
  if (reply.kind == DnsReply::Kind::failed) {
    end(PoolOutcome::Kind::failed, (question == question_ ? "" : question.name + ": ") + reply.reason);
    return next;
  }
  if (question == question_) {
    first(reply, next);
  } else if (reply.kind == DnsReply::Kind::answered) {
    const auto answer = decode_dns_answer(reply.message);
    if (!answer) {
      end(PoolOutcome::Kind::failed, question.name + ": a malformed answer");
      return next;
    }
    for (const auto& each : answer->addresses)
      take(question.name, each.address);
    if (!answer->addresses.empty()) ttl_ = std::min(ttl_.value_or(answer->ttl), answer->ttl);
  }
  open_.insert(next.begin(), next.end());
  if (open_.empty() && !outcome_) finish();
  return next;
}

void PoolLookup::first(const DnsReply& reply, std::vector<DnsQuestion>& next) {
  if (reply.kind == DnsReply::Kind::nothing) return end(PoolOutcome::Kind::nothing, reply.reason);
  const auto answer = decode_dns_answer(reply.message);
  if (!answer) return end(PoolOutcome::Kind::failed, "a malformed answer");
  ttl_ = answer->ttl;
  if (question_.type == DnsType::srv) return services(*answer, next);
  for (const auto& each : answer->addresses)
    if (each.address.family() == family_ && is_usable(each.address)) servers_.push_back({each.address, 0, 0});
}

void PoolLookup::services(const DnsAnswer& answer, std::vector<DnsQuestion>& next) {
  std::uint16_t lowest = UINT16_MAX;
  for (const auto& service : answer.services)
    lowest = std::min(lowest, service.priority);
  std::size_t taken = 0;
  for (const auto& service : answer.services) {
    // A target that is the root is "not at this place" (RFC 2782); odd ones are not asked for.
    if (service.priority != lowest || service.port == 0 || !is_dns_name(service.target)) continue;
    if (++taken > kMaxPoolServers) break;
    targets_[service.target].push_back({service.port, std::max<std::uint16_t>(service.weight, 1)});
  }
  std::set<std::string> known;
  for (const auto& each : answer.additional)
    if (each.address.family() == family_ && targets_.contains(each.owner)) {
      take(each.owner, each.address);
      known.insert(each.owner);
    }
  for (const auto& [target, named] : targets_)
    if (!known.contains(target)) next.push_back({target, family_ == Family::ipv6 ? DnsType::aaaa : DnsType::a});
}

void PoolLookup::take(const std::string& target, const IpAddress& address) {
  constexpr std::size_t kMost = 4 * kMaxPoolServers;  // of a target with many addresses and many ports
  const auto found = targets_.find(target);
  if (found == targets_.end() || address.family() != family_ || !is_usable(address)) return;
  for (const auto& named : found->second)
    if (servers_.size() < kMost) servers_.push_back({address, named.port, named.weight});
}

void PoolLookup::finish() {
  std::ranges::sort(servers_);
  const auto is_same = [](const PoolServer& a, const PoolServer& b) {
    return a.address == b.address && a.port == b.port;
  };
  const auto repeated = std::ranges::unique(servers_, is_same);
  servers_.erase(repeated.begin(), repeated.end());
  if (servers_.empty()) return end(PoolOutcome::Kind::nothing, "the answer names no usable server");
  PoolOutcome outcome;
  outcome.kind = PoolOutcome::Kind::servers;
  if (servers_.size() > kMaxPoolServers) {
    outcome.left_out = servers_.size() - kMaxPoolServers;
    servers_.resize(kMaxPoolServers);
  }
  outcome.servers = std::move(servers_);
  outcome.ttl = ttl_.value_or(std::chrono::seconds{0});
  outcome_ = std::move(outcome);
}

void PoolLookup::end(PoolOutcome::Kind kind, std::string reason) {
  open_.clear();
  outcome_ = PoolOutcome{kind, {}, 0, {}, std::move(reason)};
}

}  // namespace baton::checkers
