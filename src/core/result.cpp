#include "core/result.hpp"

#include <system_error>

namespace baton {

tl::unexpected<Error> system_failure(std::string what, int system_code) {
  what += ": ";
  what += std::generic_category().message(system_code);
  return failure(std::move(what), system_code);
}

}  // namespace baton
