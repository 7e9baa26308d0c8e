// track_number.hpp - the number in a tracked file (track_file) (pure).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace baton::daemon {

/// Octets of the file that are looked at.
inline constexpr std::size_t kMaxTrackedText = 128;

/// A decimal number, with a sign or not, blanks around it; an empty file is 0.  Numbers beyond 32 bits are cut to them.
/// None: something else.
std::optional<std::int32_t> track_number(std::string_view text);

}  // namespace baton::daemon
