#include "checkers/smtp_conversation.hpp"

#include <string_view>
#include <vector>

#include <doctest/doctest.h>

using namespace baton::checkers;

namespace {

/// Plays a server that says one of `lines` whenever it is listened to, and then closes; in pieces of `piece` octets.
std::string play(const std::vector<std::string>& lines, std::size_t piece = 1000, std::string* sent = nullptr) {
  SmtpConversation talk(SmtpSpec{"checker.example"});
  Step step = talk.next({});
  std::size_t line = 0;
  while (!std::holds_alternative<Done>(step)) {
    if (const auto* send = std::get_if<Send>(&step)) {
      if (sent != nullptr) sent->append(send->bytes);
      step = talk.next({});
      continue;
    }
    if (line == lines.size()) {
      step = talk.closed();
      continue;
    }
    std::string_view left = lines[line++];
    while (!left.empty() && std::holds_alternative<Receive>(step)) {
      step = talk.next(std::as_bytes(std::span(left.substr(0, piece))));
      left.remove_prefix(std::min(piece, left.size()));
    }
  }
  const auto& done = std::get<Done>(step);
  return (done.outcome == Outcome::passed ? "+ " : "- ") + done.reason;
}

}  // namespace

TEST_CASE("greeting, HELO, QUIT") {
  std::string sent;
  CHECK(play({"220 ready\r\n", "250 hello\r\n", "221 bye\r\n"}, 1000, &sent) == "+ 220, 250");
  CHECK(sent == "HELO checker.example\r\nQUIT\r\n");
  CHECK(play({"220 ready\r\n", "250 hello\r\n", "221 bye\r\n"}, 1) == "+ 220, 250");
}

// As keepalived 2.2.7 does; it refuses the bare code with CR LF alone, which RFC 5321 allows.
TEST_CASE("what the replies may look like") {
  CHECK(play({"220\n", "250 x\n", "500 no\n"}) == "+ 220, 250");
  CHECK(play({"220 \r\n", "250 x\r\n", "what\r\n"}) == "+ 220, 250");
  CHECK(play({"220\r\n", "250\r\n", "221\r\n"}) == "+ 220, 250");
  CHECK(play({"220-hello\r\n220 ready\r\n"}) == "- greeting is not 220: 220-hello");
  CHECK(play({"220\tx\r\n"}) == "- greeting is not 220: 220?x");
  CHECK(play({"2200 x\r\n"}) == "- greeting is not 220: 2200 x");
  CHECK(play({"22\r\n"}) == "- greeting is not 220: 22");
  CHECK(play({"554 no\r\n"}) == "- greeting is not 220: 554 no");
  CHECK(play({"220 x\r\n", "250-x\r\n250 y\r\n"}) == "- answer to HELO is not 250: 250-x");
  CHECK(play({"220 " + std::string(505, 'x') + "\r\n", "250 x\r\n", "221 x\r\n"}) == "+ 220, 250");
}

TEST_CASE("what comes before it is asked for is dropped") {
  CHECK(play({"220 x\r\n220 y\r\n", "250 x\r\n", "221 x\r\n"}) == "+ 220, 250");
  CHECK(play({"220 x\r\n250 y\r\n221 z\r\n"}) == "- closed without an answer to HELO");
}

TEST_CASE("a server that closes, or never ends its line, has failed") {
  CHECK(play({}) == "- closed without a greeting");
  CHECK(play({"220 x"}) == "- closed without a greeting");
  CHECK(play({"220 x\r\n", "250 x\r\n"}) == "- closed without an answer to QUIT");
  CHECK(play({"220 " + std::string(5000, 'x')}) == "- a line of more than 512 octets");
  CHECK(play({"220 " + std::string(5000, 'x')}, 7) == "- a line of more than 512 octets");
}
