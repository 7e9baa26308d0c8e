// server_pool.hpp - real_server_pool: what is asked for, what was answered, and the configuration that this makes.
#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/model_pool.hpp"
#include "core/pool_server.hpp"

namespace baton::config {

struct Config;

/// What is asked of whom.  Pools with the same question share its answer.
struct PoolQuestion {
  std::string name;
  PoolRecord record = PoolRecord::srv;
  Family family = Family::ipv4;  // of the addresses
  std::optional<Nameserver> nameserver;
  friend auto operator<=>(const PoolQuestion&, const PoolQuestion&) = default;
};

/// The last good answers; a question that is not in it has never been answered.
using PoolAnswers = std::map<PoolQuestion, std::vector<PoolServer>>;

/// "A", "AAAA", "SRV".
std::string_view name_of(PoolRecord record);

PoolQuestion question_of(const PoolSource& source);

/// "SRV _http._tcp.web.example", with " at 192.0.2.53:53" when a name server is given: for logs.
std::string described(const PoolQuestion& question);

bool has_pools(const Config& config);

/// Each question of the configuration once, with the pools that ask it; they live as long as `config`.
std::map<PoolQuestion, std::vector<const PoolSource*>> questions_of(const Config& config);

/// Of `known`, the answers that `config` asks for.  A question that has none takes that of the same name at another
/// name server: a reload that changes the name server must not empty the pool.
PoolAnswers answers_for(const Config& config, const PoolAnswers& known);

/// The configuration with its pools as real servers: behind those written by hand, pool by pool in the order of the
/// file, each pool's by address and port.  A server that is there already is not there twice.  The pools themselves
/// stay, so that a service whose pools are empty is still one.
Config with_pools(Config config, const PoolAnswers& answers);

}  // namespace baton::config
