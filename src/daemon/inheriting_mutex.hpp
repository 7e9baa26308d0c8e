// inheriting_mutex.hpp - a mutex that a thread of real-time priority may wait for.
#pragma once

#include <mutex>

namespace baton::daemon {

/// From now on the thread that holds the mutex runs with the priority of the highest one that waits for it
/// (PTHREAD_PRIO_INHERIT): otherwise programs of a priority in between could keep both from running.  Before its first
/// use only.
void inherit_priority(std::mutex* mutex);

}  // namespace baton::daemon
