// fuzz_route_message.cpp - any message about a route or a rule, as the kernel tells it and as the ledger keeps it.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/assert.hpp"
#include "net/route_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto key = baton::net::object_key(bytes);
  if (key) ASSERT(key->destination.length <= baton::max_prefix_length(key->family));
  if (baton::net::removed_object(bytes)) ASSERT(key.has_value());
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto kept = baton::net::from_hex(text)) ASSERT(baton::net::to_hex(*kept) == text);
  return 0;
}
