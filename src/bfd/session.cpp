#include "bfd/session.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"

namespace baton::bfd {

namespace {

constexpr Duration kSlowest = std::chrono::seconds{1};  // while not Up (RFC 5880 section 6.8.3)

Microseconds on_wire(Duration duration) {
  const auto count = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  return Microseconds(static_cast<std::uint32_t>(std::clamp<std::int64_t>(count, 0, 0xffffffff)));
}

Duration from_wire(Microseconds count) {
  return std::chrono::microseconds(std::int64_t{count.count()});
}

std::string milliseconds(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()) + " ms";
}

}  // namespace

void Packets::push_back(const Packet& packet) {
  ASSERT(size_ < packets_.size());
  packets_[size_++] = packet;
}

Session::Session(const SessionParams& params, Discriminator discriminator, std::uint32_t seed, Instant now)
    : params_(params),
      discriminator_(discriminator),
      random_(seed),
      tx_in_force_(params.min_tx),
      rx_in_force_(params.min_rx),
      sent_(now) {
  ASSERT(discriminator != 0);
  if (!params_.passive) next_ = now;
}

Duration Session::desired_tx() const {
  return state_ == State::up ? params_.min_tx : std::max(params_.idle_tx, kSlowest);
}

Duration Session::transmit_interval() const {
  if (remote_min_rx_ == Duration::zero()) return {};
  if (params_.passive && remote_discriminator_ == 0) return {};
  if (remote_demand_ && state_ == State::up && remote_state_ == State::up && !polls_) return {};
  // A longer interval waits until the peer knows of it (section 6.8.3).
  const auto ours = state_ == State::up && polls_ ? std::min(desired_tx(), tx_in_force_) : desired_tx();
  return std::max(ours, remote_min_rx_);
}

Duration Session::detection_time() const {
  if (remote_multiplier_ == 0) return {};
  const auto ours = state_ == State::up && polls_ ? std::max(params_.min_rx, rx_in_force_) : params_.min_rx;
  return remote_multiplier_ * std::max(ours, remote_min_tx_);
}

Packet Session::packet(bool final) const {
  Packet packet;
  packet.state = state_;
  packet.diagnostic = diagnostic_;
  packet.final = final;
  packet.poll = polls_ && !final;
  packet.multiplier = params_.multiplier;
  packet.my_discriminator = discriminator_;
  packet.your_discriminator = remote_discriminator_;
  packet.desired_min_tx = on_wire(desired_tx());
  packet.required_min_rx = on_wire(params_.min_rx);
  return packet;
}

/// Section 6.8.7: 75 to 100 %, with a multiplier of 1 at most 90 %.
Duration Session::jittered(Duration interval) {
  const std::int64_t most = params_.multiplier == 1 ? 900 : 1000;
  std::uniform_int_distribution<std::int64_t> part(750, most);
  return interval * part(random_) / 1000;
}

void Session::schedule(Instant now) {
  const auto interval = transmit_interval();
  if (interval == Duration::zero()) {
    next_.reset();
    return;
  }
  const auto due = std::max(now, sent_ + jittered(interval));
  next_ = next_ ? std::min(*next_, due) : due;
}

void Session::enter(State state, Diagnostic diagnostic, std::string reason, Output* output) {
  output->change = StateChange{state_, state, std::move(reason)};
  state_ = state;
  diagnostic_ = diagnostic;
  // What we desire to send at changes with Up, and the peer is to confirm that it knows.
  polls_ = state == State::up;
  tx_in_force_ = params_.min_tx;
  rx_in_force_ = params_.min_rx;
}

/// Section 6.8.6, the state machine.
void Session::follow_peer_state(const Packet& packet, Output* output) {
  const auto peer = packet.state;
  if (peer == State::admin_down) {
    if (state_ != State::down)
      enter(State::down, Diagnostic::neighbor_down, "the neighbour was taken down on purpose", output);
  } else if (state_ == State::down) {
    if (peer == State::down) enter(State::init, diagnostic_, "the neighbour speaks", output);
    if (peer == State::init) enter(State::up, Diagnostic::none, "the neighbour hears us", output);
  } else if (state_ == State::init) {
    if (peer != State::down) enter(State::up, Diagnostic::none, "the neighbour hears us", output);
  } else if (peer == State::down) {
    enter(State::down, Diagnostic::neighbor_down, "the neighbour says that it is down", output);
  }
}

Output Session::receive(const Packet& packet, Instant now) {
  Output output;
  if (state_ == State::admin_down) return output;
  remote_discriminator_ = packet.my_discriminator;
  remote_state_ = packet.state;
  remote_demand_ = packet.demand;
  remote_min_rx_ = from_wire(packet.required_min_rx);
  remote_min_tx_ = from_wire(packet.desired_min_tx);
  remote_multiplier_ = packet.multiplier;
  if (polls_ && packet.final) {
    polls_ = false;
    tx_in_force_ = params_.min_tx;
    rx_in_force_ = params_.min_rx;
  }
  follow_peer_state(packet, &output);
  if (packet.poll) output.packets.push_back(this->packet(true));
  expiry_ = now + detection_time();
  if (output.change) next_ = now;  // the peer learns it at once, as keepalived and others have it
  schedule(now);
  if (output.change) {
    const auto due = tick(now);
    for (const auto& each : due.packets)
      output.packets.push_back(each);
  }
  return output;
}

Output Session::tick(Instant now) {
  Output output;
  if (expiry_ && now >= *expiry_) {
    const auto silence = detection_time();
    expiry_.reset();
    remote_discriminator_ = 0;  // section 6.8.1
    remote_multiplier_ = 0;
    remote_state_ = State::down;
    if (state_ == State::init || state_ == State::up) {
      enter(State::down, Diagnostic::detection_expired, "nothing heard for " + milliseconds(silence), &output);
      if (!params_.passive) next_ = now;
    }
    if (transmit_interval() == Duration::zero()) next_.reset();
  }
  if (!next_ || now < *next_) return output;
  next_.reset();
  if (transmit_interval() == Duration::zero()) return output;
  output.packets.push_back(packet(false));
  sent_ = now;
  schedule(now);
  return output;
}

void Session::reconfigure(const SessionParams& params, Instant now) {
  if (params == params_) return;
  if (state_ == State::up && !polls_) {
    tx_in_force_ = params_.min_tx;
    rx_in_force_ = params_.min_rx;
  }
  params_ = params;
  polls_ = state_ == State::up;
  if (!params_.passive || remote_discriminator_ != 0) next_ = now;
}

Packet Session::stop() {
  state_ = State::admin_down;
  diagnostic_ = Diagnostic::administratively_down;
  polls_ = false;
  next_.reset();
  expiry_.reset();
  return packet(false);
}

std::optional<Instant> Session::deadline() const {
  if (!next_) return expiry_;
  return expiry_ ? std::min(*next_, *expiry_) : next_;
}

}  // namespace baton::bfd
