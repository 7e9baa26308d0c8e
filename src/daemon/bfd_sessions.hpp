// bfd_sessions.hpp - the BFD sessions of the configuration, kept up, and who follows them told (RFC 5880, 5881, 5883).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "bfd/session.hpp"
#include "config/model.hpp"
#include "daemon/rate_limit.hpp"
#include "net/alarms.hpp"
#include "net/bfd_socket.hpp"

namespace baton::daemon {

class BfdSessions {
 public:
  /// A session has come up or gone down; a new one is down.  May not destroy the sessions.
  using OnChange = std::function<void(const config::BfdInstance& session, bool up)>;

  BfdSessions(boost::asio::io_context& io, OnChange on_change);
  ~BfdSessions();
  BfdSessions(const BfdSessions&) = delete;
  BfdSessions& operator=(const BfdSessions&) = delete;

  /// Start and reload.  A session between the same addresses goes on; other intervals are negotiated.
  void configure(const std::vector<config::BfdInstance>& wanted);

  [[nodiscard]] bool is_up(const std::string& session) const;

  /// How each session is, for those who know nothing.
  void tell_all() const;

  /// Tells every neighbour that it is on purpose.
  void stop();

 private:
  class Peer;
  using ReceiverKey = std::pair<Family, bool>;  // and whether over several hops

  void open_receivers();
  void hear(const ReceiverKey& where, const net::BfdDatagram& datagram);
  void hear_all();
  [[nodiscard]] Peer* peer_of(const bfd::Packet& packet, const ReceiverKey& where,
                              const net::BfdDatagram& datagram) const;
  void refuse(const net::BfdDatagram& datagram, bfd::Refusal refusal);
  [[nodiscard]] bfd::Discriminator new_discriminator();

  boost::asio::io_context& io_;
  OnChange on_change_;
  net::Alarms alarms_;
  std::mt19937 random_;
  std::map<std::string, std::unique_ptr<Peer>> peers_;  // by name
  std::unordered_map<bfd::Discriminator, Peer*> by_discriminator_;
  std::multimap<IpAddress, Peer*> by_neighbor_;
  std::map<ReceiverKey, std::unique_ptr<net::BfdReceiver>> receivers_;
  RateLimit refusals_;
};

}  // namespace baton::daemon
