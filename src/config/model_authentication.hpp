// model_authentication.hpp - how the routers of an instance know each other's adverts: authentication and auth_hmac.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace baton::config {

enum class AuthType : std::uint8_t { none, pass, ah };

/// One `key` line.
struct HmacKey {
  std::uint8_t id = 1;
  std::string key;  // as written: the octets themselves, hex:DIGITS or file:PATH
  friend bool operator==(const HmacKey&, const HmacKey&) = default;
};

enum class AntiReplay : std::uint8_t { time, monotonic };
enum class HmacMode : std::uint8_t { enforce, permissive, receive_only };

/// keepalived's HMAC-SHA256 trailer.
struct AuthHmac {
  std::vector<HmacKey> keys;
  std::uint8_t active_key = 0;                      // that adverts are signed with: one of keys
  std::optional<std::chrono::seconds> time_window;  // absent: 3 whole advert_int, 5 to 300 s
  AntiReplay anti_replay = AntiReplay::time;
  HmacMode mode = HmacMode::enforce;
  friend bool operator==(const AuthHmac&, const AuthHmac&) = default;
};

}  // namespace baton::config
