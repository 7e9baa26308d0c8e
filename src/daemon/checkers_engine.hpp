// checkers_engine.hpp - watches every real server that has checks, and says when one comes or goes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/messages.hpp"
#include "daemon/script_checks.hpp"
#include "daemon/server_health.hpp"
#include "daemon/watch_plan.hpp"
#include "net/file_watch.hpp"
#include "net/local_addresses.hpp"
#include "net/prober_pool.hpp"

namespace baton::daemon {

class CheckersEngine {
 public:
  struct Outlets {
    std::function<void(Verdict)> verdict;     // for the ipvs role
    std::function<void(RunCheck)> run_check;  // for the supervisor
  };

  CheckersEngine(boost::asio::io_context& io, Outlets outlets);

  /// Start and reload: a check that is as before goes on as if nothing had happened.
  void configure(std::uint64_t generation, const config::Config& config);

  /// What the ipvs role holds of a server.  Believed while no check of that server has had a result; answered with our
  /// own verdict otherwise.
  void on_verdict(const Verdict& verdict);

  /// A BFD session has come up or gone down.
  void on_bfd(const BfdState& state);

  /// The end of a script that was asked for.
  void on_check_ended(const CheckEnded& end);

  /// Every server that has been judged, for an ipvs role that knows nothing.
  void tell_all();

 private:
  void on_probe(net::CheckId id, const net::ProbeReport& report);
  void log_result(SourceId source, std::string_view what, bool up, const std::string& reason) const;
  void record(SourceId source, bool up, std::optional<std::int32_t> number, const std::string& reason);
  void tell(std::vector<Verdict> verdicts);
  void run_scripts();
  void follow(const std::vector<FollowedFile>& files);
  void read_file(const std::string& path);
  void look_at_session(const std::string& session, bool up);
  void look_at_addresses();
  [[nodiscard]] bool is_here(const Suspension& suspension) const;
  /// Lets run what some service wants, and nothing else.
  void suspend_or_resume(const std::set<SourceId>& sources);

  Outlets outlets_;
  ServerHealth health_;
  ServiceNames names_;
  ScriptChecks scripts_;
  boost::asio::steady_timer script_timer_;
  net::FileWatch file_watch_;
  std::map<std::string, SourceId> files_;
  std::map<std::string, SourceId> sessions_;    // of BFD
  std::map<std::string, bool> session_states_;  // as last told, for checks that a reload brings
  net::LocalAddresses addresses_;
  bool follows_addresses_ = false;
  std::vector<Suspension> suspensions_;
  std::set<ipvs::ServiceKey> suspended_;
  net::ProberPool probes_;
};

}  // namespace baton::daemon
