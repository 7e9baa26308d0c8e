#include "ctl/genhash_report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace baton::ctl {

namespace {

constexpr std::size_t kRow = 16;

std::string title(std::string_view text) {
  constexpr std::string_view kRule = "-----------------------";
  return std::string(kRule) + "[" + std::string(text) + "]" + std::string(kRule) + "\n";
}

char shown(char octet) {
  return octet >= 0x20 && octet < 0x7f ? octet : '.';
}

/// The octets that hexadecimal digits stand for.
std::string octets_of(std::string_view digits) {
  std::string octets;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    octets += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  return octets;
}

}  // namespace

std::string hex_dump(std::string_view bytes) {
  std::string text;
  std::array<char, 32> number{};
  for (std::size_t row = 0; row < bytes.size(); row += kRow) {
    std::snprintf(number.data(), number.size(), "%04zu  ", row);
    text += number.data();
    std::string letters;
    for (std::size_t i = 0; i < kRow; ++i) {
      if (i == kRow / 2) text += "- ";
      if (row + i >= bytes.size()) {
        text += "   ";
        letters += ' ';
        continue;
      }
      const char octet = bytes[row + i];
      std::snprintf(number.data(), number.size(), "%02x ", static_cast<unsigned>(static_cast<unsigned char>(octet)));
      text += number.data();
      letters += shown(octet);
    }
    text += "  " + letters + "\n";
  }
  return text;
}

std::string verbose_report(const Page& page, const std::string& url, std::chrono::microseconds took) {
  std::string text = title("    HTTP Header Buffer    ") + hex_dump(page.header);
  if (!page.header.empty()) text += title(" HTTP Header Ascii Buffer ") + page.header;
  text += "\n";
  if (!page.body.empty()) text += title("        HTML Buffer        ") + hex_dump(page.body);
  text += page.header.empty() ? "" : "\n";
  text += title("    HTML hash resulting    ") + hex_dump(octets_of(page.digest));
  text += title(" HTML hash final resulting ") + page.digest + "\n";
  return text + "\nGlobal response time for [" + url + "] = " + std::to_string(took.count()) + " usecs\n";
}

}  // namespace baton::ctl
