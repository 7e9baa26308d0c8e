// dial.hpp - opens a check's socket and starts to connect it: no name service, nothing that blocks.
//
// An ICMP socket is the kernel's datagram kind where ping_group_range allows that, else a raw one, which needs
// CAP_NET_RAW.
#pragma once

#include <optional>
#include <string>

#include <boost/asio/generic/stream_protocol.hpp>

#include "checkers/conversation.hpp"
#include "checkers/conversations.hpp"
#include "checkers/spec.hpp"
#include "core/result.hpp"

namespace baton::net {

/// A socket of any kind; only ever waited for.
using CheckSocket = boost::asio::generic::stream_protocol::socket;

/// Puts a socket that is connecting (TCP) or connected (all others) into `socket`, which was closed.  An error is the
/// whole outcome of the probe: a refusal that came at once, or local trouble.
Result<void, checkers::Done> dial(const checkers::Target& target, checkers::Transport transport, CheckSocket& socket);

/// What became of a connection that has become writable: nothing, or why it failed.
std::optional<checkers::Done> connect_failure(int socket);

/// "connection refused": an error of the system in the words of a reason.
std::string error_words(int code);

}  // namespace baton::net
