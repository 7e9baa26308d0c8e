// http_request.hpp - the text of a request of HTTP_GET or SSL_GET (pure).
#pragma once

#include <string>

#include "checkers/spec.hpp"

namespace baton::checkers {

/// The Host header where none is configured: "192.0.2.1:80", "[2001:db8::1]:80", the port always there, as keepalived.
std::string default_host(const Endpoint& server);

/// Byte for byte what keepalived sends, unless `http.request` is set: its headers stand before those that are always
/// sent, in the place of those of the same name, and a body comes with its Content-Length.
std::string http_request(const HttpSpec& http, const UrlSpec& url, const Endpoint& server);

}  // namespace baton::checkers
