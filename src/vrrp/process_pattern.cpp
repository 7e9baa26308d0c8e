#include "vrrp/process_pattern.hpp"

#include <utility>

#include "core/assert.hpp"

namespace baton::vrrp {

ProcessPattern ProcessPattern::of_name(std::string name) {
  ProcessPattern pattern;
  pattern.key_ = std::move(name);
  return pattern;
}

ProcessPattern ProcessPattern::of_command(const std::vector<std::string>& words, ParameterMatch parameters) {
  ASSERT(!words.empty());
  ProcessPattern pattern;
  pattern.key_ = words.front();
  pattern.looks_at_command_ = true;
  pattern.is_whole_ = parameters == ParameterMatch::exact;
  const std::size_t count = parameters == ParameterMatch::any ? 1 : words.size();
  for (std::size_t i = 0; i < count; ++i)
    (pattern.text_ += words[i]) += '\0';
  if (parameters == ParameterMatch::beginning && count > 1) pattern.text_.pop_back();
  return pattern;
}

bool ProcessPattern::matches(std::string_view name, std::string_view command_line) const {
  if (!looks_at_command_) return name == key_;
  // A process that has written over its command line may have left out the last NUL.
  const std::string_view text = text_;
  if (text.ends_with('\0') && command_line == text.substr(0, text.size() - 1)) return !command_line.empty();
  return is_whole_ ? command_line == text : command_line.starts_with(text);
}

}  // namespace baton::vrrp
