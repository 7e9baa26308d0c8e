// server_health.hpp - from the results of checks to the health and weight of real servers (pure).
//
// What gives results is a source: a probe, a script, a file.  Several servers may use one, and a server uses one or
// more; it is up while none of them has failed (compat 11.1).  Flat tables, for there may be tens of thousands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/messages.hpp"
#include "daemon/service_plan.hpp"

namespace baton::daemon {

enum class SourceId : std::uint64_t {};

/// What a source's result does to a server besides up and down.
struct Effect {
  enum class Kind : std::uint8_t {
    none,
    dynamic,  // MISC_CHECK with misc_dynamic: an exit status of 2 and more is the weight plus 2
    file      // FILE_CHECK: the number times `factor` is added to the weight; factor 0: any number but 0 is a failure
  };
  Kind kind = Kind::none;
  std::int32_t factor = 0;
  bool is_reversed = false;
  friend bool operator==(const Effect&, const Effect&) = default;
};

/// Whether a tracked number leaves a server up, and what it adds to its weight.  A product beyond 32 bits is cut to
/// them, and the lowest is a failure, as keepalived has it.
bool is_up_by_file(const Effect& effect, std::int32_t number);
std::int32_t added_by_file(const Effect& effect, std::int32_t number);

class ServerHealth {
 public:
  // Builds the table: each service, its servers, the sources of each.  A repeated service or server is the caller's to
  // leave out.
  void add_service(const ipvs::ServiceKey& key);
  void add_server(const ipvs::DestKey& key, std::uint16_t weight);
  /// `alpha`: has failed until its first success.
  void add_source(SourceId source, const Effect& effect, bool alpha);

  /// Ends the building: takes over what the former table knew.  A source that is new to a server that was there begins
  /// with that server's health, so that a reload alone changes no pool.  Appends what has changed all the same.
  void succeed(const ServerHealth& former, std::vector<Verdict>& out);

  /// A source's result; `number` stays as it was where it is absent.  Unknown sources are ignored.  Appends the servers
  /// that are now otherwise than was told, and those whose very first result is a failure.
  void record(SourceId source, bool up, std::optional<std::int32_t> number, const std::string& reason,
              std::vector<Verdict>& out);

  /// What the ipvs role holds of a server: believed while it has had no result; its sources are returned then.
  std::vector<SourceId> believe(const Verdict& verdict);
  [[nodiscard]] bool is_judged(const MemberKey& member) const;

  /// None for unknown servers.
  [[nodiscard]] std::optional<Verdict> verdict(const MemberKey& member) const;
  /// Of all servers that there is something to say of.
  [[nodiscard]] std::vector<Verdict> verdicts() const;

  /// The servers that use a source.
  [[nodiscard]] std::vector<MemberKey> users(SourceId source) const;
  /// The sources of a service's servers.
  [[nodiscard]] std::vector<SourceId> sources(const ipvs::ServiceKey& service) const;
  [[nodiscard]] std::vector<ipvs::ServiceKey> services_of(SourceId source) const;
  [[nodiscard]] bool is_known(SourceId source) const { return find_source(source).has_value(); }
  /// The last result of a source, if there was one.
  [[nodiscard]] std::optional<bool> result(SourceId source) const;
  [[nodiscard]] std::size_t servers() const { return servers_.size(); }

 private:
  struct Service {
    ipvs::ServiceKey key;
    std::uint32_t first_server = 0;
  };
  struct Server {
    ipvs::DestKey key;
    std::uint16_t weight = 0;  // as configured
    bool told_up = true;
    bool is_told = false;               // of a failure, or of anything since
    std::int32_t told_weight = -1;      // -1: as configured
    std::int32_t believed_weight = -1;  // until a check that gives weights has a result; -1: as configured
    std::uint32_t service = 0, first_link = 0;
  };
  struct Link {
    std::uint32_t source = 0, server = 0;
    Effect effect;
    bool begins_up = true;
    bool is_believed = false;  // begins_up is what another process knew
  };
  struct Source {
    SourceId id{};
    std::uint32_t first_user = 0;
    std::int32_t number = 0;
    bool has_number = false;  // a failed script gives none
    bool is_judged = false;
    bool is_up = true;
  };

  [[nodiscard]] std::optional<std::uint32_t> find_source(SourceId id) const;
  [[nodiscard]] std::optional<std::uint32_t> find_service(const ipvs::ServiceKey& key) const;
  [[nodiscard]] std::optional<std::uint32_t> find_server(const MemberKey& member) const;
  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> servers_of(std::uint32_t service) const;
  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> links_of(std::uint32_t server) const;
  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> users_of(std::uint32_t source) const;
  void index_sources();
  [[nodiscard]] bool is_up(const Link& link) const;
  [[nodiscard]] bool is_up(std::uint32_t server) const;
  [[nodiscard]] std::int32_t weight(std::uint32_t server) const;
  [[nodiscard]] bool has_failed(std::uint32_t server) const;
  [[nodiscard]] bool has_result(std::uint32_t server) const;
  [[nodiscard]] Verdict say(std::uint32_t server, std::string reason) const;
  void tell_if_changed(std::uint32_t server, const std::string& reason, std::vector<Verdict>& out);

  std::vector<Service> services_;       // ordered by key once built
  std::vector<Server> servers_;         // those of a service together, ordered by key
  std::vector<Link> links_;             // those of a server together
  std::vector<Source> sources_;         // ordered by id
  std::vector<std::uint32_t> users_;    // links, those of a source together
  std::vector<SourceId> link_sources_;  // while it is built
};

}  // namespace baton::daemon
