// What a request of HTTP_GET or SSL_GET and its TLS have that keepalived does not.
#include <algorithm>
#include <array>

#include "config/set_check.hpp"
#include "config/tls_version.hpp"

namespace baton::config {
namespace {

constexpr std::int64_t kMostDays = 3650;
constexpr std::size_t kMostHeaders = 32;

/// What may stand in a method or the name of a header (RFC 9110 5.6.2).
bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  const auto is_fit = [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != std::string_view::npos;
  };
  return !text.empty() && std::ranges::all_of(text, is_fit);
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; });
}

}  // namespace

bool set_request_method(Builder& builder, const Line& line) {
  if (!is_token(line.first().text)) {
    builder.error(line.first().place, concat("a method is one word, not ", quoted(line.first().text)),
                  "the line is ignored; method HEAD");
    return false;
  }
  return set_text<&HttpCheck::method>(builder, line);
}

bool add_header(Builder& builder, const Line& line) {
  const Word& word = line.first();
  auto& headers = builder.current<HttpCheck>().headers;
  const std::size_t colon = word.text.find(':');
  if (colon == std::string_view::npos || !is_token(word.text.substr(0, colon)) || has_control(word.text)) {
    builder.error(word.place, concat(quoted(word.text), " is no header line: it is ignored"),
                  "a name, a colon and a value in quotes: header \"X-Probe: director 1\"");
    return false;
  }
  if (headers.size() == kMostHeaders) {
    builder.error(word.place, concat("a check has at most ", kMostHeaders, " header lines: this one is ignored"));
    return false;
  }
  headers.emplace_back(word.text);
  return true;
}

bool set_expire_within(Builder& builder, const Line& line) {
  std::string_view text = line.first().text;
  if (text.ends_with('d')) text.remove_suffix(1);
  const auto days = parse_integer(text);
  if (!days || *days < 0 || *days > kMostDays) {
    builder.error(line.first().place,
                  concat("expire_within is a number of days, 0 to ", kMostDays, ", not ", quoted(line.first().text)),
                  "the line is ignored; expire_within 14d");
    return false;
  }
  builder.current<HttpCheck>().expire_within = std::chrono::hours{24 * *days};
  return true;
}

bool set_tls_min_version(Builder& builder, const Line& line) {
  const auto found = std::ranges::find(kTlsVersions, line.first().text, [](const auto& known) { return known.first; });
  if (found == kTlsVersions.end()) {
    builder.error(line.first().place,
                  concat("tls_min_version is 1.0, 1.1, 1.2 or 1.3, not ", quoted(line.first().text)),
                  "the line is ignored");
    return false;
  }
  builder.current<HttpCheck>().tls_min_version = found->second;
  return true;
}

}  // namespace baton::config
