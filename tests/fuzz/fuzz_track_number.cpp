// fuzz_track_number.cpp - any text of a tracked file: a number that is written back to the same, or none.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/assert.hpp"
#include "daemon/track_number.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto number = baton::daemon::track_number(text);
  if (number) ASSERT(baton::daemon::track_number(std::to_string(*number)) == number);
  return 0;
}
