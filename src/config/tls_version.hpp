// tls_version.hpp - the versions of TLS by the names that people write.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace baton::config {

/// The numbers are those of the protocol.
inline constexpr auto kTlsVersions =
    std::to_array<std::pair<std::string_view, std::uint16_t>>({{"1.0", std::uint16_t{0x0301}},
                                                               {"1.1", std::uint16_t{0x0302}},
                                                               {"1.2", std::uint16_t{0x0303}},
                                                               {"1.3", std::uint16_t{0x0304}}});

}  // namespace baton::config
