#include "config/set_check.hpp"

namespace baton::config {
namespace {

/// The value of a hexadecimal digit; 16 for x, which stands for any; -1 for what is none.
int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return c == 'x' || c == 'X' ? 16 : -1;
}

/// Octets of a word, two digits each; the last digit of an odd number is an octet by itself.  False: no digit.
bool take_octets(std::string_view word, std::vector<UdpCheck::Expected>& octets) {
  for (std::size_t i = 0; i < word.size(); i += 2) {
    UdpCheck::Expected octet{0, 0};
    const std::string_view digits = word.substr(i, 2);
    if (digits.size() == 1) octet.mask = 0xf0;  // the digit that is not written is a 0
    for (const char c : digits) {
      const int value = nibble(c);
      if (value < 0) return false;
      octet.value = static_cast<std::uint8_t>((octet.value << 4) | (value & 0xf));
      octet.mask = static_cast<std::uint8_t>((digits.size() == 1 ? 0xf0 : octet.mask << 4) | (value < 16 ? 0xf : 0));
    }
    octets.push_back(octet);
  }
  return !word.empty();
}

/// Absent: reported.
std::optional<std::vector<UdpCheck::Expected>> read_octets(Builder& builder, const Line& line, bool takes_any) {
  std::vector<UdpCheck::Expected> octets;
  for (const Word& word : line.words.subspan(1)) {
    const bool has_any = !takes_any && word.text.find_first_of("xX") != std::string_view::npos;
    if (!has_any && take_octets(word.text, octets)) continue;
    builder.error(word.place,
                  concat(line.keyword->name, " is hexadecimal digits", takes_any ? " and x" : "", ", not ",
                         quoted(word.text), ": the line is ignored"),
                  word.text.starts_with("0x") ? "two digits for each octet, without 0x"
                                              : "two digits for each octet: 48 65 6c 6c 6f, or in one word");
    return std::nullopt;
  }
  return octets;
}

}  // namespace

void close_udp_check(Builder& builder) {
  const UdpCheck& check = builder.current<UdpCheck>();
  if (check.min_reply_length > check.max_reply_length)
    builder.warn(builder.probe.place,
                 concat("min_reply_length ", int{check.min_reply_length}, " is above max_reply_length ",
                        int{check.max_reply_length}, ": no reply is right, the check always fails"),
                 "max_reply_length is 255 unless it is written");
  close_check(builder);
}

bool set_payload(Builder& builder, const Line& line) {
  const auto octets = read_octets(builder, line, false);
  if (!octets) return false;
  std::vector<std::uint8_t>& payload = builder.current<UdpCheck>().payload;
  payload.clear();
  for (const auto& octet : *octets)
    payload.push_back(octet.value);
  return true;
}

bool set_require_reply(Builder& builder, const Line& line) {
  auto octets = read_octets(builder, line, true);
  if (!octets) return false;
  builder.current<UdpCheck>().require_reply = true;
  builder.current<UdpCheck>().reply = std::move(*octets);
  return true;
}

}  // namespace baton::config
