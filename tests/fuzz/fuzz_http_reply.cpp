// fuzz_http_reply.cpp - an HTTP reply in random pieces to HttpConversation: it must end, and no way to cut the same
// octets may change whether the check passes.
//
// Input: one octet of options, one that seeds the cuts, then the reply.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <random>
#include <span>

#include "checkers/http_conversation.hpp"

namespace {

using namespace baton::checkers;

constexpr unsigned kWithDigest = 1;
constexpr unsigned kTwoUrls = 2;
constexpr unsigned kWithRegex = 4;
constexpr unsigned kUtf = 8;
constexpr unsigned kNoMatch = 16;
constexpr unsigned kHead = 32;

HttpSpec specification(unsigned options) {
  UrlSpec url;
  url.status_codes = {{200, 299}, {301, 301}};
  if ((options & kWithDigest) != 0) url.digest = "e0aa021e21dddbd6d8cecec71e9cf564";  // of "OK"
  if ((options & kWithRegex) != 0) {
    RegexSpec regex;
    regex.pattern = "(?<=a)b+.$|^OK";
    regex.options = regex_option("multiline") | ((options & kUtf) != 0 ? regex_option("utf") : 0U);
    regex.no_match = (options & kNoMatch) != 0;
    url.regex = baton::Shared(regex);
  }
  HttpSpec spec;
  if ((options & kHead) != 0) spec.request = baton::Shared(RequestSpec{"HEAD", {}, {}});
  spec.urls = {url};
  if ((options & kTwoUrls) != 0) spec.urls.push_back(url);
  return spec;
}

/// Hands `reply` over in pieces of `piece()` octets, then closes.
template <class Piece>
Done converse(const HttpSpec& spec, std::span<const std::byte> reply, Piece piece) {
  const std::unique_ptr<const Regex> regex =
      spec.urls[0].regex ? std::make_unique<const Regex>(*spec.urls[0].regex) : nullptr;
  HttpConversation talk(spec, 0, Endpoint{baton::IpAddress::v4({192, 0, 2, 1}), 80}, regex.get());
  if (!std::holds_alternative<Send>(talk.next({}))) std::abort();
  Step step = talk.next({});
  while (std::holds_alternative<Receive>(step) && !reply.empty()) {
    const std::size_t size = std::min<std::size_t>(piece(), reply.size());
    step = talk.next(reply.first(size));
    reply = reply.subspan(size);
  }
  if (std::holds_alternative<Receive>(step)) step = talk.closed();
  auto* done = std::get_if<Done>(&step);
  if (done == nullptr || done->reason.empty()) std::abort();
  return std::move(*done);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto spec = specification(data[0]);
  const auto reply = std::as_bytes(std::span(data + 2, size - 2));
  std::minstd_rand random(data[1] + 1U);
  const auto cut = [&random] { return random() % 4 == 0 ? 1 + random() % 300 : 1 + random() % 6; };

  const Done whole = converse(spec, reply, [&] { return reply.size(); });
  const Done pieces = converse(spec, reply, cut);
  const Done octets = converse(spec, reply, [] { return std::size_t{1}; });
  if (whole.outcome != pieces.outcome || whole.outcome != octets.outcome) std::abort();
  return 0;
}
