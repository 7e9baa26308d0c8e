// exchange.hpp - one probe over a socket: connects, follows the conversation, keeps the deadlines.
//
// It carries out every kind of check: what to send and what the answer means is said by the conversation.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "checkers/conversations.hpp"
#include "checkers/spec.hpp"
#include "net/alarms.hpp"
#include "net/file_descriptor.hpp"
#include "net/readiness.hpp"
#include "net/tls_context.hpp"
#include "net/tls_stream.hpp"

namespace baton::net {

struct ProbeResult {
  checkers::Outcome outcome = checkers::Outcome::local_trouble;
  std::string reason;
  Duration latency{0};                                      // from the first system call to the result
  bool resumed = false;                                     // TLS: the handshake was a short one
  std::optional<std::chrono::sys_seconds> certificate_end;  // where somebody wants to know
};

/// What an exchange is to do, and with what; all that is pointed to outlives it.
struct ExchangePlan {
  const checkers::Target* target = nullptr;
  Duration wait_limit{0};   // connect_timeout: of the connection and of each wait
  Duration total_limit{0};  // checkers::longest_probe
  checkers::Transport transport = checkers::Transport::stream;
  std::unique_ptr<checkers::Conversation> talk;
  Alarms* deadlines = nullptr;
  Readiness* sockets = nullptr;
  std::shared_ptr<const TlsContext> tls;  // null: a conversation that starts TLS ends as local trouble,
  std::string tls_trouble;                // this one
  TlsSession* session = nullptr;          // of this check and URL; may be null
};

/// Destroyed under way it gives up, and tells nobody.
class Exchange final : private Alarm, private Readiness::Watcher {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    /// The end; may destroy the exchange.  Network trouble is a result like others.
    virtual void exchanged(ProbeResult result) = 0;
  };

  /// `owner` outlives this.
  Exchange(ExchangePlan plan, Owner& owner);

  /// Opens the socket, once.  May come to its end at once.
  void begin();

 private:
  /// What of the socket has to be waited for; none: it is over.
  using Need = std::optional<Readiness::Need>;
  enum class Stage : std::uint8_t { connecting, handshaking, sending, receiving, over };
  using Status = TlsStream::Status;

  void ring() override;
  void ready(bool in_error) override;

  void settle(Need need);
  Need start();
  Need go_on();
  Need deadline_passed();
  Need connected();
  Need shake_hands();
  Need send();
  Need receive();
  Need follow(checkers::Step step);
  Need start_tls(const checkers::StartTls& wanted);
  [[nodiscard]] bool is_stream() const { return plan_.transport == checkers::Transport::stream; }
  Need await(Readiness::Need need);
  Need wait_for(Status status, Readiness::Need fallback);
  [[nodiscard]] bool has_come() const;
  Need end(checkers::Outcome outcome, std::string reason);
  [[nodiscard]] std::string timeout_reason() const;

  TlsStream::Progress read(std::span<std::byte> room);
  TlsStream::Progress write(std::span<const std::byte> bytes);

  ExchangePlan plan_;
  Owner& owner_;
  FileDescriptor socket_;
  std::unique_ptr<TlsStream> tls_;
  std::span<const std::byte> unsent_;
  std::string io_error_;
  Instant started_;
  Instant total_end_;
  Readiness::Need need_ = Readiness::Need::writable;
  Stage stage_ = Stage::connecting;
  bool heard_ = false;      // something has come from the server
  bool in_error_ = false;   // so says the kernel of the socket
  bool compliant_ = false;  // TLS ends with close_notify
  ProbeResult result_;
};

}  // namespace baton::net
