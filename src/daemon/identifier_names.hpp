// identifier_names.hpp - names of routing tables, protocols, scopes and the like, as iproute2's files give them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "config/model_route.hpp"

namespace baton::daemon {

/// Lines "254 main" or "0x10 lowdelay", with comments from # on; what is no such line is left out.
std::map<std::string, std::uint32_t, std::less<>> parse_identifiers(std::string_view text);

/// Which file a name is looked up in.
enum class IdentifierKind : std::uint8_t { table, protocol, scope, tos, realm, interface_group, ip_protocol };

/// Reads each file once, when it is first needed.
class IdentifierNames {
 public:
  /// Where the files are; empty: iproute2's own folders.  What `local` says counts before what `distribution` says.
  explicit IdentifierNames(std::string local = {}, std::string distribution = {});

  /// The number, also when it is written as a word, or that of the name; none when nobody knows the name.
  std::optional<std::uint32_t> number(IdentifierKind kind, const config::Identifier& identifier);

 private:
  std::string local_, distribution_;
  std::map<IdentifierKind, std::map<std::string, std::uint32_t, std::less<>>> known_;
};

}  // namespace baton::daemon
