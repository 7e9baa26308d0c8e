#include "daemon/mailer.hpp"

#include <csignal>
#include <ctime>
#include <utility>

#include "daemon/log.hpp"
#include "daemon/mail_process.hpp"
#include "daemon/sealed_text.hpp"

namespace baton::daemon {

namespace {

/// At a stop what is left may take so long.
constexpr Duration kFinishLimit = std::chrono::seconds{1};
/// The process gives up by itself; this is for one that does not.
constexpr Duration kGrace = std::chrono::seconds{5};

std::tm local_time() {
  const auto now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  return local;
}

std::string trouble_of(const ChildEnd& end) {
  if (end.clean()) return "";
  if (end.signal == SIGKILL) return "it took too long";
  if (end.signal != 0 || !end.trouble.empty()) return "the process that sends " + end.text();
  return mail_trouble(end.exit_status);
}

}  // namespace

Mailer::Mailer(boost::asio::io_context& io, Children& children, const Launcher& launcher)
    : children_(children), launcher_(launcher), limit_(io), finish_limit_(io) {}

void Mailer::configure(const config::Config& config, const std::string& host_name) {
  settings_ = mail_settings(config.global.mail, host_name);
}

void Mailer::submit(const Mail& mail) {
  if (!settings_) return;
  queue_.add(mail_job(*settings_, mail, local_time()));
  send_next();
}

void Mailer::send_next() {
  // A mail whose process cannot even be started is lost as one that is not taken: the next one has its own chance.
  while (const auto job = queue_.next()) {
    auto memory = seal_text(encode(*job));
    auto started = memory
                       ? children_.start(launcher_.mail(memory->number()), [this](const ChildEnd& end) { ended(end); })
                       : Result<pid_t>(tl::unexpected(memory.error()));
    if (started) {
      sending_ = *started;
      limit_.expires_after(mail_time_limit(job->settings) + kGrace);
      limit_.async_wait([this, pid = *started](const boost::system::error_code& error) {
        if (!error && pid == sending_) children_.signal(pid, SIGKILL);
      });
      return;
    }
    if (const auto line = queue_.ended(started.error().message)) log::error("{}", line->text);
  }
}

void Mailer::ended(const ChildEnd& end) {
  limit_.cancel();
  sending_ = -1;
  if (const auto line = queue_.ended(trouble_of(end))) {
    if (line->is_error)
      log::error("{}", line->text);
    else
      log::info("{}", line->text);
  }
  send_next();
  tell_when_idle();
}

void Mailer::finish(std::function<void()> when_idle) {
  when_idle_ = std::move(when_idle);
  finish_limit_.expires_after(kFinishLimit);
  finish_limit_.async_wait([this](const boost::system::error_code& error) {
    if (error || !when_idle_) return;
    const auto lost = queue_.clear() + (children_.runs(sending_) ? 1 : 0);
    log::warning("mails that were not sent before the stop: {}", lost);
    children_.signal(sending_, SIGKILL);
  });
  tell_when_idle();
}

void Mailer::tell_when_idle() {
  if (!when_idle_ || !queue_.idle()) return;
  finish_limit_.cancel();
  std::exchange(when_idle_, nullptr)();
}

}  // namespace baton::daemon
