// smtp_conversation.hpp - SMTP_CHECK: greeting, HELO, QUIT, one line of answer to each (sans-I/O).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "checkers/conversation.hpp"
#include "checkers/spec.hpp"

namespace baton::checkers {

/// The longest line of a reply, its end included; keepalived takes 511.
inline constexpr std::size_t kMaxSmtpLine = 512;

/// 220, HELO, 250, QUIT, then whatever line the server ends with (compat 11.2).  The code is followed by a blank or the
/// end of the line: a reply of several lines, `220-`, fails.  What comes behind a line before it is asked for is
/// dropped.
class SmtpConversation final : public Conversation {
 public:
  explicit SmtpConversation(const SmtpSpec& spec);
  Step next(std::span<const std::byte> received) override;
  Step closed() override;

 private:
  enum class Stage : std::uint8_t { start, greeting, hello_sent, hello, quit_sent, quit };

  Step judge();

  std::string hello_;
  std::string line_;
  Stage stage_ = Stage::start;
};

}  // namespace baton::checkers
