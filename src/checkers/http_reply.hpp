// http_reply.hpp - judges an HTTP reply while it arrives: header, status, digest and text of the body (sans-I/O).
//
// Boost.Beast's parser reads the header.  The body is counted, digested and searched, never kept, and the same octets
// count as for keepalived: as many as Content-Length says if there is one, else all that come until the server closes,
// in whatever transfer coding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "checkers/conversation.hpp"
#include "checkers/regex_search.hpp"
#include "checkers/spec.hpp"

namespace baton::checkers {

/// A header is a few hundred octets; a larger one than this is an attack or a loop in the server.
inline constexpr std::size_t kMaxHttpHeader = std::size_t{64} << 10U;
/// What a check may cost in traffic; far above any page that is meant for checks.
inline constexpr std::uint64_t kMaxHttpBody = std::uint64_t{16} << 20U;

class HttpReply {
 public:
  /// `url` and `regex`, which may be null, outlive the reply.  `bodiless`: to HEAD.
  HttpReply(const UrlSpec& url, const Regex* regex, bool bodiless);
  ~HttpReply();
  HttpReply(const HttpReply&) = delete;
  HttpReply& operator=(const HttpReply&) = delete;

  /// The next octets from the server; a result as soon as no further octet could make the reply pass.
  std::optional<Done> receive(std::span<const std::byte> bytes);
  /// The server has closed: the result.
  Done closed();

 private:
  struct Header;  // keeps Beast out of this header
  struct Body;

  std::optional<Done> receive_header(std::span<const std::byte> bytes);
  std::optional<Done> receive_body(std::span<const std::byte> bytes);
  /// What the search has come to, once that is the end; null while it may still go either way.
  [[nodiscard]] std::optional<Done> judge_search(RegexSearch::State state) const;
  [[nodiscard]] Done passed() const;

  const UrlSpec& url_;
  const Regex* regex_;
  bool bodiless_;
  std::unique_ptr<Header> header_;  // until the header has ended
  std::unique_ptr<Body> body_;      // from then on
};

}  // namespace baton::checkers
