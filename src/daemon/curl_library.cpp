#include "daemon/curl_library.hpp"

#include <optional>

#include <dlfcn.h>

namespace baton::daemon {

namespace {

/// The builds against OpenSSL and against GnuTLS, as distributions name them.
constexpr const char* kNames[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

std::optional<CurlLibrary> open_library() {
  void* library = nullptr;
  for (const auto* const name : kNames)
    if (library == nullptr) library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::nullopt;
  CurlLibrary found{};
  const bool is_whole =
      find(library, "curl_global_init", found.global_init) && find(library, "curl_easy_init", found.easy_init) &&
      find(library, "curl_easy_setopt", found.easy_setopt) && find(library, "curl_easy_perform", found.easy_perform) &&
      find(library, "curl_easy_cleanup", found.easy_cleanup) &&
      find(library, "curl_slist_append", found.slist_append) &&
      find(library, "curl_slist_free_all", found.slist_free_all);
  if (!is_whole) return std::nullopt;
  return found;
}

}  // namespace

const CurlLibrary* curl_library() {
  static const auto library = open_library();
  return library ? &*library : nullptr;
}

}  // namespace baton::daemon
