#include "daemon/role_process.hpp"

#include <csignal>
#include <utility>

#include "core/assert.hpp"
#include "daemon/log.hpp"

namespace baton::daemon {

namespace {

/// A role whose end of the channel is closed is about to end.
constexpr Duration kEndOfClosed = std::chrono::seconds{1};

}  // namespace

RoleProcess::RoleProcess(Role role, boost::asio::io_context& io, Children& children, const Launcher& launcher,
                         Handlers handlers)
    : role_(role),
      io_(io),
      children_(children),
      launcher_(launcher),
      handlers_(std::move(handlers)),
      restart_timer_(io),
      kill_timer_(io) {}

Result<void> RoleProcess::start(Capabilities capabilities, int net_namespace) {
  ASSERT(!runs());
  auto ends = make_channel_pair();
  if (!ends) return tl::unexpected(ends.error());
  auto program = launcher_.role(role_, capabilities, ends->second.number());
  program.net_namespace = net_namespace;
  const auto pid = children_.start(program, [this](const ChildEnd& end) { ended(end); });
  if (!pid) return tl::unexpected(pid.error());
  pid_ = *pid;
  started_ = Clock::now();
  capabilities_ = capabilities;
  told_to_stop_ = false;
  channel_.emplace(io_, std::move(ends->first));
  Channel::Handlers handlers;
  handlers.received = [this](const Envelope& envelope, const FileDescriptor& descriptor) {
    received(envelope, descriptor);
  };
  handlers.closed = [this](const std::string& why) { closed(why); };
  channel_->start(std::move(handlers));
  return {};
}

void RoleProcess::start_after(Duration delay, std::function<void()> start) {
  restart_timer_.expires_after(delay);
  restart_timer_.async_wait([start = std::move(start)](const boost::system::error_code& error) {
    if (!error) start();
  });
}

bool RoleProcess::send(Role from, const Message& message, int descriptor) {
  if (!runs() || !channel_->is_open()) return false;
  const auto sent = channel_->send({from, role_, message}, descriptor);
  if (!sent) kill(sent.error().message);
  return sent.has_value();
}

void RoleProcess::stop(Duration limit) {
  if (!runs()) return;
  told_to_stop_ = true;
  send(Stop{});
  kill_after(limit);
}

void RoleProcess::kill(const std::string& why) {
  if (!runs()) return;
  log::error("role {} (process {}) is killed: {}", name(role_), pid_, why);
  children_.signal(pid_, SIGKILL);
}

void RoleProcess::received(const Envelope& envelope, const FileDescriptor& descriptor) {
  if (envelope.from != role_ || !may_send(role_, envelope.to, envelope.message) || descriptor)
    return kill("it sent " + std::string(name(envelope.message)) + " to " + std::string(name(envelope.to)) +
                ", which it may not");
  handlers_.received(envelope);
}

void RoleProcess::closed(const std::string& why) {
  if (!why.empty()) return kill(why);
  kill_after(kEndOfClosed);
}

void RoleProcess::ended(const ChildEnd& end) {
  // Its last words first: they tell what it has done.
  channel_->drain();
  channel_.reset();
  kill_timer_.cancel();
  pid_ = -1;
  handlers_.ended(end, Clock::now() - started_);
}

void RoleProcess::kill_after(Duration limit) {
  kill_timer_.expires_after(limit);
  kill_timer_.async_wait([this, pid = pid_](const boost::system::error_code& error) {
    if (!error && pid == pid_) kill("it did not end in time");
  });
}

}  // namespace baton::daemon
