// curl_library.hpp - libcurl, opened by the process that sends a mail: every other one starts without its libraries.
#pragma once

#include <curl/curl.h>

namespace baton::daemon {

/// What is used of libcurl.  Linked, it and the thirty libraries behind it would cost each process of ours 5 MB.
struct CurlLibrary {
  decltype(&::curl_global_init) global_init;
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_perform) easy_perform;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;
};

/// Null where it is not installed, or lacks one of these.  Opened once for good.
const CurlLibrary* curl_library();

}  // namespace baton::daemon
