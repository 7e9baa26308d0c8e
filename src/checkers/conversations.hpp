// conversations.hpp - the conversations of one check, whatever its kind: the one place to add a kind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "checkers/conversation.hpp"
#include "checkers/regex_search.hpp"
#include "checkers/spec.hpp"

namespace baton::checkers {

/// Over what a conversation is held.
enum class Transport : std::uint8_t {
  stream,    // TCP
  datagram,  // UDP
  echo       // ICMP
};

class Conversations {
 public:
  /// `spec` outlives this and every conversation.  Compiles what is compiled once.
  explicit Conversations(const CheckSpec& spec);

  /// For one probe; `url` is CheckState::url().  `nonce` is a number that nobody can guess, another one each time.
  [[nodiscard]] std::unique_ptr<Conversation> begin(std::size_t url, std::uint64_t nonce) const;

  [[nodiscard]] Transport transport() const;

 private:
  const CheckSpec& spec_;
  std::vector<std::unique_ptr<Regex>> regexes_;  // one for each URL, or none at all
};

}  // namespace baton::checkers
