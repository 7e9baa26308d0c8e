// namespaces.hpp - network namespaces, cables and taps for tests against this machine's kernel.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sched.h>

#include <doctest/doctest.h>

namespace baton::test {

/// Runs `body` in a fresh network namespace of a thread of its own; it ends with the thread.  Says so loudly when this
/// process may not make one.
template <class Body>
void in_namespace(Body body) {
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
  if (!is_allowed) MESSAGE("SKIPPED: a network namespace needs root");
}

/// `ip ARGUMENTS` in the calling thread's namespace; must succeed.
void ip(const std::string& arguments);
/// What it prints.
std::string ip_output(const std::string& arguments);
/// `ip -batch` over the lines.
void ip_batch(const std::string& lines);

/// A second namespace; the thread stays where it was but for visits.
class Namespace {
 public:
  Namespace();
  ~Namespace();
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;
  /// As ip(8) takes it: `ip link set v1 netns PATH`.
  [[nodiscard]] std::string path() const;

  /// The thread is in `there` while this lives.
  class Visit {
   public:
    explicit Visit(const Namespace& there);
    ~Visit();
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

   private:
    int home_;
  };

 private:
  int fd_ = -1;
};

/// v0 here, 02:00:00:00:00:01, 10.0.0.1/24, and v1 in `other`, 02:00:00:00:00:02, 10.0.0.2/24; both up, no IPv6.
struct Cable {
  Cable();
  Namespace other;
};

using Frame = std::vector<std::uint8_t>;

/// Every frame that comes in at an interface of the calling thread's namespace from now on.
class Tap {
 public:
  explicit Tap(const std::string& interface, std::uint16_t ethertype = 0x0003);  // ETH_P_ALL
  ~Tap();
  Tap(const Tap&) = delete;
  Tap& operator=(const Tap&) = delete;

  /// Waits until there are `count` or `limit` is over.
  std::vector<Frame> frames(std::size_t count, std::chrono::milliseconds limit = std::chrono::milliseconds{500});

 private:
  int fd_;
};

std::string hex(const Frame& bytes);
/// Blanks are allowed.
Frame from_hex(std::string_view text);

}  // namespace baton::test

template <>
struct doctest::StringMaker<std::vector<std::string>> {
  static String convert(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines)
      text += (text.empty() ? "" : "; ") + line;
    return text.c_str();
  }
};
