// process_event.hpp - what the kernel tells of processes (linux/cn_proc.h): the request, the filter, the messages
// (pure).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <linux/filter.h>

#include "vrrp/process_tracking.hpp"

namespace baton::net {

struct ProcessEvent {
  enum class Kind : std::uint8_t {
    listening,  // the answer to our request
    forked,
    changed,  // another program or another name
    ended
  };
  Kind kind = Kind::listening;
  vrrp::ProcessId process{};  // of a fork the child
  vrrp::ProcessId parent{};   // of a fork
};

/// Octets of a request: the headers of netlink and of the connector, and one word.
inline constexpr std::size_t kProcessRequest = 40;
/// Octets that any message has; longer ones are cut.
inline constexpr std::size_t kLongestProcessMessage = 128;

/// Asks to be told of processes, or not any more; `token` comes back with the answer.
std::array<std::uint8_t, kProcessRequest> process_request(bool listen, std::uint32_t token);

/// Lets through answers, and of processes forks, new programs and names, and ends; of threads nothing.
std::array<sock_filter, 16> process_event_filter();

/// None: of no interest, or no such message.
std::optional<ProcessEvent> decode_process_event(std::span<const std::uint8_t> message, std::uint32_t token);

}  // namespace baton::net
