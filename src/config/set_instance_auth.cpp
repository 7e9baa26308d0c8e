#include <algorithm>
#include <array>

#include "config/set_instance.hpp"

namespace baton::config {
namespace {

constexpr std::size_t kShortestKey = 32, kLongestKey = 64;  // octets

bool is_hexadecimal(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// What is wrong with the key; empty: nothing.  What stands in a file is not looked at here.
std::string key_fault(std::string_view key) {
  constexpr std::string_view kHex = "hex:";
  if (key.starts_with("file:")) return key.size() == 5 ? "the path of the file is missing" : "";
  std::size_t size = key.size();
  if (key.starts_with(kHex)) {
    key.remove_prefix(kHex.size());
    if (key.size() % 2 != 0 || !std::ranges::all_of(key, is_hexadecimal))
      return "after hex: stands an even number of hexadecimal digits";
    size = key.size() / 2;
  }
  if (size >= kShortestKey && size <= kLongestKey) return {};
  return concat("a key has ", kShortestKey, " to ", kLongestKey, " octets, and this one ", size);
}

/// The index of the word in the choices of the keyword; absent and reported when it is none of them.
std::optional<std::size_t> read_choice(Builder& builder, const Line& line) {
  const Word& word = line.first();
  if (const auto found = line.keyword->argument.choice(word.text)) return found;
  const std::vector<std::string_view> choices = line.keyword->argument.choices();
  const std::string_view near = nearest(word.text, choices);
  builder.error(word.place, concat(line.keyword->name, " is ", listed(choices), ", not ", quoted(word.text)),
                near.empty() ? "the line is ignored" : concat("did you mean '", near, "'?"));
  return std::nullopt;
}

}  // namespace

bool open_authentication(Builder& builder, const Line&) {
  builder.instance.auth_type.reset();
  builder.instance.auth_pass.reset();
  return true;
}

bool set_auth_type(Builder& builder, const Line& line) {
  const Word& word = line.first();
  if (word.text == "PASS" || word.text == "AH") {
    builder.instance.auth_type = Placed<AuthType>{word.text == "PASS" ? AuthType::pass : AuthType::ah, word.place};
    return true;
  }
  builder.instance.auth_type = Placed<AuthType>{AuthType::none, word.place};
  builder.error(word.place, concat("auth_type is PASS or AH, not ", quoted(word.text)), "there is no authentication");
  return false;
}

bool open_auth_hmac(Builder& builder, const Line&) {
  builder.instance.settled.auth_hmac.emplace();
  return true;
}

/// The key itself is never part of a message.
bool add_hmac_key(Builder& builder, const Line& line) {
  const Word& number = line.first();
  const auto id = parse_integer(number.text);
  if (!id || *id < 1 || *id > 255) {
    builder.error(number.place, concat("the id of a key is 1 to 255, not ", quoted(number.text)), "the key is ignored");
    return false;
  }
  if (line.words.size() < 3) {
    builder.error(number.place, concat("key ", *id, " lacks the key itself: the line is ignored"),
                  line.keyword->argument.grammar());
    return false;
  }
  const Word& key = line.words[2];
  std::vector<HmacKey>& keys = builder.current<AuthHmac>().keys;
  if (std::ranges::find(keys, *id, &HmacKey::id) != keys.end()) {
    builder.error(number.place, concat("there is a key ", *id, " already: this one is ignored"),
                  "every key needs an id of its own");
    return false;
  }
  const std::string fault = key_fault(key.text);
  if (!fault.empty()) {
    builder.error(key.place, concat(fault, ": the key is ignored"), "openssl rand -hex 32 makes one for hex:");
    return false;
  }
  keys.push_back({static_cast<std::uint8_t>(*id), std::string(key.text)});
  return true;
}

bool set_anti_replay(Builder& builder, const Line& line) {
  const auto choice = read_choice(builder, line);
  if (choice) builder.current<AuthHmac>().anti_replay = static_cast<AntiReplay>(*choice);
  return choice.has_value();
}

bool set_hmac_mode(Builder& builder, const Line& line) {
  const auto choice = read_choice(builder, line);
  if (choice) builder.current<AuthHmac>().mode = static_cast<HmacMode>(*choice);
  return choice.has_value();
}

}  // namespace baton::config
