#include <algorithm>

#include "config/dns_type.hpp"
#include "config/set_check.hpp"

namespace baton::config {
namespace {

constexpr std::size_t kLongestDnsLabel = 63;     // RFC 1035 2.3.4
constexpr std::size_t kLongestDomainName = 253;  // 255 octets in a message: one before each label, one at the end

struct NameFault {
  std::string_view text;  // empty: none
  Status status = Status::ok;
};

/// Why no message can ask for the name.  keepalived finds empty labels only.
NameFault name_fault(std::string_view name) {
  constexpr NameFault kEmptyLabel = {"a label of a domain name is empty", Status::bad};
  constexpr NameFault kLongLabel = {"a label of a domain name has at most 63 characters"};
  if (name.size() > kLongestDomainName) return {"a domain name has at most 253 characters"};
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('.', start), name.size());
    if (end == start) return kEmptyLabel;
    if (end - start > kLongestDnsLabel) return kLongLabel;
    start = end + 1;
  }
  return {};
}

}  // namespace

bool set_dns_type(Builder& builder, const Line& line) {
  const Word& word = line.first();
  const auto found = dns_type(word.text);
  if (!found) {
    builder.error(word.place,
                  concat("type is ", listed(line.keyword->argument.choices()),
                         ", another record type or TYPE and its "
                         "number, not ",
                         quoted(word.text)),
                  "the line is ignored; SOA is asked for unless another line says otherwise");
    return false;
  }
  builder.current<DnsCheck>().type = *found;
  return true;
}

/// The root is "." or nothing; the dot at the end of other names is left out, with which keepalived would not take it.
bool set_dns_name(Builder& builder, const Line& line) {
  const Word& word = line.first();
  std::string_view name = word.text;
  const bool is_root = name.empty() || name == ".";
  const bool has_end = !is_root && name.ends_with('.');
  if (has_end) name.remove_suffix(1);
  const NameFault fault = is_root ? NameFault{} : name_fault(name);
  if (!fault.text.empty()) {
    builder.report(fault.status == Status::ok ? Severity::warning : Severity::error, fault.status, word.place,
                   concat(quoted(word.text), ": ", fault.text, ": the line is ignored"),
                   "the root is asked for unless there is a name");
    return false;
  }
  if (has_end)
    builder.warn(word.place, concat(quoted(word.text), " is taken without the dot at its end"),
                 "keepalived ignores such a line, and asks for the root");
  builder.current<DnsCheck>().name = is_root ? "." : name;
  return true;
}

}  // namespace baton::config
