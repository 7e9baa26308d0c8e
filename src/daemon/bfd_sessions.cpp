#include "daemon/bfd_sessions.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <set>
#include <string>

#include "daemon/log.hpp"

namespace baton::daemon {

namespace {

bfd::SessionParams params_of(const config::BfdInstance& from) {
  return {from.min_tx, from.min_rx, from.idle_tx, from.multiplier, from.passive};
}

std::uint8_t ttl_of(const config::BfdInstance& from) {
  return from.ttl.value_or(from.neighbor_ip.is_v4() ? 255 : 64);
}

net::BfdSenderPlan sender_of(const config::BfdInstance& from) {
  return {from.source_ip, from.neighbor_ip, ttl_of(from), from.multihop};
}

/// What a reload cannot change about a session that goes on.
bool is_same_session(const config::BfdInstance& one, const config::BfdInstance& other) {
  return one.neighbor_ip == other.neighbor_ip && one.source_ip == other.source_ip && one.multihop == other.multihop &&
         ttl_of(one) == ttl_of(other);
}

template <std::size_t... I>
std::array<RateLimit, sizeof...(I)> limits(std::index_sequence<I...>) {
  return {((void)I, RateLimit(std::chrono::minutes{1}))...};
}

}  // namespace

class BfdSessions::Peer : public net::Alarm {
 public:
  Peer(BfdSessions* owner, config::BfdInstance config, bfd::Discriminator discriminator)
      : owner_(owner),
        config_(std::move(config)),
        plan_(sender_of(config_)),
        session_(params_of(config_), discriminator, static_cast<std::uint32_t>(owner->random_()),
                 owner->alarms_.now()) {
    set_alarm();
  }

  /// The socket to speak from, if there is none yet; false: there is still none.
  bool open() {
    if (sender_) return true;
    auto sender = net::open_bfd_sender(plan_, static_cast<std::uint16_t>(owner_->random_()));
    if (!sender) {
      const auto& what = sender.error().message;
      if (what != open_trouble_) log::error("BFD session {}: {}; it is tried again", config_.name, what);
      open_trouble_ = what;
      return false;
    }
    if (!open_trouble_.empty()) log::info("BFD session {}: its socket could be opened now", config_.name);
    open_trouble_.clear();
    sender_ = std::move(*sender);
    return true;
  }

  [[nodiscard]] const config::BfdInstance& config() const { return config_; }
  [[nodiscard]] const bfd::Session& session() const { return session_; }
  [[nodiscard]] const std::optional<bool>& told() const { return told_; }

  /// It has had its time to come up.
  void end_grace() {
    if (!told_) tell(session_.state() == bfd::State::up);
  }

  /// Whether a packet may have come from so far away.
  [[nodiscard]] bool takes(std::uint8_t ttl) const {
    constexpr int kAnyDistance = 255;
    if (config_.max_hops < 0 || config_.max_hops == kAnyDistance) return true;
    return ttl >= ttl_of(config_) - config_.max_hops;
  }

  void reconfigure(config::BfdInstance config) {
    config_ = std::move(config);
    session_.reconfigure(params_of(config_), owner_->alarms_.now());
    set_alarm();
  }

  void hear(const bfd::Packet& packet) { absorb(session_.receive(packet, owner_->alarms_.now())); }

  void stop() { send(session_.stop()); }

  [[nodiscard]] ReceiverKey heard_on() const { return {config_.neighbor_ip.family(), config_.multihop}; }

 protected:
  void ring() override {
    owner_->hear_all(heard_on());  // what has arrived in time counts, however late we look
    absorb(session_.tick(owner_->alarms_.now()));
  }

 private:
  void absorb(const bfd::Output& output) {
    for (const auto& packet : output.packets)
      send(packet);
    set_alarm();
    if (!output.change) return;
    const auto& [from, to, reason] = *output.change;
    log::info("BFD session {} with {}: {}, was {}: {}", config_.name, config_.neighbor_ip.to_string(), bfd::name(to),
              bfd::name(from), reason);
    if (from == bfd::State::up || to == bfd::State::up) tell(to == bfd::State::up);
  }

  void tell(bool up) {
    told_ = up;
    owner_->on_change_(config_, up);
  }

  void send(const bfd::Packet& packet) {
    if (!sender_) return;
    const auto octets = bfd::encode(packet);
    const int trouble = net::send_bfd(sender_, plan_, octets);
    if (trouble != 0 && trouble != trouble_)
      log::warning("BFD session {} cannot speak to {}: {}", config_.name, config_.neighbor_ip.to_string(),
                   std::strerror(trouble));
    trouble_ = trouble;
  }

  void set_alarm() {
    const auto due = session_.deadline();
    if (due)
      owner_->alarms_.set(*this, *due);
    else
      unset();
  }

  BfdSessions* owner_;
  config::BfdInstance config_;
  net::BfdSenderPlan plan_;  // stays when the configuration changes: else it is another session
  bfd::Session session_;
  net::FileDescriptor sender_;
  std::string open_trouble_;
  std::optional<bool> told_;
  int trouble_ = 0;  // of the last packet
};

BfdSessions::BfdSessions(boost::asio::io_context& io, OnChange on_change)
    : io_(io),
      on_change_(std::move(on_change)),
      alarms_(io.get_executor(), net::Alarms::Stall::forgiven),
      random_(std::random_device{}()),
      grace_(io),
      retry_(io),
      refusal_limits_(limits(std::make_index_sequence<bfd::kRefusals>{})) {}

BfdSessions::~BfdSessions() = default;

bfd::Discriminator BfdSessions::new_discriminator() {
  for (;;) {
    const auto number = static_cast<bfd::Discriminator>(random_());
    if (number != 0 && !by_discriminator_.contains(number)) return number;
  }
}

void BfdSessions::configure(const std::vector<config::BfdInstance>& wanted) {
  auto former = std::exchange(peers_, {});
  by_discriminator_.clear();
  by_neighbor_.clear();
  std::vector<const config::BfdInstance*> fresh;
  for (const auto& each : wanted) {
    const auto found = former.find(each.name);
    if (found == former.end() || !is_same_session(found->second->config(), each)) {
      fresh.push_back(&each);
      continue;
    }
    found->second->reconfigure(each);
    peers_.emplace(each.name, std::move(found->second));
    former.erase(found);
  }
  for (const auto& [name, peer] : former)
    peer->stop();
  former.clear();
  const auto enter = [this](Peer* peer) {
    by_discriminator_.emplace(peer->session().discriminator(), peer);
    by_neighbor_.emplace(peer->config().neighbor_ip, peer);
  };
  for (const auto& [name, peer] : peers_)
    enter(peer.get());
  for (const auto* each : fresh) {
    auto peer = std::make_unique<Peer>(this, *each, new_discriminator());
    enter(peer.get());
    peers_.emplace(each->name, std::move(peer));
  }
  backoff_.reset();
  open_sockets();
  if (fresh.empty()) return;
  grace_.expires_after(kGrace);
  grace_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tell_silent();
  });
}

void BfdSessions::tell_silent() {
  for (const auto& [name, peer] : peers_)
    peer->end_grace();
}

void BfdSessions::open_sockets() {
  std::set<ReceiverKey> needed;
  bool all = true;
  for (const auto& [name, peer] : peers_) {
    needed.insert(peer->heard_on());
    all = peer->open() && all;
  }
  const auto is_needed = [&](const auto& each) { return needed.contains(each.first); };
  std::erase_if(receivers_, std::not_fn(is_needed));
  std::erase_if(receiver_trouble_, std::not_fn(is_needed));
  for (const auto& key : needed)
    all = open_receiver(key) && all;
  if (all)
    retry_.cancel();
  else
    try_again();
}

bool BfdSessions::open_receiver(const ReceiverKey& key) {
  if (receivers_.contains(key)) return true;
  auto receiver = net::BfdReceiver::open(io_, key.first, key.second, [this, key] { hear_all(key); });
  auto& trouble = receiver_trouble_[key];
  if (!receiver) {
    if (receiver.error().message != trouble) log::error("{}; it is tried again", receiver.error().message);
    trouble = receiver.error().message;
    return false;
  }
  if (!trouble.empty()) log::info("BFD is heard on its port now");
  receiver_trouble_.erase(key);
  receivers_.emplace(key, std::move(*receiver));
  return true;
}

void BfdSessions::try_again() {
  retry_.expires_after(backoff_.next());
  retry_.async_wait([this](const boost::system::error_code& error) {
    if (!error) open_sockets();
  });
}

/// Whom the timer of one session wakes reads what may be that session's, not what others have.
void BfdSessions::hear_all(const ReceiverKey& key) {
  const auto receiver = receivers_.find(key);
  if (receiver == receivers_.end()) return;
  // Two words captured: more would be on the heap.
  receiver->second->drain([this, &key](const net::BfdDatagram& datagram) { hear(key, datagram); });
}

void BfdSessions::hear(const ReceiverKey& where, const net::BfdDatagram& datagram) {
  const auto packet = bfd::decode(datagram.octets);
  if (!packet) return refuse(datagram, packet.error());
  auto* peer = peer_of(*packet, where, datagram);
  if (peer == nullptr) return refuse(datagram, bfd::Refusal::session);
  if (!peer->takes(datagram.ttl)) return refuse(datagram, bfd::Refusal::ttl);
  peer->hear(*packet);
}

/// Section 6.8.6: by our discriminator, or by the addresses where the sender does not know it yet.
BfdSessions::Peer* BfdSessions::peer_of(const bfd::Packet& packet, const ReceiverKey& where,
                                        const net::BfdDatagram& datagram) const {
  const auto is_its = [&](const Peer& peer) {
    const auto& config = peer.config();
    return config.neighbor_ip == datagram.from && config.multihop == where.second &&
           (!config.source_ip || *config.source_ip == datagram.to);
  };
  if (packet.your_discriminator != 0) {
    const auto found = by_discriminator_.find(packet.your_discriminator);
    return found != by_discriminator_.end() && is_its(*found->second) ? found->second : nullptr;
  }
  const auto [first, last] = by_neighbor_.equal_range(datagram.from);
  const auto found = std::find_if(first, last, [&](const auto& each) { return is_its(*each.second); });
  return found != last ? found->second : nullptr;
}

void BfdSessions::refuse(const net::BfdDatagram& datagram, bfd::Refusal refusal) {
  const auto count = refused_.add(refusal);
  if (refusal_limits_.at(static_cast<std::size_t>(refusal)).allow(alarms_.now()))
    log::info("BFD packet from {} discarded: {} ({} so far)", datagram.from.to_string(), bfd::users_text(refusal),
              count);
}

std::optional<bool> BfdSessions::state_of(const std::string& session) const {
  const auto found = peers_.find(session);
  return found != peers_.end() ? found->second->told() : std::nullopt;
}

void BfdSessions::tell_all() const {
  for (const auto& [name, peer] : peers_)
    if (peer->told()) on_change_(peer->config(), *peer->told());
}

void BfdSessions::stop() {
  for (const auto& [name, peer] : peers_)
    peer->stop();
  peers_.clear();
  by_discriminator_.clear();
  by_neighbor_.clear();
  receivers_.clear();
  grace_.cancel();
  retry_.cancel();
}

}  // namespace baton::daemon
