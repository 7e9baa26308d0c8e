// mutant.hpp - directors with one fault each, planted so that every promise is seen to notice one.
#pragma once

#include <cstdint>

namespace baton::vrrp::sim {

enum class Mutant : std::uint8_t {
  none,
  // of the election
  timers_first,         // believes its timer before it has read its socket
  deaf_to_resignation,  // a priority of 0 says nothing to it
  deaf_to_stronger,     // as a master
  impatient,            // waits one interval less than it should
  patient,              // waits three intervals more
  never_preempts,       // nopreempt whatever is configured
  always_preempts,      // no nopreempt, no preempt_delay
  // of what it sends and holds
  keeps_address,     // gives it up to nobody
  takes_no_address,  // is a master in name only
  lasting_lease,     // the kernel holds the address for ever
  mute,              // as a master leaves out most advertisements
  hectic,            // sends three for one
  leaves_politely,   // resigns to the stronger one
  unannounced,       // the switch is never told
  announces_late,    // the addresses that it has given up at the same moment
  // of groups and tracking
  forgets_member,   // the last one of its group
  adopts_alone,     // goes on as a master though others of its group cannot
  fails_alone,      // its group does not follow it into FAULT
  ignores_fault,    // goes on
  never_recovers,   // of a fault
  ignores_weights,  // the priority is what is configured
  ignores_reload,   // likewise, from before
  does_not_wait     // for the first results
};

}  // namespace baton::vrrp::sim
