// new_conversation.hpp - the conversation of each kind of check: the one place to add a kind.
#pragma once

#include <cstddef>
#include <memory>

#include "checkers/conversation.hpp"
#include "checkers/spec.hpp"

namespace baton::checkers {

/// For one probe; `spec` outlives it.  `url` is CheckState::url().
std::unique_ptr<Conversation> new_conversation(const CheckSpec& spec, std::size_t url);

}  // namespace baton::checkers
