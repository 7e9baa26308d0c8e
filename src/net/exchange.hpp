// exchange.hpp - one probe over a socket: connects, follows the conversation, keeps the deadlines.
//
// It never waits: it does what can be done now and says for what the caller is to wait.  net::converse is that caller.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "checkers/conversations.hpp"
#include "checkers/spec.hpp"
#include "net/alarms.hpp"
#include "net/dial.hpp"
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
  std::shared_ptr<const TlsContext> tls;  // null: a conversation that starts TLS ends as local trouble,
  std::string tls_trouble;                // this one
  TlsSession* session = nullptr;          // of this check and URL; may be null
};

class Exchange final : private Alarm {
 public:
  enum class Need : std::uint8_t { readable, writable, nothing };

  Exchange(const boost::asio::any_io_executor& executor, ExchangePlan plan);

  /// Opens the socket.  `nothing`: over already.
  Need start();
  /// Goes on when the socket is as needed, or when waiting for it has failed with `ec`.
  Need proceed(const boost::system::error_code& ec);
  /// Gives up: the present wait fails, and proceed() then ends.  Touches none of what the plan points to.
  void stop();

  [[nodiscard]] CheckSocket& socket() { return socket_; }
  /// After `nothing`.
  [[nodiscard]] ProbeResult& result() { return result_; }

 private:
  enum class Stage : std::uint8_t { connecting, handshaking, sending, receiving, over };
  using Status = TlsStream::Status;

  void ring() override;

  Need go_on();
  Need connected();
  Need shake_hands();
  Need send();
  Need receive();
  Need follow(checkers::Step step);
  Need start_tls(const checkers::StartTls& wanted);
  [[nodiscard]] bool is_stream() const { return plan_.transport == checkers::Transport::stream; }
  Need await(Need need);
  Need wait_for(Status status, Need fallback);
  Need end(checkers::Outcome outcome, std::string reason);
  [[nodiscard]] std::string timeout_reason() const;

  TlsStream::Progress read(std::span<std::byte> room);
  TlsStream::Progress write(std::span<const std::byte> bytes);

  ExchangePlan plan_;
  CheckSocket socket_;
  std::unique_ptr<TlsStream> tls_;
  std::span<const std::byte> unsent_;
  std::string io_error_;
  Instant started_;
  Instant total_end_;
  Stage stage_ = Stage::connecting;
  bool heard_ = false;    // something has come from the server
  bool expired_ = false;  // a deadline has passed
  bool stopped_ = false;
  bool compliant_ = false;  // TLS ends with close_notify
  ProbeResult result_;
};

}  // namespace baton::net
