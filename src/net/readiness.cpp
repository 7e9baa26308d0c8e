#include "net/readiness.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <system_error>
#include <utility>

#include <sys/epoll.h>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "core/assert.hpp"

namespace baton::net {

namespace {

/// Served in one go; then other events have their turn.
constexpr std::size_t kReadyTogether = 64;

int open_poll() {
  const int poll = ::epoll_create1(EPOLL_CLOEXEC);
  if (poll < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");  // at the start of a role
  return poll;
}

}  // namespace

struct Readiness::State : std::enable_shared_from_this<Readiness::State> {
  explicit State(const boost::asio::any_io_executor& executor) : poll(executor, open_poll()) {}

  void arm();
  void serve();

  boost::asio::posix::stream_descriptor poll;
  std::array<epoll_event, kReadyTogether> events{};
};

void Readiness::Watcher::forget() {
  if (told_ != nullptr) told_->data.ptr = nullptr;
  told_ = nullptr;
  watched_.reset();
}

Readiness::Readiness(const boost::asio::any_io_executor& executor) : state_(std::make_shared<State>(executor)) {
  state_->arm();
}

Readiness::~Readiness() {
  boost::system::error_code ignored;
  state_->poll.close(ignored);
}

int Readiness::watch(int socket, Need need, Watcher& watcher) {
  if (watcher.watched_ == need) return 0;
  epoll_event event{};
  event.events = need == Need::readable ? EPOLLIN : EPOLLOUT;
  event.data.ptr = &watcher;
  const int operation = watcher.watched_ ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  if (::epoll_ctl(state_->poll.native_handle(), operation, socket, &event) != 0) return errno;
  watcher.watched_ = need;
  return 0;
}

void Readiness::State::arm() {
  poll.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                  [weak = weak_from_this()](const boost::system::error_code& ec) {
                    const auto self = weak.lock();
                    if (!ec && self != nullptr) self->serve();
                  });
}

void Readiness::State::serve() {
  if (!poll.is_open()) return;
  const int count = ::epoll_wait(poll.native_handle(), events.data(), static_cast<int>(events.size()), 0);
  ASSERT(count <= static_cast<int>(events.size()));
  const std::span told(events.data(), static_cast<std::size_t>(std::max(count, 0)));
  for (auto& event : told)
    static_cast<Watcher*>(event.data.ptr)->told_ = &event;
  for (auto& event : told) {
    auto* watcher = static_cast<Watcher*>(event.data.ptr);
    if (watcher == nullptr) continue;  // gone, by what another one was told
    watcher->told_ = nullptr;
    watcher->ready((event.events & (EPOLLERR | EPOLLHUP)) != 0);
  }
  if (poll.is_open()) arm();
}

}  // namespace baton::net
