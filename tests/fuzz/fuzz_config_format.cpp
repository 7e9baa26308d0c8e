// fuzz_config_format.cpp - any bytes laid out anew: the same meaning, and nothing left to do for a second time.
#include <cstdint>
#include <string>

#include "config/dump.hpp"
#include "config/format.hpp"
#include "config/parse.hpp"
#include "core/assert.hpp"

using namespace baton;
using namespace baton::config;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Formatted once = format(text, "fuzz.conf");
  if (once.diagnostics.has_errors()) {
    ASSERT(once.text.empty());
    return 0;
  }
  const Formatted twice = format(once.text, "fuzz.conf");
  ASSERT(!twice.diagnostics.has_errors());
  ASSERT(twice.text == once.text);
  ASSERT(dump(parse(once.text, "fuzz.conf").config) == dump(parse(text, "fuzz.conf").config));
  return 0;
}
