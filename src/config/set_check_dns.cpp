#include <algorithm>

#include "config/dns_type.hpp"
#include "config/set_check.hpp"

namespace baton::config {
namespace {

constexpr std::size_t kLongestLabel = 63;  // RFC 1035 2.3.4
constexpr std::size_t kLongestName = 253;  // 255 octets in a message: one before each label, one at the end

/// Why no message can ask for the name; empty: one can.
std::string_view fault_of(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.size() > kLongestName) return "a domain name has at most 253 characters";
  while (!name.empty()) {
    const std::size_t dot = std::min(name.find('.'), name.size());
    if (dot == 0) return "a label of a domain name is empty";
    if (dot > kLongestLabel) return "a label of a domain name has at most 63 characters";
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  return {};
}

}  // namespace

bool set_dns_type(Builder& builder, const Line& line) {
  const Word& word = line.first();
  const auto found =
      std::ranges::find_if(kDnsTypes, [&](const auto& type) { return equal_ignoring_case(type.first, word.text); });
  if (found == kDnsTypes.end()) {
    builder.error(word.place, concat("type is ", listed(line.keyword->argument.choices()), ", not ", quoted(word.text)),
                  "the line is ignored; SOA is asked for unless another line says otherwise");
    return false;
  }
  builder.current<DnsCheck>().type = found->second;
  return true;
}

/// keepalived takes any name, and asks for what comes of it.
bool set_dns_name(Builder& builder, const Line& line) {
  const Word& word = line.first();
  if (const std::string_view fault = fault_of(word.text); !fault.empty()) {
    builder.advise(word.place, concat(quoted(word.text), ": ", fault, ": the line is ignored"),
                   "the root is asked for unless there is a name");
    return false;
  }
  builder.current<DnsCheck>().name = word.text.empty() ? "." : word.text;
  return true;
}

}  // namespace baton::config
