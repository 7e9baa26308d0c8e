// fuzz_smtp_reply.cpp - a mail server's words in random pieces to SmtpConversation: it must end, and hold what it keeps
// in bounds.
//
// Input: one octet that seeds the cuts, then what the server says, handed over whenever it is listened to.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <span>

#include "checkers/smtp_conversation.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace baton::checkers;
  if (size < 1) return 0;
  std::minstd_rand random(data[0] + 1U);
  auto left = std::as_bytes(std::span(data + 1, size - 1));
  SmtpConversation talk(SmtpSpec{"fuzz.example"});
  Step step = talk.next({});
  for (std::size_t steps = 0; !std::holds_alternative<Done>(step); ++steps) {
    if (steps > 2 * size + 10) std::abort();
    if (std::holds_alternative<Send>(step)) {
      step = talk.next({});
    } else if (left.empty()) {
      step = talk.closed();
    } else {
      const auto piece = std::min<std::size_t>(1 + random() % 600, left.size());
      step = talk.next(left.first(piece));
      left = left.subspan(piece);
    }
  }
  if (std::get<Done>(step).reason.size() > 200) std::abort();
  return 0;
}
