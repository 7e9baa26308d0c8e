#include "config/server_pool.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_set>
#include <utility>
#include <variant>

#include "config/builder.hpp"
#include "config/model.hpp"

namespace baton::config {
namespace {

/// The port of the record answers the checks that name none, also where IPVS keeps the port of the packet.
void connect_to(std::vector<Check>& checks, std::uint16_t port) {
  const auto set = [port](auto& kind) {
    if constexpr (requires { kind.target; })
      if (!kind.target.connect_port) kind.target.connect_port = port;
    if constexpr (requires { kind.hosts; })
      for (auto& host : kind.hosts)
        if (!host.target.connect_port) host.target.connect_port = port;
  };
  for (Check& check : checks)
    std::visit(set, check);
}

RealServer server_of(const RealServerPool& pool, const PoolServer& answer) {
  RealServer server = pool.server;
  server.address = answer.address;
  if (pool.source.record != PoolRecord::srv) return server;
  server.weight = answer.weight;
  if (!pool.source.keeps_port) server.port = answer.port;
  if (server.port == 0) connect_to(server.checks, answer.port);
  return server;
}

void add_pools(VirtualServer& server, const PoolAnswers& answers) {
  std::unordered_set<EndpointKey, EndpointHash> seen;
  for (const RealServer& real : server.real_servers)
    seen.insert({real.address, real.port});
  for (const RealServerPool& pool : server.real_server_pools) {
    const auto answer = answers.find(question_of(pool.source));
    if (answer == answers.end()) continue;
    auto named = answer->second;
    std::ranges::sort(named);
    if (named.size() > pool.source.max_servers) named.resize(pool.source.max_servers);
    for (const PoolServer& each : named) {
      RealServer real = server_of(pool, each);
      if (seen.insert({real.address, real.port}).second) server.real_servers.push_back(std::move(real));
    }
  }
}

}  // namespace

std::string_view name_of(PoolRecord record) {
  constexpr std::array<std::string_view, 3> kNames = {"A", "AAAA", "SRV"};
  return kNames.at(static_cast<std::size_t>(record));
}

PoolQuestion question_of(const PoolSource& source) {
  return {source.name, source.record, source.family, source.nameserver};
}

std::string described(const PoolQuestion& question) {
  std::string text = concat(name_of(question.record), " ", question.name);
  if (question.nameserver)
    text += concat(" at ", question.nameserver->address.to_string(), " port ", int{question.nameserver->port});
  return text;
}

bool has_pools(const Config& config) {
  return std::ranges::any_of(config.virtual_servers,
                             [](const VirtualServer& server) { return !server.real_server_pools.empty(); });
}

std::map<PoolQuestion, std::vector<const PoolSource*>> questions_of(const Config& config) {
  std::map<PoolQuestion, std::vector<const PoolSource*>> questions;
  for (const VirtualServer& server : config.virtual_servers)
    for (const RealServerPool& pool : server.real_server_pools)
      questions[question_of(pool.source)].push_back(&pool.source);
  return questions;
}

PoolAnswers answers_for(const Config& config, const PoolAnswers& known) {
  PoolAnswers answers;
  for (const auto& [question, pools] : questions_of(config)) {
    auto found = known.find(question);
    if (found == known.end()) {
      // Questions are ordered by all else before the name server, and none comes first.
      PoolQuestion first = question;
      first.nameserver.reset();
      found = known.lower_bound(first);
      if (found == known.end()) continue;
      first.nameserver = found->first.nameserver;
      if (found->first != first) continue;
    }
    answers.emplace(question, found->second);
  }
  return answers;
}

Config with_pools(Config config, const PoolAnswers& answers) {
  for (VirtualServer& server : config.virtual_servers)
    if (!server.real_server_pools.empty()) add_pools(server, answers);
  return config;
}

}  // namespace baton::config
