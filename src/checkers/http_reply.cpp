#include "checkers/http_reply.hpp"

#include <algorithm>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include "checkers/chunk_framing.hpp"
#include "core/assert.hpp"
#include "core/md5.hpp"

namespace baton::checkers {

namespace http = boost::beast::http;

namespace {

using ErrorCode = boost::system::error_code;
using View = boost::beast::string_view;

/// Beast's parser, of which only the status is kept; it sees no body.
class HeaderParser final : public http::basic_parser<false> {
 public:
  HeaderParser() {
    header_limit(static_cast<std::uint32_t>(kMaxHttpHeader));
    body_limit(boost::none);  // counted by us
  }
  [[nodiscard]] unsigned status() const { return status_; }

 private:
  void on_request_impl(http::verb /*method*/, View /*name*/, View /*target*/, int /*version*/,
                       ErrorCode& /*ec*/) override {}
  void on_response_impl(int status, View /*reason*/, int /*version*/, ErrorCode& /*ec*/) override {
    status_ = static_cast<unsigned>(status);
  }
  void on_field_impl(http::field /*field*/, View /*name*/, View /*value*/, ErrorCode& /*ec*/) override {}
  void on_header_impl(ErrorCode& /*ec*/) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/, ErrorCode& /*ec*/) override {}
  std::size_t on_body_impl(View body, ErrorCode& /*ec*/) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t /*size*/, View /*extensions*/, ErrorCode& /*ec*/) override {}
  std::size_t on_chunk_body_impl(std::uint64_t /*left*/, View body, ErrorCode& /*ec*/) override { return body.size(); }
  void on_finish_impl(ErrorCode& /*ec*/) override {}

  unsigned status_ = 0;
};

bool accepted(const UrlSpec& url, unsigned status) {
  return std::ranges::any_of(url.status_codes,
                             [&](const StatusRange& range) { return status >= range.first && status <= range.last; });
}

/// "status 503, wanted 200-299 301".
std::string wrong_status(const UrlSpec& url, unsigned status) {
  std::string text = "status " + std::to_string(status) + ", wanted";
  for (const auto& range : url.status_codes) {
    text += ' ' + std::to_string(range.first);
    if (range.last != range.first) text += '-' + std::to_string(range.last);
  }
  return text;
}

}  // namespace

struct HttpReply::Header {
  HeaderParser parser;
  std::string pending;   // what has come and is not yet parsed; at most kMaxHttpHeader and one buffer
  std::size_t size = 0;  // of what has been parsed
  bool any = false;
};

struct HttpReply::Body {
  unsigned status = 0;
  std::optional<std::uint64_t> content_length;
  std::optional<ChunkFraming> chunks;
  std::unique_ptr<Md5> md5;
  std::optional<RegexSearch> search;
  std::uint64_t received = 0;
};

HttpReply::HttpReply(const UrlSpec& url, const Regex* regex, bool bodiless)
    : url_(url), regex_(regex), bodiless_(bodiless), header_(std::make_unique<Header>()) {}
HttpReply::~HttpReply() = default;

std::optional<Done> HttpReply::receive(std::span<const std::byte> bytes) {
  ASSERT((header_ == nullptr) != (body_ == nullptr));
  return body_ == nullptr ? receive_header(bytes) : receive_body(bytes);
}

std::optional<Done> HttpReply::receive_header(std::span<const std::byte> bytes) {
  if (bytes.empty()) return std::nullopt;
  auto& [parser, pending, size, any] = *header_;
  any = true;
  // Nearly always the whole header comes at once and is parsed where it lies.
  const bool whole = pending.empty();
  if (!whole) {
    pending.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    bytes = std::as_bytes(std::span(pending));
  }
  ErrorCode ec;
  const auto used = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
  const auto rest = bytes.subspan(used);
  size += used;
  const bool ended = parser.is_header_done();
  const std::size_t taken = ended ? size : size + rest.size();
  if (taken > kMaxHttpHeader || ec == http::error::header_limit) return failed("header longer than 64 KiB");
  if (ec && ec != http::error::need_more) return failed("not an HTTP reply: " + ec.message());
  if (!ended) {
    if (whole) {
      pending.assign(reinterpret_cast<const char*>(rest.data()), rest.size());
    } else {
      pending.erase(0, used);
    }
    return std::nullopt;
  }

  if (!accepted(url_, parser.status())) return failed(wrong_status(url_, parser.status()));
  body_ = std::make_unique<Body>();
  body_->status = parser.status();
  if (const auto length = parser.content_length(); length && !bodiless_) body_->content_length = *length;
  if (parser.chunked() && !bodiless_) body_->chunks.emplace();
  if (regex_ != nullptr) body_->search.emplace(*regex_);
  if (!url_.digest.empty()) {
    body_->md5 = std::make_unique<Md5>();
  }
  const auto header = std::exchange(header_, nullptr);  // holds `rest`
  return receive_body(rest);
}

std::optional<Done> HttpReply::receive_body(std::span<const std::byte> bytes) {
  if (body_->chunks && !body_->chunks->update(bytes)) return failed("broken chunk in the body");
  auto counted = bytes;
  if (body_->content_length) {
    const std::uint64_t wanted = *body_->content_length - std::min(*body_->content_length, body_->received);
    counted = bytes.first(std::min<std::uint64_t>(wanted, bytes.size()));
  }
  if (body_->md5 != nullptr) body_->md5->update(counted);
  body_->received += bytes.size();
  if (body_->search)
    if (auto over = judge_search(body_->search->receive(counted))) return over;
  if (body_->received > kMaxHttpBody) return failed("body longer than 16 MiB");
  return std::nullopt;
}

Done HttpReply::closed() {
  if (body_ == nullptr) {
    ASSERT(header_ != nullptr);
    return failed(header_->any ? "closed before the header ended" : "closed without an answer");
  }
  if (body_->chunks && !body_->chunks->complete()) return failed("closed before the last chunk");
  if (body_->md5 != nullptr) {
    const std::string digest = body_->md5->finish_hex();
    if (digest != url_.digest) return failed("digest differs: got " + digest + ", wanted " + url_.digest);
  }
  if (body_->search)
    if (auto over = judge_search(body_->search->finish())) return *over;
  return passed();
}

std::optional<Done> HttpReply::judge_search(RegexSearch::State state) const {
  switch (state) {
    case RegexSearch::State::searching: return std::nullopt;
    case RegexSearch::State::found:
      if (url_.regex->no_match) return failed("regex found, which it should not be");
      return std::nullopt;
    case RegexSearch::State::absent:
      if (!url_.regex->no_match) return failed("regex not found");
      return std::nullopt;
    case RegexSearch::State::failed: break;
  }
  return failed(std::string("regex: ") + body_->search->error());
}

Done HttpReply::passed() const {
  std::string text = "status " + std::to_string(body_->status);
  // As for keepalived, a length that does not agree is worth a word and no more.
  if (body_->content_length && *body_->content_length != body_->received)
    text += ", Content-Length " + std::to_string(*body_->content_length) + " but " + std::to_string(body_->received) +
            " octets came";
  return Done{Outcome::passed, std::move(text)};
}

}  // namespace baton::checkers
