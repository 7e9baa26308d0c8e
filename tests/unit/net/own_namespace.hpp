// own_namespace.hpp - a test's own network namespace: nothing in it but a loopback interface that is down.
#pragma once

#include <exception>
#include <thread>

#include <sched.h>

#include <doctest/doctest.h>

namespace own_namespace {

/// Runs `body` in a thread of its own in a fresh network namespace, which ends with it.  A failed REQUIRE in it is one
/// of the caller.  False when this process may not make a namespace.
template <class Body>
[[nodiscard]] bool run(Body body) {
  std::exception_ptr failed;
  bool is_allowed = true;
  std::thread thread([&] {
    is_allowed = unshare(CLONE_NEWNET) == 0;
    if (!is_allowed) return;
    try {
      body();
    } catch (...) {
      failed = std::current_exception();
    }
  });
  thread.join();
  if (failed) std::rethrow_exception(failed);
  return is_allowed;
}

}  // namespace own_namespace
