// Processes: a line of /proc, whose name is anybody's choice, and a message of the kernel's connector.  What a line
// says is written again and must be read as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "net/process_event.hpp"
#include "net/process_table.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  if (const auto image = baton::net::decode_process_stat(text)) {
    const auto again = std::to_string(static_cast<std::int32_t>(image->id)) + " (" + image->name + ") S " +
                       std::to_string(static_cast<std::int32_t>(image->parent)) + " 0";
    const auto same = baton::net::decode_process_stat(again);
    if (!same || same->id != image->id || same->name != image->name || same->parent != image->parent) std::abort();
  }
  const auto event = baton::net::decode_process_event(std::span(data, size), 7);
  if (event && size < 52) std::abort();
  return 0;
}
