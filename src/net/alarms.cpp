#include "net/alarms.hpp"

#include <optional>

#include <boost/asio/steady_timer.hpp>

namespace baton::net {

namespace {

constexpr std::chrono::milliseconds kGrain{1};
/// A timer later than this was not late by the usual jitter of a busy machine.
constexpr std::chrono::milliseconds kStall{250};
/// After a stall, time for what lies in the sockets to be read before anything counts as silent.
constexpr std::chrono::milliseconds kDrain{100};
/// Rung in one go; then other events have their turn.
constexpr int kMaxRings = 256;

}  // namespace

struct Alarms::State : std::enable_shared_from_this<Alarms::State> {
  struct Earlier {
    bool operator()(const Alarm& a, const Alarm& b) const { return a.at_ < b.at_; }
  };
  using Queue = boost::intrusive::multiset<Alarm, boost::intrusive::compare<Earlier>,
                                           boost::intrusive::constant_time_size<false>>;

  State(const boost::asio::any_io_executor& executor, Stall stall_means) : timer(executor), stall(stall_means) {}

  [[nodiscard]] Instant now() const { return Clock::now() - forgiven; }
  void arm(Instant at);
  void serve();
  bool was_stalled(Instant at);

  boost::asio::steady_timer timer;
  Queue queue;
  std::optional<Instant> armed;  // for when the timer is set, in now()'s time
  Duration forgiven{0};
  Stall stall;
};

Alarms::Alarms(const boost::asio::any_io_executor& executor, Stall stall)
    : state_(std::make_shared<State>(executor, stall)) {}

Alarms::~Alarms() {
  state_->queue.clear();
  state_->timer.cancel();
}

Instant Alarms::now() const {
  return state_->now();
}

void Alarms::set(Alarm& alarm, Instant at) {
  alarm.unset();
  alarm.at_ = at;
  state_->queue.insert(alarm);
  if (!state_->armed || at < *state_->armed) state_->arm(at);
}

void Alarms::State::arm(Instant at) {
  // Up to the next whole millisecond of the clock, so that neighbours share one wake-up.
  const auto real = std::chrono::ceil<std::chrono::milliseconds>((at + forgiven).time_since_epoch());
  armed = Instant(real) - forgiven;
  timer.expires_at(Instant(real));
  timer.async_wait([weak = weak_from_this()](const boost::system::error_code& ec) {
    if (ec) return;  // set again for an earlier moment, or gone
    if (const auto self = weak.lock()) self->serve();
  });
}

bool Alarms::State::was_stalled(Instant at) {
  const Duration late = now() - at;
  if (stall == Stall::counts || late < kStall) return false;
  forgiven += late;
  return true;
}

void Alarms::State::serve() {
  if (!armed) return;  // a wait that had ended before it could be cancelled
  const Instant planned = *armed;
  armed.reset();
  if (queue.empty()) return;
  if (was_stalled(planned)) return arm(planned + kDrain);

  const Instant due = now();
  for (int rung = 0; rung < kMaxRings && !queue.empty() && queue.begin()->at_ <= due; ++rung) {
    auto& alarm = *queue.begin();
    alarm.unset();
    alarm.ring();  // may set and unset any alarm, and destroy it and us
  }
  if (!queue.empty() && (!armed || queue.begin()->at_ < *armed)) arm(queue.begin()->at_);
}

}  // namespace baton::net
