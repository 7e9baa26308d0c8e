// result.hpp - an outcome that is a value or an error; expected trouble is never an exception.
#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace baton {

/// What went wrong, for whom it may concern: `message` names the object, the operation and the cause ("add 192.0.2.1/32
/// on eth0: No such device").  `system_code` is an errno where the kernel gave one, otherwise 0.
struct Error {
  std::string message;
  int system_code = 0;
};

/// tl::expected today, std::expected the day the compiler has it.
template <class T, class E = Error>
using Result = tl::expected<T, E>;

inline tl::unexpected<Error> failure(std::string message, int system_code = 0) {
  return tl::unexpected<Error>(Error{std::move(message), system_code});
}

/// `what: strerror(code)` with the code kept.
tl::unexpected<Error> system_failure(std::string what, int system_code);

}  // namespace baton
