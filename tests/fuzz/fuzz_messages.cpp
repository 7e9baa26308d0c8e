// fuzz_messages.cpp - any bytes as a message between the processes: refused, or exactly what encode() writes for it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/assert.hpp"
#include "daemon/messages.hpp"

using namespace baton;
using namespace baton::daemon;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto envelope = decode(bytes);
  if (!envelope) return 0;
  const auto again = encode(*envelope);
  ASSERT(again && std::ranges::equal(*again, bytes));
  ASSERT(!name(envelope->message).empty() && !name(envelope->from).empty() && !name(envelope->to).empty());
  // The supervisor gives orders and takes none.
  if (may_send(envelope->from, envelope->to, envelope->message))
    ASSERT(envelope->from != envelope->to &&
           (envelope->from == Role::supervisor || !std::holds_alternative<Stop>(envelope->message)));
  return 0;
}
