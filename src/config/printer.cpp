#include "config/printer.hpp"

#include <algorithm>

#include "config/argument.hpp"
#include "config/keywords.hpp"
#include "core/assert.hpp"

namespace baton::config {
namespace {

/// A word of a command inside its double quotes.  Escapes are resolved twice there, hence two backslashes.
std::string as_argument(std::string_view text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:+,=%@";
  constexpr std::string_view kSpecial = "\\'\"$";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) return std::string(text);
  std::string out = "'";
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet >= ' ' && octet != 0x7f && kSpecial.find(c) == std::string_view::npos) {
      out += c;
      continue;
    }
    out += "\\\\";
    for (const unsigned shift : {6U, 3U, 0U})
      out += static_cast<char>('0' + (octet >> shift & 7U));
  }
  return out + "'";
}

}  // namespace

void Printer::rows(Block block) {
  for (const Keyword* keyword : keywords_in(block))
    if (keyword->action.show != nullptr) keyword->action.show(*this, *keyword);
}

const void* Printer::find(const void* tag) const {
  const auto found =
      std::find_if(objects_.rbegin(), objects_.rend(), [&](const auto& entry) { return entry.first == tag; });
  ASSERT(found != objects_.rend());
  return found->second;
}

std::string as_word(std::string_view text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:+,=%";
  const bool is_plain = !text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos;
  return is_plain ? std::string(text) : concat("\"", text, "\"");
}

std::string as_entry(std::string_view name) {
  return blocks_of(name).empty() ? as_word(name) : concat("\"", name, "\"");
}

std::string in_seconds(Duration duration) {
  return decimal(std::chrono::duration_cast<std::chrono::microseconds>(duration).count());
}

std::string as_script_line(const Script& script) {
  std::string text;
  for (std::size_t i = 0; i < script.arguments.size(); ++i)
    text += (i == 0 ? "\"" : " ") + as_argument(script.arguments[i]);
  text += "\"";
  if (!script.user.empty()) text += " " + as_word(script.user);
  if (!script.group.empty()) text += " " + as_word(script.group);
  return text;
}

}  // namespace baton::config
