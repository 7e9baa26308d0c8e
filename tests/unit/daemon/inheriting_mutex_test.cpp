#include "daemon/inheriting_mutex.hpp"

#include <atomic>
#include <chrono>
#include <thread>

#include <pthread.h>
#include <sched.h>

#include <doctest/doctest.h>

using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

constexpr auto kLimit = 300ms;  // less than what the kernel leaves to others when real-time programs take all

bool set_priority(int priority) {
  const sched_param wanted{.sched_priority = priority};
  return ::pthread_setschedparam(::pthread_self(), priority == 0 ? SCHED_OTHER : SCHED_FIFO, &wanted) == 0;
}

/// All threads that are made from now on share one processor.
class OneProcessor {
 public:
  OneProcessor() {
    ::sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t one;
    CPU_ZERO(&one);
    for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu)
      if (CPU_ISSET(cpu, &before_)) {
        CPU_SET(cpu, &one);
        break;
      }
    ::sched_setaffinity(0, sizeof one, &one);
  }
  ~OneProcessor() { ::sched_setaffinity(0, sizeof before_, &before_); }
  OneProcessor(const OneProcessor&) = delete;
  OneProcessor& operator=(const OneProcessor&) = delete;

 private:
  cpu_set_t before_{};
};

void compute_for(std::chrono::nanoseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < until) {
  }
}

/// Whether the one of high priority had the mutex while another, of a priority in between, was still computing.
bool high_priority_goes_first(std::mutex& mutex) {
  std::atomic<bool> held{false}, asked{false}, had{false}, gone_first{false};
  std::thread low([&] {
    const std::lock_guard lock(mutex);
    held = true;
    while (!asked) {
    }
    compute_for(20ms);
  });
  while (!held)
    std::this_thread::yield();
  std::thread high([&] {
    set_priority(20);
    std::thread middle([&] {
      set_priority(10);
      const auto until = std::chrono::steady_clock::now() + kLimit;
      while (!had && std::chrono::steady_clock::now() < until) {
      }
      gone_first = had.load();
    });
    {
      asked = true;
      const std::lock_guard lock(mutex);
      had = true;
    }
    middle.join();
  });
  low.join();
  high.join();
  return gone_first;
}

}  // namespace

TEST_CASE("who holds an inheriting mutex is not kept from running by what matters less than who waits for it") {
  if (!set_priority(1) || !set_priority(0)) {
    MESSAGE("not tried: no right to real-time priorities");
    return;
  }
  const OneProcessor one;
  std::mutex inheriting;
  inherit_priority(&inheriting);
  CHECK(high_priority_goes_first(inheriting));
  std::mutex plain;
  CHECK_FALSE(high_priority_goes_first(plain));
}

TEST_CASE("an inheriting mutex is a mutex") {
  std::mutex mutex;
  inherit_priority(&mutex);
  int count = 0;
  const auto work = [&] {
    for (int i = 0; i < 10'000; ++i) {
      const std::lock_guard lock(mutex);
      ++count;
    }
  };
  std::thread other(work);
  work();
  other.join();
  CHECK(count == 20'000);
}
