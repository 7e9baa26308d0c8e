#include <algorithm>

#include "config/set_check.hpp"

namespace baton::config {
namespace {

constexpr std::size_t kDigestLength = 32;  // hexadecimal digits of an MD5

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

/// A check of pages without a page is none; keepalived 2.2.7 crashes on it, later ones leave it out.
void close_http_check(Builder& builder) {
  if (builder.current<HttpCheck>().urls.empty()) {
    builder.error(builder.probe.place, "the check has no url with a path: it is left out",
                  "the real server is taken for alive, whatever its state; write url { path / }");
    return;
  }
  close_check(builder);
}

/// The grammar's words: 1.0, 1.0C, 1.0c, 1.1.
bool set_http_protocol(Builder& builder, const Line& line) {
  constexpr std::array<HttpProtocol, 4> kProtocols = {HttpProtocol::v1_0, HttpProtocol::v1_0_close,
                                                      HttpProtocol::v1_0_close, HttpProtocol::v1_1};
  const auto found = line.keyword->argument.choice(line.first().text);
  if (!found) {
    builder.error(line.first().place, concat("http_protocol is 1.0, 1.0C or 1.1, not ", quoted(line.first().text)),
                  "the line is ignored");
    return false;
  }
  builder.current<HttpCheck>().http_protocol = kProtocols.at(*found);
  return true;
}

/// With or without a name it asks for SNI.
bool set_sni_name(Builder& builder, const Line& line) {
  HttpCheck& check = builder.current<HttpCheck>();
  check.enable_sni = true;
  check.sni_name = line.has_value() ? line.first().text : "";
  return true;
}

bool open_url(Builder& builder, const Line& line) {
  builder.url = {};
  builder.url.url.path.clear();
  builder.url.place = line.words[0].place;
  return true;
}

void close_url(Builder& builder) {
  const HttpUrl& url = builder.url.url;
  if (!builder.url.has_path) {
    builder.error(builder.url.place, "the url has no path: it is left out", "write path / for the start page");
    return;
  }
  if (url.regex.empty() && builder.url.regex_place.position.line != 0)
    builder.advise(builder.url.regex_place, "the url has no regex: this line has no effect",
                   "the pattern itself follows the keyword regex");
  else if (url.regex_max_offset && *url.regex_max_offset < url.regex_min_offset)
    builder.advise(builder.url.regex_place,
                   concat("regex_max_offset ", *url.regex_max_offset, " is below regex_min_offset ",
                          url.regex_min_offset, ": the pattern is found nowhere"));
  builder.current<HttpCheck>().urls.push_back(std::move(builder.url.url));
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
