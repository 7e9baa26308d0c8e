#include "daemon/children.hpp"

#include <utility>

#include <sys/wait.h>

namespace baton::daemon {

Children::Children(boost::asio::io_context& io) : signals_(io, SIGCHLD) {
  await();
}

Result<pid_t> Children::start(const Program& program, OnEnd on_end) {
  auto started = start_child(program);
  if (!started) return tl::unexpected(started.error());
  const auto pid = started->pid;
  children_.emplace(pid, Child{std::move(*started), std::move(on_end)});
  return pid;
}

void Children::signal(pid_t pid, int number) {
  if (runs(pid)) ::kill(pid, number);
}

void Children::signal_group(pid_t pid, int number) {
  // Where the child has not come to set its group yet, there is only itself.
  if (runs(pid) && ::kill(-pid, number) != 0) ::kill(pid, number);
}

void Children::await() {
  signals_.async_wait([this](const boost::system::error_code& error, int /*number*/) {
    if (error) return;
    reap();
    await();
  });
}

void Children::reap() {
  int status = 0;
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    auto child = children_.extract(pid);
    if (child.empty()) continue;
    const auto end = child_end(status, child.mapped().started);
    if (child.mapped().on_end) child.mapped().on_end(end);
  }
}

}  // namespace baton::daemon
