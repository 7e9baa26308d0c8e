// alarms.hpp - any number of moments behind one timer, served together when due within the same millisecond.
//
// An alarm costs its two words and a place in a tree, where a timer of Asio's with a handler costs 280 octets and a
// coroutine that sleeps 1,440: with tens of thousands of checks that is the difference.
#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/intrusive/set.hpp>

#include "core/time.hpp"

namespace baton::net {

/// A moment at which something is to happen.  Unset by its destructor, so whoever owns it may die at any time.
class Alarm : public boost::intrusive::set_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  Alarm() = default;
  virtual ~Alarm() = default;
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  [[nodiscard]] bool is_set() const { return is_linked(); }
  [[nodiscard]] Instant at() const { return at_; }
  void unset() { unlink(); }

 protected:
  /// The moment has come; the alarm is no longer set, and may set itself again or be destroyed.
  virtual void ring() = 0;

 private:
  friend class Alarms;
  Instant at_;
};

class Alarms {
 public:
  /// What an alarm means when the whole process was held up (stopped, or a machine too busy to run it).
  enum class Stall : std::uint8_t {
    counts,   // time is time: a period that has passed has passed
    forgiven  // nobody listened meanwhile, so an answer may lie in a socket: all alarms move by as long as it took
  };

  /// Has its timer on `executor`'s context, which outlives it.
  Alarms(const boost::asio::any_io_executor& executor, Stall stall);
  ~Alarms();
  Alarms(const Alarms&) = delete;
  Alarms& operator=(const Alarms&) = delete;

  /// The time by which to set alarms; behind Clock by the stalls that were forgiven.
  [[nodiscard]] Instant now() const;

  /// `alarm` rings at `at`, up to a millisecond later, whatever it was set to before.
  void set(Alarm& alarm, Instant at);

 private:
  struct State;
  std::shared_ptr<State> state_;  // the timer's handler may come after us
};

}  // namespace baton::net
