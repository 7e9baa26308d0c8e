#include "daemon/inheriting_mutex.hpp"

#include <pthread.h>

#include "core/assert.hpp"

namespace baton::daemon {

void inherit_priority(std::mutex* mutex) {
  pthread_mutexattr_t attributes;
  ASSERT(::pthread_mutexattr_init(&attributes) == 0);
  ASSERT(::pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT) == 0);
  ASSERT(::pthread_mutex_destroy(mutex->native_handle()) == 0);
  ASSERT(::pthread_mutex_init(mutex->native_handle(), &attributes) == 0);
  ASSERT(::pthread_mutexattr_destroy(&attributes) == 0);
}

}  // namespace baton::daemon
