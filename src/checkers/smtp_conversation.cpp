#include "checkers/smtp_conversation.hpp"

#include <algorithm>
#include <string_view>

namespace baton::checkers {

namespace {

/// "220 ready", without what no log should hold.
std::string printable(std::string_view line) {
  constexpr std::size_t kMost = 80;
  std::string text(line.substr(0, kMost));
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

/// The line's three digits, when a blank or the line's end is behind them.
bool has_code(std::string_view line, std::string_view code) {
  return line.starts_with(code) && (line.size() == code.size() || line[code.size()] == ' ');
}

}  // namespace

SmtpConversation::SmtpConversation(const SmtpSpec& spec) : hello_("HELO " + spec.helo_name + "\r\n") {}

Step SmtpConversation::next(std::span<const std::byte> received) {
  switch (stage_) {
    case Stage::start: stage_ = Stage::greeting; return Receive{};
    case Stage::hello_sent: stage_ = Stage::hello; return Receive{};
    case Stage::quit_sent: stage_ = Stage::quit; return Receive{};
    case Stage::greeting:
    case Stage::hello:
    case Stage::quit: break;
  }
  const auto* octets = reinterpret_cast<const char*>(received.data());
  const std::string_view text(octets, received.size());
  const auto end = std::min(text.find('\n'), text.size());
  line_.append(text.substr(0, std::min(end, kMaxSmtpLine)));
  if (line_.size() >= kMaxSmtpLine) return failed("a line of more than 512 octets");
  if (end == text.size()) return Receive{};
  if (line_.ends_with('\r')) line_.pop_back();
  return judge();
}

Step SmtpConversation::judge() {
  const std::string line = std::exchange(line_, {});
  switch (stage_) {
    case Stage::greeting:
      if (!has_code(line, "220")) return failed("greeting is not 220: " + printable(line));
      stage_ = Stage::hello_sent;
      return Send{hello_};
    case Stage::hello:
      if (!has_code(line, "250")) return failed("answer to HELO is not 250: " + printable(line));
      stage_ = Stage::quit_sent;
      return Send{"QUIT\r\n"};
    default: return Done{Outcome::passed, "220, 250"};
  }
}

Step SmtpConversation::closed() {
  if (stage_ == Stage::greeting) return failed("closed without a greeting");
  if (stage_ == Stage::hello) return failed("closed without an answer to HELO");
  return failed("closed without an answer to QUIT");
}

}  // namespace baton::checkers
