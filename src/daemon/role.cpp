#include "daemon/role.hpp"

#include <csignal>
#include <string>
#include <utility>

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/signal_set.hpp>

#include "config/parse.hpp"
#include "core/assert.hpp"
#include "daemon/apart.hpp"
#include "daemon/log.hpp"
#include "daemon/privileges.hpp"
#include "daemon/role_scheduling.hpp"
#include "daemon/sealed_text.hpp"

namespace baton::daemon {

namespace asio = boost::asio;

namespace {

/// For the last messages of a role that ends, and for its log.
constexpr Duration kLastWords = std::chrono::milliseconds{200};
/// Octets of heap that are kept, so that who takes over need not ask the kernel for the first ones.
constexpr std::size_t kSpareMemory = std::size_t{64} * 1024;

}  // namespace

struct RoleContext::Impl {
  Impl(Role self, asio::io_context& io, FileDescriptor end)
      : role(self), channel(io, std::move(end)), signals(io, SIGTERM), supervisor(::getppid()) {}

  void received(RoleContext& context, const Envelope& envelope, const FileDescriptor& descriptor) {
    if (const auto* configure = std::get_if<Configure>(&envelope.message)) {
      put_into_force(context, configure->generation, descriptor);
    } else if (std::holds_alternative<Stop>(envelope.message)) {
      stop(StopReason::asked);
    } else if (handlers.message && !stopping) {
      handlers.message(envelope);
    }
  }

  void put_into_force(RoleContext& context, std::uint64_t generation, const FileDescriptor& descriptor) {
    if (stopping) return;
    auto text = read_sealed_text(descriptor);
    if (!text) {
      log::error("cannot read configuration {}: {}", generation, text.error().message);
      context.finish(kExitInternal);
      return;
    }
    // The supervisor has read the same text and told what is wrong with it.
    const auto parse = [&] { return config::parse(*text, context.options_.configuration_file).config; };
    auto config = apart(parse);
    if (const auto kept = keep_in_memory(scheduling_of(role, config.global).in_memory); !kept)
      log::warning("{}", kept.error().message);
    handlers.configure(generation, std::move(config));
    text = std::string();
    // What was parsed is gone again; where there are thousands of services that is most of the memory.
    ::malloc_trim(kSpareMemory);
  }

  void await_signal() {
    signals.async_wait([this](const boost::system::error_code& error, int /*number*/) {
      if (error) return;
      // A Stop, or the supervisor's end, may have arrived too and knows the reason.
      channel.drain();
      stop(::getppid() == supervisor ? StopReason::asked : StopReason::supervisor_died);
      await_signal();
    });
  }

  void stop(StopReason reason) {
    if (std::exchange(stopping, true)) return;
    log::debug("stopping: {}", reason == StopReason::asked ? "asked to" : "the supervisor has died");
    handlers.stop(reason);
  }

  Role role;
  Channel channel;
  asio::signal_set signals;
  pid_t supervisor;
  Handlers handlers;
  bool stopping = false;
  int exit_status = 0;
};

RoleContext::RoleContext(Role role, asio::io_context& io, FileDescriptor channel, const Options& options)
    : io_(io), options_(options), impl_(std::make_unique<Impl>(role, io, std::move(channel))) {}

RoleContext::~RoleContext() = default;

int RoleContext::run(Handlers handlers) {
  ASSERT(handlers.configure && handlers.stop);
  impl_->handlers = std::move(handlers);
  Channel::Handlers from_channel;
  from_channel.received = [this](const Envelope& envelope, const FileDescriptor& descriptor) {
    impl_->received(*this, envelope, descriptor);
  };
  from_channel.closed = [this](const std::string& /*why*/) { impl_->stop(StopReason::supervisor_died); };
  impl_->channel.start(std::move(from_channel));
  impl_->await_signal();
  io_.run();
  impl_->channel.flush(kLastWords);
  return impl_->exit_status;
}

void RoleContext::finish(int exit_status) {
  impl_->exit_status = exit_status;
  io_.stop();
}

void RoleContext::send(Role to, Message message) {
  const Envelope envelope{impl_->role, to, std::move(message)};
  const auto sent = impl_->channel.send(envelope);
  if (!sent && !impl_->stopping)
    log::error("{} for {} is lost: {}", name(envelope.message), name(to), sent.error().message);
}

void RoleContext::configured(std::uint64_t generation) {
  send(Role::supervisor, Configured{generation});
}

}  // namespace baton::daemon
