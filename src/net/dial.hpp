// dial.hpp - opens a check's socket and starts to connect it: no name service, nothing that blocks.
#pragma once

#include <optional>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "checkers/conversation.hpp"
#include "checkers/spec.hpp"
#include "core/result.hpp"

namespace baton::net {

/// Puts a connecting TCP socket into `socket`, which was closed.  An error is the whole outcome of the probe: a refusal
/// that came at once, or local trouble.
Result<void, checkers::Done> dial(const checkers::Target& target, boost::asio::ip::tcp::socket& socket);

/// What became of a connection that has become writable: nothing, or why it failed.
std::optional<checkers::Done> connect_failure(int socket);

/// "connection refused": an error of the system in the words of a reason.
std::string error_words(int code);

}  // namespace baton::net
