// genhash_report.hpp - what genhash prints, as keepalived's does (pure).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "ctl/page_conversation.hpp"

namespace baton::ctl {

/// Sixteen octets on a line: number of the first, hexadecimal, text.
std::string hex_dump(std::string_view bytes);

/// The header, the body and the digest, each in hexadecimal, and last how long it took.
std::string verbose_report(const Page& page, const std::string& url, std::chrono::microseconds took);

}  // namespace baton::ctl
