// pool_report.hpp - from what happens to a pool to the lines of the log and to those who are told (pure).
#pragma once

#include <string>
#include <vector>

#include "daemon/messages.hpp"
#include "ipvs/quorum.hpp"

namespace baton::daemon {

struct PoolReport {
  struct Line {
    std::string text;
    bool is_warning = false;
    friend bool operator==(const Line&, const Line&) = default;
  };
  std::vector<Line> lines;        // in keepalived's words, which tools look for
  std::vector<Message> messages;  // ServerNotify and QuorumNotify, in the order of the events
};

/// Whose events they are.
struct ReportedPool {
  ipvs::ServiceKey service;
  const ipvs::PoolParams* params = nullptr;
  std::string name;  // keepalived's words for the virtual server
};

/// `reason` is the check's, for the servers that go or come; may be empty.  `new_servers`: whether those that are new
/// in the configuration are told as coming up (rs_init_notifies).
PoolReport report_of(const ReportedPool& pool, const std::vector<ipvs::PoolEvent>& events, PoolMoment moment,
                     const std::string& reason, bool new_servers);

}  // namespace baton::daemon
