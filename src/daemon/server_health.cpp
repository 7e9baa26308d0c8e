#include "daemon/server_health.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "core/assert.hpp"

namespace baton::daemon {

namespace {

constexpr std::int32_t kMaxWeight = 65535;

}  // namespace

std::int32_t added_by_file(const Effect& effect, std::int32_t number) {
  using Limits = std::numeric_limits<std::int32_t>;
  const auto product = std::int64_t{effect.is_reversed ? -1 : 1} * effect.factor * number;
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(product, Limits::min(), Limits::max()));
}

bool is_up_by_file(const Effect& effect, std::int32_t number) {
  if (effect.factor == 0) return number == 0;
  return added_by_file(effect, number) > std::numeric_limits<std::int32_t>::min();
}

void ServerHealth::add_service(const ipvs::ServiceKey& key) {
  ASSERT(services_.empty() || services_.back().key < key);
  services_.push_back({key, static_cast<std::uint32_t>(servers_.size())});
}

void ServerHealth::add_server(const ipvs::DestKey& key, std::uint16_t weight) {
  ASSERT(!services_.empty());
  Server server;
  server.key = key;
  server.weight = weight;
  server.service = static_cast<std::uint32_t>(services_.size() - 1);
  server.first_link = static_cast<std::uint32_t>(links_.size());
  ASSERT(servers_.size() == services_.back().first_server || servers_.back().key < key);
  servers_.push_back(server);
}

void ServerHealth::add_source(SourceId source, const Effect& effect, bool alpha) {
  ASSERT(!servers_.empty());
  Link link;
  link.server = static_cast<std::uint32_t>(servers_.size() - 1);
  link.effect = effect;
  link.begins_up = !alpha;
  links_.push_back(link);
  link_sources_.push_back(source);
}

/// From the source of each link to the table of sources and their users.
void ServerHealth::index_sources() {
  users_.resize(links_.size());
  std::iota(users_.begin(), users_.end(), 0U);
  std::ranges::stable_sort(users_, {}, [this](std::uint32_t link) { return link_sources_[link]; });
  for (std::size_t i = 0; i < users_.size(); ++i) {
    const auto id = link_sources_[users_[i]];
    if (sources_.empty() || sources_.back().id != id) {
      Source source;
      source.id = id;
      source.first_user = static_cast<std::uint32_t>(i);
      sources_.push_back(source);
    }
    links_[users_[i]].source = static_cast<std::uint32_t>(sources_.size() - 1);
  }
  std::vector<SourceId>().swap(link_sources_);
  services_.shrink_to_fit();
  servers_.shrink_to_fit();
  links_.shrink_to_fit();
  sources_.shrink_to_fit();
}

void ServerHealth::succeed(const ServerHealth& former, std::vector<Verdict>& out) {
  index_sources();
  for (auto& source : sources_) {
    const auto before = former.find_source(source.id);
    if (!before) continue;
    const auto& known = former.sources_[*before];
    source.is_judged = known.is_judged;
    source.is_up = known.is_up;
    source.number = known.number;
    source.has_number = known.has_number;
  }
  for (std::uint32_t i = 0; i < servers_.size(); ++i) {
    const auto before = former.find_server({services_[servers_[i].service].key, servers_[i].key});
    const auto [first, last] = links_of(i);
    if (before) {
      const auto& known = former.servers_[*before];
      servers_[i].told_up = known.told_up;
      servers_[i].told_weight = known.told_weight;
      servers_[i].is_told = known.is_told;
      servers_[i].believed_weight = known.told_weight;
      const bool was_judged = known.is_told || former.has_result(*before);
      for (auto link = first; was_judged && link < last; ++link)
        links_[link].begins_up = former.is_up(*before);
    } else {
      servers_[i].told_up =
          std::all_of(links_.begin() + first, links_.begin() + last, [](const Link& link) { return link.begins_up; });
    }
    tell_if_changed(i, "as its other checks say", out);
  }
}

void ServerHealth::record(SourceId id, bool up, std::optional<std::int32_t> number, const std::string& reason,
                          std::vector<Verdict>& out) {
  const auto index = find_source(id);
  if (!index) return;
  auto& source = sources_[*index];
  source.is_judged = true;
  source.is_up = up;
  if (number) source.number = *number;
  source.has_number = source.has_number || number.has_value();
  const auto [first, last] = users_of(*index);
  for (auto user = first; user < last; ++user)
    tell_if_changed(links_[users_[user]].server, reason, out);
}

void ServerHealth::tell_if_changed(std::uint32_t index, const std::string& reason, std::vector<Verdict>& out) {
  auto& server = servers_[index];
  const bool up = is_up(index);
  const auto effective = weight(index);
  const auto told_weight = server.told_weight < 0 ? std::int32_t{server.weight} : server.told_weight;
  const bool first_failure = !up && !server.is_told && has_failed(index);
  if (up == server.told_up && effective == told_weight && !first_failure) return;
  server.told_up = up;
  server.told_weight = effective == server.weight ? -1 : effective;
  server.is_told = server.is_told || up || has_failed(index);
  out.push_back(say(index, reason));
}

std::vector<SourceId> ServerHealth::believe(const Verdict& verdict) {
  std::vector<SourceId> believed;
  const auto index = find_server({verdict.service, verdict.server});
  if (!index || has_result(*index)) return believed;
  const auto [first, last] = links_of(*index);
  for (auto link = first; link < last; ++link) {
    links_[link].begins_up = verdict.up;
    links_[link].is_believed = true;
    believed.push_back(sources_[links_[link].source].id);
  }
  auto& server = servers_[*index];
  server.told_up = verdict.up;
  server.told_weight = verdict.weight ? std::int32_t{*verdict.weight} : -1;
  server.believed_weight = server.told_weight;
  server.is_told = true;
  return believed;
}

bool ServerHealth::is_judged(const MemberKey& member) const {
  const auto index = find_server(member);
  return index && has_result(*index);
}

std::optional<Verdict> ServerHealth::verdict(const MemberKey& member) const {
  const auto index = find_server(member);
  if (!index) return std::nullopt;
  return say(*index, "as checked");
}

std::vector<Verdict> ServerHealth::verdicts() const {
  std::vector<Verdict> all;
  for (std::uint32_t i = 0; i < servers_.size(); ++i) {
    const bool is_news = is_up(i) ? has_result(i) || servers_[i].is_told : has_failed(i);
    if (is_news) all.push_back(say(i, "as checked before"));
  }
  return all;
}

std::vector<MemberKey> ServerHealth::users(SourceId source) const {
  std::vector<MemberKey> members;
  const auto index = find_source(source);
  if (!index) return members;
  const auto [first, last] = users_of(*index);
  for (auto user = first; user < last; ++user) {
    const auto& server = servers_[links_[users_[user]].server];
    members.push_back({services_[server.service].key, server.key});
  }
  return members;
}

std::vector<ipvs::ServiceKey> ServerHealth::services_of(SourceId source) const {
  std::vector<ipvs::ServiceKey> keys;
  for (const auto& member : users(source))
    if (keys.empty() || keys.back() != member.service) keys.push_back(member.service);
  return keys;
}

std::vector<SourceId> ServerHealth::sources(const ipvs::ServiceKey& service) const {
  std::vector<SourceId> ids;
  const auto index = find_service(service);
  if (!index) return ids;
  const auto [first, last] = servers_of(*index);
  for (auto server = first; server < last; ++server) {
    const auto [from, to] = links_of(server);
    for (auto link = from; link < to; ++link)
      ids.push_back(sources_[links_[link].source].id);
  }
  std::ranges::sort(ids);
  const auto repeated = std::ranges::unique(ids);
  ids.erase(repeated.begin(), repeated.end());
  return ids;
}

std::optional<bool> ServerHealth::result(SourceId source) const {
  const auto index = find_source(source);
  if (!index || !sources_[*index].is_judged) return std::nullopt;
  return sources_[*index].is_up;
}

bool ServerHealth::is_up(const Link& link) const {
  const auto& source = sources_[link.source];
  if (!source.is_judged) return link.begins_up;
  return link.effect.kind == Effect::Kind::file ? is_up_by_file(link.effect, source.number) : source.is_up;
}

bool ServerHealth::is_up(std::uint32_t server) const {
  const auto [first, last] = links_of(server);
  return std::all_of(links_.begin() + first, links_.begin() + last, [this](const Link& link) { return is_up(link); });
}

/// A result, here or in a former process, is why it is down.
bool ServerHealth::has_failed(std::uint32_t server) const {
  const auto [first, last] = links_of(server);
  return std::any_of(links_.begin() + first, links_.begin() + last, [this](const Link& link) {
    return !is_up(link) && (sources_[link.source].is_judged || link.is_believed);
  });
}

bool ServerHealth::has_result(std::uint32_t server) const {
  const auto [first, last] = links_of(server);
  return std::any_of(links_.begin() + first, links_.begin() + last,
                     [this](const Link& link) { return sources_[link.source].is_judged; });
}

std::int32_t ServerHealth::weight(std::uint32_t index) const {
  const auto& server = servers_[index];
  const auto [first, last] = links_of(index);
  std::int64_t weight = server.weight;
  bool may_change = false, is_known = false;
  for (auto link = first; link < last; ++link) {
    const auto& source = sources_[links_[link].source];
    if (links_[link].effect.kind != Effect::Kind::dynamic) continue;
    may_change = true;
    if (!source.has_number) continue;
    // Each adds what it makes of the configured weight, as in keepalived, so that of two none undoes the other.
    if (source.number >= 2) weight += source.number - 2 - server.weight;
    is_known = true;
  }
  for (auto link = first; link < last; ++link) {
    const auto& source = sources_[links_[link].source];
    if (links_[link].effect.kind != Effect::Kind::file) continue;
    may_change = true;
    if (!source.is_judged) continue;
    // What has failed takes the server out, and is no weight.
    if (is_up_by_file(links_[link].effect, source.number)) weight += added_by_file(links_[link].effect, source.number);
    is_known = true;
  }
  if (may_change && !is_known && server.believed_weight >= 0) return server.believed_weight;
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(weight, 0, kMaxWeight));
}

Verdict ServerHealth::say(std::uint32_t index, std::string reason) const {
  const auto& server = servers_[index];
  Verdict verdict;
  verdict.service = services_[server.service].key;
  verdict.server = server.key;
  verdict.up = is_up(index);
  const auto effective = weight(index);
  if (effective != server.weight) verdict.weight = static_cast<std::uint16_t>(effective);
  verdict.reason = std::move(reason);
  return verdict;
}

std::optional<std::uint32_t> ServerHealth::find_source(SourceId id) const {
  const auto found = std::ranges::lower_bound(sources_, id, {}, &Source::id);
  if (found == sources_.end() || found->id != id) return std::nullopt;
  return static_cast<std::uint32_t>(found - sources_.begin());
}

std::optional<std::uint32_t> ServerHealth::find_service(const ipvs::ServiceKey& key) const {
  const auto found = std::ranges::lower_bound(services_, key, {}, &Service::key);
  if (found == services_.end() || found->key != key) return std::nullopt;
  return static_cast<std::uint32_t>(found - services_.begin());
}

std::optional<std::uint32_t> ServerHealth::find_server(const MemberKey& member) const {
  const auto service = find_service(member.service);
  if (!service) return std::nullopt;
  const auto [first, last] = servers_of(*service);
  const auto begin = servers_.begin() + first;
  const auto end = servers_.begin() + last;
  const auto found = std::ranges::lower_bound(begin, end, member.server, {}, &Server::key);
  if (found == end || found->key != member.server) return std::nullopt;
  return static_cast<std::uint32_t>(found - servers_.begin());
}

std::pair<std::uint32_t, std::uint32_t> ServerHealth::servers_of(std::uint32_t service) const {
  const auto last = service + 1 < services_.size() ? services_[service + 1].first_server : servers_.size();
  return {services_[service].first_server, static_cast<std::uint32_t>(last)};
}

std::pair<std::uint32_t, std::uint32_t> ServerHealth::links_of(std::uint32_t server) const {
  const auto last = server + 1 < servers_.size() ? servers_[server + 1].first_link : links_.size();
  return {servers_[server].first_link, static_cast<std::uint32_t>(last)};
}

std::pair<std::uint32_t, std::uint32_t> ServerHealth::users_of(std::uint32_t source) const {
  const auto last = source + 1 < sources_.size() ? sources_[source + 1].first_user : users_.size();
  return {sources_[source].first_user, static_cast<std::uint32_t>(last)};
}

}  // namespace baton::daemon
