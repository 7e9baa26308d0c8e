// bfd_sessions.hpp - the BFD sessions of the configuration, kept up, and who follows them told (RFC 5880, 5881, 5883).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "bfd/session.hpp"
#include "config/model.hpp"
#include "daemon/backoff.hpp"
#include "daemon/rate_limit.hpp"
#include "net/alarms.hpp"
#include "net/bfd_socket.hpp"

namespace baton::daemon {

class BfdSessions {
 public:
  /// Three packets of a neighbour that does not hear us yet.
  static constexpr Duration kGrace = std::chrono::seconds{3};
  /// Until a socket is tried again.
  static constexpr Duration kFirstPause = std::chrono::seconds{1};
  static constexpr Duration kLongestPause = std::chrono::seconds{30};

  /// A session has come up or gone down; of a new one that is told when it is up, or after a while (kGrace) in which it
  /// was not: the neighbour of a process that was killed is still there.  May not destroy the sessions.
  using OnChange = std::function<void(const config::BfdInstance& session, bool up)>;

  BfdSessions(boost::asio::io_context& io, OnChange on_change);
  ~BfdSessions();
  BfdSessions(const BfdSessions&) = delete;
  BfdSessions& operator=(const BfdSessions&) = delete;

  /// Start and reload.  A socket that cannot be opened (somebody has the port, too many files) is tried again, first
  /// after kFirstPause, then more and more seldom; its session is down meanwhile.  A session between the same addresses
  /// goes on; other intervals are negotiated.
  void configure(const std::vector<config::BfdInstance>& wanted);

  /// Whether it is up, as last told; none: nothing was told yet.
  [[nodiscard]] std::optional<bool> state_of(const std::string& session) const;

  /// How each session is, as far as that was told, for those who know nothing.
  void tell_all() const;

  /// What was discarded so far, by reason.
  [[nodiscard]] const bfd::RefusalCounts& refusals() const { return refused_; }

  /// Tells every neighbour that it is on purpose.
  void stop();

 private:
  class Peer;
  using ReceiverKey = std::pair<Family, bool>;  // and whether over several hops

  void open_sockets();
  bool open_receiver(const ReceiverKey& key);
  void try_again();
  void hear(const ReceiverKey& where, const net::BfdDatagram& datagram);
  void hear_all(const ReceiverKey& key);
  [[nodiscard]] Peer* peer_of(const bfd::Packet& packet, const ReceiverKey& where,
                              const net::BfdDatagram& datagram) const;
  void tell_silent();
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
  boost::asio::steady_timer grace_;
  boost::asio::steady_timer retry_;
  Backoff backoff_{kFirstPause, kLongestPause};
  std::map<ReceiverKey, std::string> receiver_trouble_;  // as last told
  bfd::RefusalCounts refused_;
  std::array<RateLimit, bfd::kRefusals> refusal_limits_;
};

}  // namespace baton::daemon
