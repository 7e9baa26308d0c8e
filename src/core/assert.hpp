// assert.hpp - what must hold; stays on in release, prints the place and ends the process.
#pragma once

namespace baton {

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace baton

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): the condition's text and place are wanted
#define ASSERT(condition) ((condition) ? void(0) : ::baton::assertion_failed(#condition, __FILE__, __LINE__))
