#include "vrrp/process_quorum.hpp"

namespace baton::vrrp {

bool ProcessQuorum::fits() const {
  if (rule_.most == 0U) return number_ == 0;
  return number_ >= rule_.least && (!rule_.most || number_ <= *rule_.most);
}

Duration ProcessQuorum::delay_of(CountCause cause) const {
  switch (cause) {
    case CountCause::forked: return rule_.fork_delay;
    case CountCause::ended: return rule_.terminate_delay;
    case CountCause::other: break;
  }
  return Duration::zero();
}

bool ProcessQuorum::count(std::size_t number, CountCause cause, Instant now) {
  number_ = number;
  const bool right = fits();
  if (up_ == right) {
    due_.reset();
    return false;
  }
  const auto delay = up_ ? delay_of(cause) : Duration::zero();
  if (delay > Duration::zero()) {
    if (!due_) due_ = now + delay;  // the first of several counts
    return false;
  }
  up_ = right;
  due_.reset();
  return true;
}

bool ProcessQuorum::tick(Instant now) {
  if (!due_ || now < *due_) return false;
  due_.reset();
  up_ = !*up_;
  return true;
}

void ProcessQuorum::follow(const QuorumRule& rule) {
  if (rule == rule_) return;
  rule_ = rule;
  if (!up_) return;
  up_ = fits();
  due_.reset();
}

}  // namespace baton::vrrp
