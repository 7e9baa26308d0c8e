// pool_ledger.hpp - the last good answers of DNS, on a small file: a daemon that starts while DNS is away begins with
// them.
#pragma once

#include <string>
#include <string_view>

#include "config/server_pool.hpp"

namespace baton::daemon {

/// Text, one line per question and per server; see ledger.hpp for its file.
std::string encode(const config::PoolAnswers& answers);
/// Unreadable lines are skipped, as are the servers behind a question that cannot be read.
config::PoolAnswers decode_pool_ledger(std::string_view text);

}  // namespace baton::daemon
