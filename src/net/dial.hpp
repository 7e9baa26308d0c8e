// dial.hpp - opens a check's socket and starts to connect it: no name service, nothing that blocks.
//
// An ICMP socket is the kernel's datagram kind where ping_group_range allows that, else a raw one, which needs
// CAP_NET_RAW.
#pragma once

#include <optional>
#include <string>

#include "checkers/conversation.hpp"
#include "checkers/conversations.hpp"
#include "checkers/spec.hpp"
#include "core/result.hpp"
#include "net/file_descriptor.hpp"

namespace baton::net {

/// A non-blocking socket that is connecting (TCP) or connected (all others).  An error is the whole outcome of the
/// probe: a refusal that came at once, or local trouble.
Result<FileDescriptor, checkers::Done> dial(const checkers::Target& target, checkers::Transport transport);

/// What became of a connection that has become writable: nothing, or why it failed.
std::optional<checkers::Done> connect_failure(int socket);

/// "connection refused": an error of the system in the words of a reason.
std::string error_words(int code);

}  // namespace baton::net
