#include "checkers/dns_message.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace baton::checkers {

namespace {

constexpr std::size_t kDnsHeader = 12;
constexpr std::size_t kLongestLabel = 63;
constexpr std::uint16_t kRecursion = 0x0100;  // RD
constexpr unsigned kCode = 0x0f;              // RCODE, in the fourth

void put(std::string& message, std::uint16_t number) {
  message += static_cast<char>(number >> 8U);
  message += static_cast<char>(number & 0xffU);
}

void put_name(std::string& message, std::string_view name) {
  const std::size_t start = message.size();
  while (!name.empty()) {
    const auto dot = std::min(name.find('.'), name.size());
    const auto label = name.substr(0, std::min(dot, kLongestLabel));
    name.remove_prefix(std::min(dot + 1, name.size()));
    if (label.empty()) continue;
    if (message.size() - start + 1 + label.size() >= kLongestDnsName) break;  // the root's empty label is to come
    message += static_cast<char>(label.size());
    message += label;
  }
  message += '\0';
}

}  // namespace

std::string dns_query(const DnsSpec& spec, std::uint16_t id) {
  std::string message;
  message.reserve(kDnsHeader + spec.name.size() + 6);
  put(message, id);
  put(message, kRecursion);
  put(message, 1);  // questions
  put(message, 0);
  put(message, 0);
  put(message, 0);
  put_name(message, spec.name);
  put(message, spec.type);
  put(message, kInternet);
  return message;
}

std::optional<std::uint8_t> dns_reply_code(std::span<const std::byte> message, std::uint16_t id) {
  if (message.size() < kDnsHeader) return std::nullopt;
  const auto octet = [&](std::size_t i) { return std::to_integer<unsigned>(message[i]); };
  if ((octet(0) << 8U | octet(1)) != id || (octet(2) & kResponse) == 0) return std::nullopt;
  return static_cast<std::uint8_t>(octet(3) & kCode);
}

std::string dns_code_name(std::uint8_t code) {
  constexpr auto kNames =
      std::to_array<std::string_view>({"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"});
  return code < kNames.size() ? std::string(kNames.at(code)) : "RCODE " + std::to_string(code);
}

}  // namespace baton::checkers
