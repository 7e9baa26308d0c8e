// file_watch.hpp - says when files that are followed may have changed, come or gone (inotify on their folders).
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/result.hpp"
#include "core/time.hpp"

namespace baton::net {

class FileWatch {
 public:
  /// The path as it was given.
  using OnChange = std::function<void(const std::string& path)>;

  /// `on_change` may do anything but destroy it.
  FileWatch(boost::asio::io_context& io, OnChange on_change);

  /// From now on these files and no others.  A folder that is not there (yet) is looked for every few seconds.
  Result<void> follow(const std::vector<std::string>& paths);

 private:
  struct Folder {
    int watch = -1;
    std::unordered_map<std::string, std::string> files;  // name -> path
  };
  Result<void> open();
  void await();
  void read();
  void take(const char* event_bytes, std::size_t size);
  void watch_folders(bool tell);
  void tell_all(const Folder& folder);

  boost::asio::posix::stream_descriptor inotify_;
  boost::asio::steady_timer retry_;
  OnChange on_change_;
  std::map<std::string, Folder> folders_;
  alignas(8) std::array<char, 16384> buffer_{};
};

/// The first `limit` octets of a file; an error when it cannot be opened or read.  Never waits: a pipe reads as empty.
Result<std::string> read_beginning(const std::string& path, std::size_t limit);

}  // namespace baton::net
