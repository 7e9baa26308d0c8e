#include "net/exchange.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <poll.h>
#include <sys/socket.h>

#include <fmt/format.h>

#include "core/assert.hpp"
#include "core/overloaded.hpp"
#include "net/dial.hpp"

namespace baton::net {

using checkers::Outcome;

namespace {

/// Reads in a row from one server; then its neighbours have their turn.
constexpr int kReadsPerTurn = 8;
constexpr std::size_t kStreamRoom = std::size_t{16} << 10U;
constexpr std::size_t kLargestDatagram = std::size_t{64} << 10U;

std::string in_seconds(Duration duration) {
  return fmt::format("{:g} s", std::chrono::duration<double>(duration).count());
}

}  // namespace

Exchange::Exchange(ExchangePlan plan, Owner& owner) : plan_(std::move(plan)), owner_(owner) {
  ASSERT(plan_.target != nullptr && plan_.talk != nullptr && plan_.deadlines != nullptr && plan_.sockets != nullptr);
}

void Exchange::begin() {
  settle(start());
}

void Exchange::ready(bool in_error) {
  in_error_ = in_error;
  if (tls_ != nullptr) tls_->begin_turn();
  settle(go_on());
}

void Exchange::ring() {
  if (has_come()) return ready(true);  // with the deadline, and it counts
  settle(deadline_passed());
}

/// The last thing that is done in each turn: whoever is told of the end may destroy us.
void Exchange::settle(Need need) {
  if (need) {
    need_ = *need;
    const int error = plan_.sockets->watch(socket_.number(), need_, *this);
    if (error == 0) return;
    end(Outcome::local_trouble, "cannot wait for a socket: " + error_words(error));
  }
  owner_.exchanged(std::move(result_));
}

Exchange::Need Exchange::start() {
  started_ = Clock::now();
  total_end_ = plan_.deadlines->now() + plan_.total_limit;
  auto dialled = dial(*plan_.target, plan_.transport);
  if (!dialled) return end(dialled.error().outcome, std::move(dialled.error().reason));
  socket_ = std::move(*dialled);
  if (!is_stream()) return follow(plan_.talk->next({}));
  return await(Readiness::Need::writable);
}

Exchange::Need Exchange::deadline_passed() {
  if (stage_ == Stage::receiving)
    if (auto done = plan_.talk->silence()) return end(done->outcome, std::move(done->reason));
  return end(Outcome::failed, timeout_reason());
}

bool Exchange::has_come() const {
  constexpr short kReadable = POLLIN;
  constexpr short kWritable = POLLOUT;
  pollfd socket{};
  socket.fd = socket_.number();
  socket.events = need_ == Readiness::Need::readable ? kReadable : kWritable;
  return ::poll(&socket, 1, 0) > 0;
}

Exchange::Need Exchange::go_on() {
  switch (stage_) {
    case Stage::connecting: return connected();
    case Stage::handshaking: return shake_hands();
    case Stage::sending: return send();
    case Stage::receiving: return receive();
    case Stage::over: break;
  }
  return std::nullopt;
}

Exchange::Need Exchange::connected() {
  if (in_error_)
    if (auto failure = connect_failure(socket_.number())) return end(failure->outcome, std::move(failure->reason));
  return follow(plan_.talk->next({}));
}

/// Each step either waits, or ends, or has the next one in its tail; a conversation has few.
Exchange::Need Exchange::follow(checkers::Step step) {
  return std::visit(Overloaded{[&](const checkers::Send& wanted) {
                                 unsent_ = std::as_bytes(std::span(wanted.bytes));
                                 stage_ = Stage::sending;
                                 return send();
                               },
                               [&](const checkers::Receive&) {
                                 stage_ = Stage::receiving;
                                 return await(Readiness::Need::readable);
                               },
                               [&](const checkers::StartTls& wanted) { return start_tls(wanted); },
                               [&](checkers::Done& done) { return end(done.outcome, std::move(done.reason)); }},
                    step);
}

Exchange::Need Exchange::start_tls(const checkers::StartTls& wanted) {
  ASSERT(tls_ == nullptr);
  if (plan_.tls == nullptr)
    return end(Outcome::local_trouble, plan_.tls_trouble.empty() ? "TLS could not be set up" : plan_.tls_trouble);
  compliant_ = wanted.compliant;
  tls_ = TlsStream::create(*plan_.tls, socket_.number(), {wanted.server_name, wanted.certificate_name}, plan_.session);
  if (tls_ == nullptr) return end(Outcome::local_trouble, "no memory for TLS");
  stage_ = Stage::handshaking;
  return shake_hands();
}

Exchange::Need Exchange::shake_hands() {
  const auto status = tls_->handshake();
  if (status == Status::closed) return end(Outcome::failed, "closed during the TLS handshake");
  if (status == Status::failed) return end(Outcome::failed, "TLS handshake: " + tls_->error());
  if (status != Status::done) return wait_for(status, Readiness::Need::readable);
  result_.resumed = tls_->resumed();
  if (plan_.tls->spec().verify || plan_.tls->spec().expire_within.count() > 0) {
    result_.certificate_end = tls_->certificate_end();
    // A short handshake verifies nothing: the certificate is the one of the long one, and may have expired since.
    if (plan_.tls->spec().verify && result_.certificate_end < std::chrono::system_clock::now())
      return end(Outcome::failed, "TLS handshake: certificate has expired");
  }
  return follow(plan_.talk->next({}));
}

Exchange::Need Exchange::send() {
  do {  // a datagram may be empty
    const auto [status, count] = write(unsent_);
    if (status == Status::closed || status == Status::failed)
      return end(Outcome::failed, "request not taken: " + io_error_);
    if (status != Status::done) return wait_for(status, Readiness::Need::writable);
    unsent_ = unsent_.subspan(count);
  } while (!unsent_.empty());
  return follow(plan_.talk->next({}));
}

Exchange::Need Exchange::receive() {
  // Shared by all exchanges: what is read is handed to the conversation before anything else happens.
  static std::array<std::byte, kLargestDatagram> shared;
  const std::span<std::byte> room(shared.data(), is_stream() ? kStreamRoom : shared.size());
  for (int reads = 0; reads < kReadsPerTurn; ++reads) {
    const auto [status, count] = read(room);
    if (status == Status::closed) return follow(plan_.talk->closed());
    if (status == Status::failed)
      return end(Outcome::failed, is_stream() ? "answer broken off: " + io_error_ : io_error_);
    if (status != Status::done) return wait_for(status, Readiness::Need::readable);
    heard_ = true;
    auto step = plan_.talk->next(room.first(count));
    if (!std::holds_alternative<checkers::Receive>(step)) return follow(std::move(step));
  }
  // Writable at once, so that the others have their turn: what TLS has already taken in makes no socket readable.
  return await(Readiness::Need::writable);
}

Exchange::Need Exchange::wait_for(Status status, Readiness::Need fallback) {
  if (status == Status::want_read) return await(Readiness::Need::readable);
  if (status == Status::want_write) return await(Readiness::Need::writable);
  return await(fallback);
}

Exchange::Need Exchange::await(Readiness::Need need) {
  const Instant now = plan_.deadlines->now();
  plan_.deadlines->set(*this, std::min(now + plan_.wait_limit, total_end_));
  return need;
}

Exchange::Need Exchange::end(Outcome outcome, std::string reason) {
  ASSERT(stage_ != Stage::over);
  stage_ = Stage::over;
  unset();
  if (outcome == Outcome::failed && plan_.session != nullptr) plan_.session->forget();
  result_.outcome = outcome;
  result_.reason = std::move(reason);
  result_.latency = Clock::now() - started_;
  if (compliant_ && tls_ != nullptr) tls_->notify_close();
  tls_.reset();
  forget();
  socket_.reset();
  return std::nullopt;
}

std::string Exchange::timeout_reason() const {
  if (is_stream() && plan_.deadlines->now() >= total_end_) return "not over within " + in_seconds(plan_.total_limit);
  const std::string limit = in_seconds(plan_.wait_limit);
  switch (stage_) {
    case Stage::connecting: return "no connection within " + limit;
    case Stage::handshaking: return "no TLS handshake within " + limit;
    case Stage::sending: return "request not taken within " + limit;
    default: return heard_ && is_stream() ? "answer stopped for " + limit : "no answer within " + limit;
  }
}

TlsStream::Progress Exchange::read(std::span<std::byte> room) {
  if (tls_ != nullptr) {
    const auto progress = tls_->read(room);
    if (progress.status == Status::failed) io_error_ = tls_->error();
    return progress;
  }
  const auto count = ::recv(socket_.number(), room.data(), room.size(), 0);
  if (count > 0) return {Status::done, static_cast<std::size_t>(count)};
  if (count == 0) return {is_stream() ? Status::closed : Status::done, 0};
  if (errno == EAGAIN || errno == EINTR) return {Status::want_read, 0};
  io_error_ = error_words(errno);
  return {Status::failed, 0};
}

TlsStream::Progress Exchange::write(std::span<const std::byte> bytes) {
  if (tls_ != nullptr) {
    const auto progress = tls_->write(bytes);
    if (progress.status == Status::failed) io_error_ = tls_->error();
    if (progress.status == Status::closed) io_error_ = "closed";
    return progress;
  }
  const auto count = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count >= 0) return {Status::done, static_cast<std::size_t>(count)};
  if (errno == EAGAIN || errno == EINTR) return {Status::want_write, 0};
  io_error_ = error_words(errno);
  return {Status::failed, 0};
}

}  // namespace baton::net
