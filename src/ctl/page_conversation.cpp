#include "ctl/page_conversation.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>
#include <utility>

namespace baton::ctl {

namespace {

constexpr std::string_view kEnd = "\r\n\r\n";

bool starts_with_name(std::string_view line, std::string_view name) {
  return line.size() >= name.size() && std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
           return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
         });
}

}  // namespace

std::optional<std::uint64_t> content_length(std::string_view header) {
  constexpr std::string_view kName = "content-length:";
  while (!header.empty()) {
    const auto end = std::min(header.find('\n'), header.size() - 1);
    auto line = header.substr(0, end);
    header.remove_prefix(end + 1);
    if (!starts_with_name(line, kName)) continue;
    line.remove_prefix(kName.size());
    while (line.starts_with(' ') || line.starts_with('\t'))
      line.remove_prefix(1);
    std::uint64_t length = 0;
    const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), length);
    if (error != std::errc{}) return std::nullopt;
    return length;
  }
  return std::nullopt;
}

PageConversation::PageConversation(PageRequest request, Page& page)
    : request_(std::move(request)), page_(page), stage_(request_.tls ? Stage::start : Stage::request) {}

checkers::Step PageConversation::next(std::span<const std::byte> received) {
  if (stage_ == Stage::start) {
    stage_ = Stage::request;
    return checkers::StartTls{request_.server_name, {}, false};
  }
  if (stage_ == Stage::request) {
    stage_ = Stage::reply;
    return checkers::Send{request_.text};
  }
  const std::string_view bytes(reinterpret_cast<const char*>(received.data()), received.size());
  if (auto done = receive(bytes)) return std::move(*done);
  return checkers::Receive{};
}

checkers::Step PageConversation::closed() {
  if (!in_body_) return checkers::Done{checkers::Outcome::failed, "no data received from remote webserver"};
  return finish();
}

std::optional<checkers::Done> PageConversation::receive(std::string_view bytes) {
  if (in_body_) return receive_body(bytes);
  const auto searched = unread_.size() < kEnd.size() ? 0 : unread_.size() - kEnd.size();
  unread_ += bytes;
  const auto end = unread_.find(kEnd, searched);
  if (end == std::string::npos) {
    if (unread_.size() <= kMaxHeader) return std::nullopt;
    return checkers::Done{checkers::Outcome::failed, "the header does not end"};
  }
  page_.header = unread_.substr(0, end + kEnd.size());
  remaining_ = content_length(page_.header);
  in_body_ = true;
  return receive_body(std::string_view(unread_).substr(end + kEnd.size()));
}

std::optional<checkers::Done> PageConversation::receive_body(std::string_view bytes) {
  if (remaining_) {
    bytes = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(*remaining_, bytes.size())));
    *remaining_ -= bytes.size();
  }
  md5_.update(std::as_bytes(std::span(bytes)));
  if (request_.keep_body) page_.body += bytes.substr(0, kMaxShown - page_.body.size());
  if (remaining_ == 0) return finish();
  return std::nullopt;
}

checkers::Done PageConversation::finish() {
  page_.digest = md5_.finish_hex();
  return {checkers::Outcome::passed, ""};
}

}  // namespace baton::ctl
