// mail_table.hpp - from a change of state to the mail that the configuration wants written about it (pure).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>

#include "config/model.hpp"
#include "daemon/messages.hpp"
#include "daemon/service_plan.hpp"

namespace baton::daemon {

struct Mail {
  std::string subject, body;
  friend bool operator==(const Mail&, const Mail&) = default;
};

/// Who is mailed about in one configuration.  Real servers are unless they say otherwise; instances and virtual
/// servers only when they or global_defs say so.
class MailTable {
 public:
  MailTable() = default;
  /// `host_name` stands in subjects where there is no router_id.
  MailTable(const config::Config& config, const std::string& host_name);

  /// keepalived's subject and body.  None: nobody is to be told, as of every stop, and of servers that a start finds.
  [[nodiscard]] std::optional<Mail> mail_for(const Notify& notify) const;
  [[nodiscard]] std::optional<Mail> mail_for(const ServerNotify& notify) const;
  [[nodiscard]] std::optional<Mail> mail_for(const QuorumNotify& notify) const;

 private:
  struct Quorum {
    std::uint64_t quorum = 1, hysteresis = 0;
  };
  [[nodiscard]] Mail mail(const std::string& subject, const std::string& body) const;

  ServiceNames names_;
  std::string router_id_;
  bool faults_ = true;
  std::unordered_set<std::string> instances_, groups_;
  std::map<ipvs::ServiceKey, Quorum> services_;
  std::set<MemberKey> servers_;
};

}  // namespace baton::daemon
