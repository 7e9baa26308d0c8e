// page_conversation.hpp - fetches one page and digests it as HTTP_GET's digest does (sans-I/O).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "checkers/conversation.hpp"
#include "core/md5.hpp"

namespace baton::ctl {

/// What comes of it; the owner's, and outlives the conversation.
struct Page {
  std::string header;  // with the empty line that ends it; empty until that has come
  std::string body;    // only when kept
  std::string digest;  // MD5 in lower-case hex; empty: no page
};

struct PageRequest {
  std::string text;  // what is sent
  bool tls = false;
  std::string server_name;  // SNI; empty: none
  bool keep_body = false;
};

class PageConversation final : public checkers::Conversation {
 public:
  /// A header may be this long, and this much of a body is kept to be shown; all of it is digested.
  static constexpr std::size_t kMaxHeader = std::size_t{64} << 10U;
  static constexpr std::size_t kMaxShown = std::size_t{16} << 20U;

  PageConversation(PageRequest request, Page& page);
  checkers::Step next(std::span<const std::byte> received) override;
  checkers::Step closed() override;

 private:
  enum class Stage : std::uint8_t { start, request, reply };

  std::optional<checkers::Done> receive(std::string_view bytes);
  std::optional<checkers::Done> receive_body(std::string_view bytes);
  checkers::Done finish();

  PageRequest request_;
  Page& page_;
  std::string unread_;                      // of a header that has not ended
  std::optional<std::uint64_t> remaining_;  // of the body, where its length is known
  Md5 md5_;
  bool in_body_ = false;
  Stage stage_;
};

/// The number in a header's Content-Length line; none where there is no such line or no number in it.
std::optional<std::uint64_t> content_length(std::string_view header);

}  // namespace baton::ctl
