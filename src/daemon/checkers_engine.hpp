// checkers_engine.hpp - watches every real server that has checks, and says when one comes or goes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/check_plan.hpp"
#include "daemon/messages.hpp"
#include "daemon/server_health.hpp"
#include "net/prober_pool.hpp"

namespace baton::daemon {

class CheckersEngine {
 public:
  using OnVerdict = std::function<void(Verdict)>;

  CheckersEngine(boost::asio::io_context& io, OnVerdict on_verdict);

  /// Start and reload: a check that is as before goes on as if nothing had happened.
  void configure(const config::Config& config);

  /// What the ipvs role holds of a server.  Believed while no check of that server has had a result; answered with our
  /// own verdict otherwise.
  void on_verdict(const Verdict& verdict);

  /// Every server that has been judged, for an ipvs role that knows nothing.
  void tell_all();

 private:
  struct Place {
    MemberKey member;
    std::size_t check = 0;
  };
  void on_result(net::CheckId id, const net::ProbeReport& report);
  void tell(const MemberKey& member, std::string reason);
  void number(const MemberKey& member);
  void replace();

  OnVerdict on_verdict_;
  std::map<MemberKey, std::vector<checkers::CheckSpec>> plan_;
  std::map<MemberKey, std::vector<net::CheckId>> ids_;
  std::unordered_map<net::CheckId, Place> places_;
  std::uint64_t last_id_ = 0;
  ServerHealth health_;
  std::set<MemberKey> judged_;  // a check has had a result, now or in a former process
  boost::asio::steady_timer replace_soon_;
  bool replace_posted_ = false;
  net::ProberPool pool_;
};

}  // namespace baton::daemon
