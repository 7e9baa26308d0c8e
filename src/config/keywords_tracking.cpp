#include "config/field.hpp"
#include "config/keywords.hpp"
#include "config/set_tracking.hpp"
#include "config/show_tracking.hpp"

namespace baton::config {
namespace {

template <auto Member, int kMost>
constexpr Action track_weight_field() {
  return {.set = set_track_weight<Member, kMost>, .show = show_track_weight<Member>};
}
template <auto Member, std::int64_t kLeast>
constexpr Action milliseconds_field() {
  return {.set = set_milliseconds<Member, kLeast>, .show = show_milliseconds<Member>};
}

constexpr auto kTrackGroup = std::to_array<Keyword>({
    {"group",
     list("<instance>"),
     "",
     "Names of the member instances (unknown ones ignored; none left = group removed)",
     {.opens = Block::name_list, .entry = add_group_members, .show = show_group_members, .repeat = Repeat::first}},
});

constexpr auto kVrrpScript = std::to_array<Keyword>({
    {"script",
     lenient(script()),
     "none (required)",
     "Command; `<file` form tests that a file can be opened",
     {.set = set_track_script, .show = show_track_script}},
    {"interval", seconds(1000, kUnlimitedSeconds), "1", "Time between runs (0 → 1 s)",
     since("2.3.2 (fractions)", {.set = set_script_interval, .show = show_seconds<&VrrpScript::interval>})},
    {"timeout", seconds(1000, kUnlimitedSeconds), "= interval",
     "Run time after which the script counts as failed and is terminated (0 → 1 s)",
     since("2.3.2 (fractions)", {.set = set_script_timeout, .show = show_seconds<&VrrpScript::timeout>})},
    {"weight", text("<int:-253-253> [reverse]"), "0",
     "Default priority change of trackers of this script; 0 = FAULT on failure",
     track_weight_field<&VrrpScript::weight, kMostWeight>()},
    {"rise", integer(1, kUnlimited), "1", "Successes needed to go from failed to OK",
     integer_field<&VrrpScript::rise>()},
    {"fall", integer(1, kUnlimited), "1", "Failures needed to go from OK to failed",
     integer_field<&VrrpScript::fall>()},
    {"user",
     text("<user> [[:]<group>]"),
     "script_user",
     "User and group of the script",
     {.set = set_track_script_user, .show = show_track_script_user}},
    {"init_fail", none(), "OK assumed", "Start in the failed state instead of waiting for the first result",
     flag_field<&VrrpScript::init_fail>()},
});

constexpr auto kVrrpTrackProcess = std::to_array<Keyword>({
    {"process", text("<path|name> [<param>...]"), "none (required)",
     "Process to look for; with parameters the command line must match",
     first_counts({.set = set_process, .show = show_process})},
    {"param_match",
     optional(word("initial|partial")),
     "exact",
     "How parameters are compared: all, leading ones, or a leading part of the text",
     {.set = set_param_match, .show = show_param_match}},
    {"weight", lenient(text("<int:-254-254> [reverse]")), "0", "Default priority change; 0 = FAULT below quorum",
     track_weight_field<&TrackProcess::weight, kMostFactor>()},
    {"quorum", integer(1, 65535), "1", "Fewest matching processes that count as up",
     integer_field<&TrackProcess::quorum>()},
    {"quorum_max", integer(0, 65535), "unlimited",
     "Most matching processes that count as up; 0 = up only while none runs",
     integer_field<&TrackProcess::quorum_max>()},
    {"delay", seconds(1, 3600000000), "0", "Sets fork_delay and terminate_delay", {.set = set_process_delay}},
    {"terminate_delay", seconds(1, 3600000000), "0",
     "Time for which a number that an exit has made right or wrong must stay so before it counts",
     seconds_field<&TrackProcess::terminate_delay>()},
    {"fork_delay", seconds(1, 3600000000), "0",
     "The same of a number that a fork has changed; what another program or name changes counts at once",
     seconds_field<&TrackProcess::fork_delay>()},
    {"full_command", none(), "off",
     "Compare the whole command line (argv[0]) rather than the 15-character command name",
     flag_field<&TrackProcess::full_command>()},
});

constexpr auto kTrackFile = std::to_array<Keyword>({
    {"file", lenient(word("<path>")), "none (required)", "File that holds one integer",
     first_counts(word_field<&TrackFile::file>())},
    {"weight", lenient(text("<int:-254-254> [reverse]")), "1",
     "Default multiplier applied to the number; 0 = non-zero number means FAULT",
     track_weight_field<&TrackFile::weight, kMostFactor>()},
    {"init_file", optional(text("[<int>] [overwrite]")), "leave as is",
     "Create the file with this number (0) at start if it does not exist; overwrite = also if it does",
     since("2.3.3 (no rewrite without overwrite)", {.set = set_init_file, .show = show_init_file})},
});

constexpr auto kBfdInstance = std::to_array<Keyword>({
    {"source_ip", address(), "any", "Local address of the session", address_field<&BfdInstance::source_ip>()},
    {"neighbor_ip",
     lenient(address()),
     "none (required)",
     "Remote address",
     {.set = set_neighbor, .show = show_address_always<&BfdInstance::neighbor_ip>}},
    {"neighbour_ip", lenient(address()), "", "Same as neighbor_ip", {.set = set_neighbor}},
    {"min_rx", word("<dec ms>"), "10", "Required minimum receive interval",
     milliseconds_field<&BfdInstance::min_rx, 1>()},
    {"min_tx", word("<dec ms>"), "10", "Desired minimum transmit interval",
     milliseconds_field<&BfdInstance::min_tx, 1>()},
    {"idle_tx", word("<dec ms ≥1000>"), "1000", "Transmit interval while not up",
     milliseconds_field<&BfdInstance::idle_tx, 1000>()},
    {"multiplier", integer(1, 255), "5", "Detection multiplier sent to the peer",
     integer_field<&BfdInstance::multiplier>()},
    {"passive", none(), "off", "Do not send until the peer has sent", flag_field<&BfdInstance::passive>()},
    {"ttl", integer(1, 255), "255 (IPv4) / 64 (IPv6)", "TTL or hop limit of sent packets",
     integer_field<&BfdInstance::ttl>()},
    {"hoplimit", integer(1, 255), "", "Same as ttl", {.set = set_integer<&BfdInstance::ttl>}},
    {"max_hops", integer(-1, 255), "0", "Hops a received packet may have travelled; -1 or 255 = not checked",
     integer_field<&BfdInstance::max_hops>()},
    {"multihop", boolean(), "off", "Use the multihop port 4784 instead of 3784",
     since("2.2.8", boolean_field<&BfdInstance::multihop>())},
    {"weight", text("<int:-253-253> [reverse]"), "0", "Default priority change of VRRP trackers",
     track_weight_field<&BfdInstance::weight, kMostWeight>()},
    {"vrrp", none(), "both consumers", "Deliver events to VRRP only (unless checker is given too)",
     flag_field<&BfdInstance::vrrp>()},
    {"checker", none(), "both consumers", "Deliver events to the checkers only (unless vrrp is given too)",
     flag_field<&BfdInstance::checker>()},
});

constexpr auto kTrackInterface = std::to_array<Keyword>({
    {"(entry)", repeated(text("<if> [weight <int:-253-253> [reverse]]")), "weight 0",
     "±254 accepted and made ±253; unknown interface = entry dropped unless dynamic_interfaces"},
});

constexpr auto kTrackScript = std::to_array<Keyword>({
    {"(entry)", repeated(text("<name> [weight <int:-253-253> [reverse|noreverse]]")), "weight of the script",
     "Name must be defined earlier in the file"},
});

constexpr auto kTrackFileEntry = std::to_array<Keyword>({
    {"(entry)", repeated(text("<name> [weight <int:-254-254> [reverse|noreverse]]")), "weight of the file",
     "Name must be defined earlier"},
});

constexpr auto kTrackProcess = std::to_array<Keyword>({
    {"(entry)", repeated(text("<name> [weight <int:-254-254> [reverse|noreverse]]")), "weight of the process",
     "Name must be defined earlier"},
});

constexpr auto kTrackBfd = std::to_array<Keyword>({
    {"(entry)", repeated(text("<name> [weight <int:-253-253> [reverse|noreverse]]")), "weight of the session",
     "Name must be defined earlier"},
});

constexpr auto kNameList = std::to_array<Keyword>({
    {"(name)", repeated(text("<name> ...")), "", "Any number of names on each line"},
});

constexpr auto kTrackingSections = std::to_array<Section>({
    {{Block::track_group}, kTrackGroup},
    {{Block::vrrp_script}, kVrrpScript},
    {{Block::vrrp_track_process}, kVrrpTrackProcess},
    {{Block::track_file}, kTrackFile},
    {{Block::bfd_instance}, kBfdInstance},
    {{Block::track_interface}, kTrackInterface},
    {{Block::track_script}, kTrackScript},
    {{Block::track_file_entry}, kTrackFileEntry},
    {{Block::track_process}, kTrackProcess},
    {{Block::track_bfd}, kTrackBfd},
    {{Block::name_list}, kNameList},
});

}  // namespace

std::span<const Section> tracking_keywords() {
  return kTrackingSections;
}

}  // namespace baton::config
