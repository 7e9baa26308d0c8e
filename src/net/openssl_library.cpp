#include "net/openssl_library.hpp"

#include <optional>

#include <dlfcn.h>

namespace baton::net {

namespace {

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

std::optional<OpensslLibrary> open_library() {
  // What is libcrypto's is found through it too.
  void* library = ::dlopen("libssl.so.3", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::nullopt;
  OpensslLibrary found{};
  bool is_whole = true;
#define BATON_OPENSSL_FIND(name) is_whole = find(library, #name, found.name) && is_whole;
  BATON_OPENSSL(BATON_OPENSSL_FIND)
#undef BATON_OPENSSL_FIND
  if (!is_whole) return std::nullopt;
  return found;
}

}  // namespace

const OpensslLibrary* openssl_library() {
  static const auto library = open_library();
  return library ? &*library : nullptr;
}

}  // namespace baton::net
