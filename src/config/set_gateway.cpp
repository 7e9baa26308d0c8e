// vrrp_track_gateway, Baton's own.
#include <utility>

#include "config/set_tracking.hpp"

namespace baton::config {

bool open_track_gateway(Builder& builder, const Line& line) {
  builder.track_gateway = {};
  return take_tracker_name(builder, line, builder.tracking.gateways, builder.track_gateway.name,
                           builder.track_gateway.position);
}

void close_track_gateway(Builder& builder) {
  TrackGateway& gateway = builder.track_gateway;
  const auto leave_out = [&](std::string_view why, std::string_view hint) {
    builder.error(builder.tracking.place,
                  concat("vrrp_track_gateway ", quoted(gateway.name), " ", why, ": it is left out"), std::string(hint));
  };
  if (!gateway.address) return leave_out("has no address", "write address and the address that must answer");
  if (gateway.address->is_link_local() && !gateway.address->is_v4() && gateway.interface.empty())
    return leave_out("has a link-local address and no interface", "write interface and the interface it is on");
  builder.config.track_gateways.push_back(std::move(gateway));
}

bool set_gateway_address(Builder& builder, const Line& line) {
  const auto address = read_address(builder, line);
  if (!address) return false;
  if (address->is_unspecified() || address->is_multicast()) {
    builder.error(line.first().place, concat("address must be one of a machine, not ", quoted(line.first().text)),
                  "the line is ignored");
    return false;
  }
  builder.track_gateway.address = *address;
  return true;
}

bool set_gateway_interface(Builder& builder, const Line& line) {
  constexpr std::size_t kLongestInterface = 15;
  const std::string_view name = line.first().text;
  if (name.empty() || name.size() > kLongestInterface) {
    builder.error(line.first().place, concat("the name of an interface has 1 to 15 octets, not ", quoted(name)),
                  "the line is ignored");
    return false;
  }
  builder.track_gateway.interface = name;
  return true;
}

}  // namespace baton::config
