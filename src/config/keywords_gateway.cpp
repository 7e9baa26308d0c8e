// Baton's own: gateways that are pinged or connected to, without a script.
#include "config/field.hpp"
#include "config/keywords.hpp"
#include "config/set_tracking.hpp"
#include "config/show_tracking.hpp"

namespace baton::config {
namespace {

constexpr auto kVrrpTrackGateway = std::to_array<Keyword>({
    {"address", lenient(address()), "none (required)", "Address that must answer; a link-local one needs `interface`",
     own({.set = set_gateway_address, .show = show_address<&TrackGateway::address>})},
    {"port", integer(1, 65535), "ping instead", "Connect to this TCP port instead of a ping",
     own(integer_field<&TrackGateway::port>())},
    {"interface", word("<if>"), "as the routes say", "Interface that it goes out of",
     own({.set = set_gateway_interface, .show = show_word<&TrackGateway::interface>})},
    {"interval", seconds(10000, 3600000000), "1", "Time between the beginnings of two attempts",
     own(seconds_field<&TrackGateway::interval>())},
    {"timeout", seconds(1000, 3600000000), "= interval",
     "Time after which an attempt has failed; the next one waits for it", own(seconds_field<&TrackGateway::timeout>())},
    {"rise", integer(1, kUnlimited), "2",
     "Successes in a row needed to be up again; the very first result counts alone",
     own(integer_field<&TrackGateway::rise>())},
    {"fall", integer(1, kUnlimited), "3", "Failures in a row needed to be down",
     own(integer_field<&TrackGateway::fall>())},
    {"weight", text("<int:-254-254> [reverse]"), "0",
     "Default priority change of trackers of this gateway; 0 = FAULT while it does not answer",
     own({.set = set_track_weight<&TrackGateway::weight, kMostFactor>,
          .show = show_track_weight<&TrackGateway::weight>})},
});

constexpr auto kTrackGateway = std::to_array<Keyword>({
    {"(entry)", repeated(text("<name> [weight <int:-254-254> [reverse|noreverse]]")), "weight of the gateway",
     "A vrrp_track_gateway, defined anywhere", own({})},
});

constexpr auto kGatewaySections = std::to_array<Section>({
    {{Block::vrrp_track_gateway}, kVrrpTrackGateway},
    {{Block::track_gateway}, kTrackGateway},
});

}  // namespace

std::span<const Section> gateway_keywords() {
  return kGatewaySections;
}

}  // namespace baton::config
