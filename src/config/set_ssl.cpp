#include "config/set_server.hpp"

namespace baton::config {

bool open_ssl(Builder& builder, const Line& line) {
  const Place& place = line.words[0].place;
  if (builder.config.ssl)
    builder.warn(place, "there is an SSL block already: this one replaces it",
                 concat("the other one is in ", builder.at({builder.config.ssl->position})));
  builder.ssl = {};
  builder.ssl.position = place.position;
  return true;
}

void close_ssl(Builder& builder) {
  builder.config.ssl = std::move(builder.ssl);
}

}  // namespace baton::config
