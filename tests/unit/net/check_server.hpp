// check_server.hpp - a server on loopback that behaves as a test wants, good or hostile; threads and plain sockets, no
// Asio, so that it shares nothing with the loop under test.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "checkers/spec.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace baton::test {

class CheckServer;

/// One connection of a client; closed when the behaviour returns.
class Connection {
 public:
  Connection(CheckServer& server, int socket) : server_(server), socket_(socket) {}

  [[nodiscard]] int socket() const { return socket_; }
  /// What comes up to the empty line; shorter if the client closes or the server is stopped.
  std::string read_request();
  /// False once the client has closed or the server is stopped.
  bool write(std::string_view text) const;
  /// Until the client closes or the server is stopped.
  void hold() const;
  void pause(std::chrono::milliseconds duration) const;
  /// Closes with a reset.
  void reset() const;

 private:
  CheckServer& server_;
  int socket_;
};

class CheckServer {
 public:
  using Behaviour = std::function<void(Connection&)>;

  /// Without a behaviour connections are accepted and closed at once.
  explicit CheckServer(Behaviour behaviour);
  ~CheckServer();
  CheckServer(const CheckServer&) = delete;
  CheckServer& operator=(const CheckServer&) = delete;

  [[nodiscard]] checkers::Endpoint endpoint() const;
  [[nodiscard]] int accepted() const { return accepted_; }
  /// Where the connections came from, once `count` have been accepted; fewer after two seconds.
  [[nodiscard]] std::vector<checkers::Endpoint> peers(int count) const;
  [[nodiscard]] bool stopping() const { return stopping_; }

 private:
  void accept_all();

  Behaviour behaviour_;
  int listener_;
  std::atomic<int> accepted_ = 0;
  mutable std::mutex mutex_;
  std::vector<checkers::Endpoint> peers_;
  std::atomic<bool> stopping_ = false;
  std::vector<std::jthread> connections_;
  std::jthread acceptor_;
};

/// Behaviours.
CheckServer::Behaviour answers(std::string reply);      // reads the request, sends the reply, closes
CheckServer::Behaviour holds_after(std::string reply);  // the same without closing

/// A port of 127.0.0.1 where nobody listens.
checkers::Endpoint refusing_endpoint();

/// A listener whose queue is full: SYNs go unanswered.
class FullListener {
 public:
  FullListener();
  ~FullListener();
  FullListener(const FullListener&) = delete;
  FullListener& operator=(const FullListener&) = delete;
  [[nodiscard]] checkers::Endpoint endpoint() const;

 private:
  int listener_;
  std::vector<int> fillers_;
};

/// TLS for behaviours, with a self-signed certificate made here and now.
class TlsServer {
 public:
  /// `version`: TLS1_2_VERSION or TLS1_3_VERSION, nothing else is spoken.
  explicit TlsServer(int version);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  /// Shakes hands, reads the request, sends `reply`, says goodbye if `close_notify`, closes.
  CheckServer::Behaviour answers(std::string reply, bool close_notify = true);

  /// Writes the certificate and its key, in one file.
  void save(const std::string& path) const;
  /// From now on clients must have a certificate: that one.
  void ask_for_certificate();

  /// The name that the clients asked for; how many handshakes were short ones.
  [[nodiscard]] std::string server_name() const;
  [[nodiscard]] int resumptions() const { return resumptions_; }
  /// The last client ended with close_notify.
  [[nodiscard]] bool was_told_goodbye() const { return told_goodbye_; }

 private:
  void talk(Connection& connection, const std::string& reply, bool close_notify);

  ssl_ctx_st* context_;
  std::atomic<int> resumptions_ = 0;
  std::atomic<bool> told_goodbye_ = false;
  std::string server_name_;  // written by the connection's thread, read when it has ended
};

}  // namespace baton::test
