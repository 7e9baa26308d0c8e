// gateway_watch.hpp - pings the tracked gateways, or connects to them, for ever, and says which of them answer.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "checkers/spec.hpp"
#include "net/alarms.hpp"
#include "net/readiness.hpp"

namespace baton::net {

/// vrrp_track_gateway.
struct TrackedGateway {
  std::string name;
  checkers::CheckSpec check;  // PingSpec or TcpSpec; delay_loop is the interval, connect_timeout the timeout
  std::uint32_t rise = 1, fall = 1;
};

class GatewayWatch {
 public:
  /// It answers from now on, or does not; why: "no answer within 1 s".
  using OnChange = std::function<void(const std::string& name, bool up, const std::string& reason)>;

  /// `on_change` must neither destroy the watch nor call follow().
  GatewayWatch(boost::asio::io_context& io, OnChange on_change);
  ~GatewayWatch();
  GatewayWatch(const GatewayWatch&) = delete;
  GatewayWatch& operator=(const GatewayWatch&) = delete;

  /// From now on these and no others, each name once.  What is known of a name stays known as long as the check is the
  /// same; new ones are tried at once.
  void follow(const std::vector<TrackedGateway>& gateways);

  /// None: not known yet, or not followed.
  [[nodiscard]] std::optional<bool> up(const std::string& name) const;

 private:
  class Probe;

  /// What all attempts share; made with the first gateway.
  struct Tools {
    explicit Tools(const boost::asio::any_io_executor& executor);
    Alarms agenda;     // when attempts are due
    Alarms deadlines;  // of those under way
    Readiness sockets;
    std::mt19937_64 nonces;
  };

  boost::asio::io_context& io_;
  OnChange on_change_;
  std::unique_ptr<Tools> tools_;
  std::map<std::string, std::unique_ptr<Probe>> probes_;
};

}  // namespace baton::net
