#include "daemon/sd_notify.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "daemon/file_descriptor.hpp"

namespace baton::daemon {

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody changes the environment
  return value != nullptr ? value : "";
}

std::optional<std::uint64_t> number_of(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

SdNotify SdNotify::from_environment() {
  SdNotify notify;
  notify.socket_ = environment("NOTIFY_SOCKET");
  const auto pid = environment("WATCHDOG_PID");
  const auto allowed = number_of(environment("WATCHDOG_USEC"));
  const bool ours = pid.empty() || pid == std::to_string(::getpid());
  constexpr std::uint64_t kLongest = 24ULL * 3600 * 1'000'000;
  if (ours && allowed && *allowed > 0 && *allowed <= kLongest)
    notify.watchdog_interval_ = std::chrono::microseconds{*allowed} / 2;
  return notify;
}

void SdNotify::ready(std::string_view status) const {
  send("READY=1\nMAINPID=" + std::to_string(::getpid()) + "\nSTATUS=" + std::string(status));
}

void SdNotify::reloading(std::string_view status) const {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto microseconds = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
  send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds) + "\nSTATUS=" + std::string(status));
}

void SdNotify::stopping(std::string_view status) const {
  send("STOPPING=1\nSTATUS=" + std::string(status));
}

void SdNotify::status(std::string_view status) const {
  send("STATUS=" + std::string(status));
}

void SdNotify::watchdog() const {
  send("WATCHDOG=1");
}

void SdNotify::send(const std::string& text) const {
  sockaddr_un address{};
  // A path, or a name in the abstract space that is written with '@'.
  if (socket_.size() < 2 || socket_.size() >= sizeof address.sun_path || (socket_[0] != '/' && socket_[0] != '@'))
    return;
  address.sun_family = AF_UNIX;
  std::memcpy(&address.sun_path[0], socket_.data(), socket_.size());
  if (socket_[0] == '@') address.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return;
  // A manager that does not listen is no reason to wait or to fail.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the sockets' interface
  ::sendto(socket.number(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&address), length);
}

}  // namespace baton::daemon
