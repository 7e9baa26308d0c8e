#include <algorithm>

#include "config/setters.hpp"

namespace baton::config {
namespace {

constexpr std::size_t kDigestLength = 32;  // hexadecimal digits of an MD5

bool open_check(Builder& builder, const Line& line, CheckKind kind) {
  builder.check = {};
  builder.check.kind = kind;
  builder.check.place = line.words[0].place;
  return true;
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// "200" or "200-299".
std::optional<HttpUrl::StatusRange> parse_status(std::string_view text) {
  constexpr std::int64_t kFirst = 100;
  constexpr std::int64_t kLast = 599;
  const std::size_t dash = std::min(text.find('-'), text.size());
  const auto first = parse_integer(text.substr(0, dash));
  const auto last = dash == text.size() ? first : parse_integer(text.substr(dash + 1));
  if (!first || !last || *first < kFirst || *last > kLast || *first > *last) return std::nullopt;
  return HttpUrl::StatusRange{static_cast<std::uint16_t>(*first), static_cast<std::uint16_t>(*last)};
}

}  // namespace

bool open_tcp_check(Builder& builder, const Line& line) {
  return open_check(builder, line, CheckKind::tcp);
}

bool open_http_get(Builder& builder, const Line& line) {
  return open_check(builder, line, CheckKind::http);
}

bool open_ssl_get(Builder& builder, const Line& line) {
  return open_check(builder, line, CheckKind::ssl);
}

/// A check of pages without a page is none; keepalived 2.2.7 crashes on it, later ones leave it out.
void close_check(Builder& builder) {
  CheckDraft& check = builder.check;
  if (check.kind != CheckKind::tcp && check.urls.empty()) {
    builder.error(check.place, "the check has no url with a path: it is left out",
                  "the real server is taken for alive, whatever its state; write url { path / }");
    return;
  }
  builder.real_server.checks.push_back(std::move(check));
}

bool set_bindto(Builder& builder, const Line& line) {
  builder.check.bindto_place = line.words[0].place;
  return set_address<&CheckTarget::bindto>(builder, line);
}

bool open_url(Builder& builder, const Line& line) {
  builder.url = {};
  builder.url.url.path.clear();
  builder.url.place = line.words[0].place;
  return true;
}

void close_url(Builder& builder) {
  if (builder.url.has_path) {
    builder.check.urls.push_back(std::move(builder.url.url));
    return;
  }
  builder.error(builder.url.place, "the url has no path: it is left out", "write path / for the start page");
}

bool set_path(Builder& builder, const Line& line) {
  if (line.first().text.empty()) {
    builder.error(line.first().place, "the path is empty: the line is ignored", "write path / for the start page");
    return false;
  }
  builder.url.has_path = true;
  return set_text<&HttpUrl::path>(builder, line);
}

bool set_digest(Builder& builder, const Line& line) {
  const Word& word = line.first();
  if (word.text.size() != kDigestLength || !std::ranges::all_of(word.text, is_hex)) {
    builder.error(
        word.place,
        concat("a digest has ", kDigestLength, " hexadecimal digits: this one is ignored, no page is compared"),
        "it is the MD5 sum of the page's body: curl -s URL | md5sum");
    return false;
  }
  std::string& digest = builder.url.url.digest;
  digest = word.text;
  for (char& c : digest)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  return true;
}

bool add_status_codes(Builder& builder, const Line& line) {
  for (const Word& word : line.words.subspan(1)) {
    const auto range = parse_status(word.text);
    if (range) {
      builder.url.url.status_codes.push_back(*range);
      continue;
    }
    builder.error(word.place, concat(quoted(word.text), " is no status code: it is ignored"),
                  "100 to 599, or a range as 200-299; several with blanks between them");
  }
  return true;
}

}  // namespace baton::config
