// kernel_objects.hpp - puts routes and policy rules into the kernel, takes them out, hears of those that are gone.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "net/batch.hpp"
#include "net/route_codec.hpp"

namespace baton::net {

/// Every call is one batch, waits for the kernel at most Batch::limit(), and answers in the order of its argument.
class KernelObjects {
 public:
  /// Throws std::system_error when there is no netlink socket (start-up only).
  explicit KernelObjects(boost::asio::io_context& io);

  /// EEXIST: an equal one is there.
  std::vector<Answer> add(std::span<const ObjectBytes> objects);

  /// What is not there (any more) is no error.
  std::vector<Answer> remove(std::span<const ObjectBytes> objects);

 private:
  NetlinkSocket socket_;
};

/// Hears of routes and rules that are removed, by whomever; routes that go with their interface are not told of.
class ObjectWatch {
 public:
  using OnRemoved = std::function<void(const ObjectKey&)>;
  using OnLost = std::function<void()>;

  /// `on_lost`: notifications were lost, so that any may be gone.  Neither may destroy the watch.  Throws
  /// std::system_error when there is no netlink socket.
  ObjectWatch(boost::asio::io_context& io, OnRemoved on_removed, OnLost on_lost);
  ~ObjectWatch() { *alive_ = false; }
  ObjectWatch(const ObjectWatch&) = delete;
  ObjectWatch& operator=(const ObjectWatch&) = delete;

 private:
  void await();
  void drain();

  boost::asio::posix::stream_descriptor socket_;
  OnRemoved on_removed_;
  OnLost on_lost_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // for what is already due when this ends
};

}  // namespace baton::net
