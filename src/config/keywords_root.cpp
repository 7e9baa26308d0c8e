#include "config/field.hpp"
#include "config/keywords.hpp"
#include "config/set_global.hpp"
#include "config/set_instance.hpp"
#include "config/set_route.hpp"
#include "config/set_server.hpp"
#include "config/set_tracking.hpp"
#include "config/show_global.hpp"
#include "config/show_instance.hpp"
#include "config/show_route.hpp"
#include "config/show_server.hpp"
#include "config/show_tracking.hpp"

namespace baton::config {
namespace {

constexpr std::string_view kNetlinkTells = "the kernel tells of each change of a link";

constexpr auto kRoot = std::to_array<Keyword>({
    {"linkbeat_use_polling", none(), "off",
     "Poll link state (MII/ETHTOOL/IOCTL) of every interface instead of relying on netlink",
     inert(flag_field<&DaemonDefs::linkbeat_use_polling>(), kNetlinkTells)},
    {"net_namespace", lenient(word("<name>")), "",
     "Run inside this named network namespace (also turns on the private pid directory); not changeable by reload",
     first_counts(word_field<&DaemonDefs::net_namespace>())},
    {"net_namespace_ipvs", optional(word("<name>")), "same as net_namespace",
     "Namespace for IPVS programming only; without a name the default namespace; not changeable by reload",
     first_counts({.set = set_word_or_none<&DaemonDefs::net_namespace_ipvs>,
                   .show = show_word_or_none<&DaemonDefs::net_namespace_ipvs>})},
    {"namespace_with_ipsets", none(), "off",
     "Allow ipsets although a net namespace is used (old kernels lacked per-namespace ipsets)",
     inert(flag_field<&DaemonDefs::namespace_with_ipsets>(), "Baton needs no ipsets: nftables has sets of its own")},
    {"use_pid_dir", none(), "off", "Put pid files in the private run directory under /run/keepalived",
     inert(flag_field<&DaemonDefs::use_pid_dir>(), "pid files are in /run/baton in any case")},
    {"instance", lenient(word("<name>")), "",
     "Name of this daemon among several on a host; changes pid file names and syslog ident; ignored on reload",
     first_counts(word_field<&DaemonDefs::instance>())},
    {"child_wait_time",
     integer(0, kUnlimited, "s"),
     "5",
     "Seconds the parent waits for its children to end after SIGTERM before SIGKILL",
     {.set = set_integer<&DaemonDefs::child_wait_time>, .show = show_seconds<&DaemonDefs::child_wait_time>}},
    {"global_defs",
     repeated(block()),
     "",
     "Block of global settings; several blocks accumulate",
     {.set = open_plain, .opens = Block::global_defs, .show = show_globals}},
    {"track_group",
     repeated(lenient(block("<name>"))),
     "",
     "Named set of vrrp instances; a static address/route/rule naming it makes those instances track the interface of "
     "that item (link down = FAULT); duplicate name rejected",
     {.set = open_track_group, .opens = Block::track_group, .close = close_track_group, .show = show_track_groups}},
    {"static_ipaddress",
     repeated(list("<ip>[/<prefix>] [option] ...")),
     "",
     "Addresses kept present regardless of VRRP state",
     {.set = open_plain, .opens = Block::ip_entry, .entry = add_static_address, .show = show_static_addresses}},
    {"static_routes",
     repeated(list("<route> ...")),
     "",
     "Routes kept present regardless of VRRP state",
     {.opens = Block::route_entry, .entry = add_static_route, .show = show_static_routes}},
    {"static_rules",
     repeated(list("<rule> ...")),
     "",
     "Policy rules kept present regardless of VRRP state",
     {.opens = Block::rule_entry, .entry = add_static_rule, .show = show_static_rules}},
    {"vrrp_script",
     repeated(block("<name>")),
     "",
     "Periodic script usable by track_script; needs `script` or is removed",
     {.set = open_vrrp_script, .opens = Block::vrrp_script, .close = close_vrrp_script, .show = show_vrrp_scripts}},
    {"vrrp_track_process", repeated(block("<name>")), "", "Process-presence tracker (proc connector events)",
     pending({.set = open_track_process,
              .opens = Block::vrrp_track_process,
              .close = close_track_process,
              .show = show_track_processes},
             "the process is not watched")},
    {"track_file",
     repeated(block("<name>")),
     "",
     "Integer read from a file, used by VRRP tracking and by FILE_CHECK",
     {.set = open_track_file, .opens = Block::track_file, .close = close_track_file, .show = show_track_files}},
    {"vrrp_track_file",
     repeated(block("<name>")),
     "",
     "Deprecated spelling of track_file",
     {.set = open_track_file, .opens = Block::track_file, .close = close_track_file}},
    {"bfd_instance",
     repeated(lenient(block("<name, ≤31 chars>"))),
     "",
     "One BFD session; duplicate name or duplicate neighbour+local address rejected",
     {.set = open_bfd_instance, .opens = Block::bfd_instance, .close = close_bfd_instance, .show = show_bfd_instances}},
    {"vrrp_sync_group",
     repeated(lenient(block("<name>"))),
     "",
     "Set of vrrp instances that must share one state; duplicate name rejected, no members = removed",
     {.set = open_sync_group, .opens = Block::vrrp_sync_group, .close = close_sync_group, .show = show_sync_groups}},
    {"garp_group",
     repeated(block()),
     "",
     "Shared minimum spacing for gratuitous ARP / unsolicited NA on a set of interfaces",
     {.set = open_garp_group, .opens = Block::garp_group, .close = close_garp_group, .show = show_garp_groups}},
    {"linkbeat_interfaces", repeated(list("<if> [MII|ETHTOOL|IOCTL]")), "",
     "Interfaces whose link state is polled, optionally forcing the method",
     inert({.opens = Block::name_list, .entry = add_linkbeat_interface, .show = show_linkbeat_interfaces},
           kNetlinkTells)},
    {"vrrp_instance",
     repeated(lenient(block("<name>"))),
     "",
     "One virtual router; duplicate name rejected (block skipped)",
     {.set = open_instance, .opens = Block::vrrp_instance, .close = close_instance, .show = show_instances}},
    {"interface_up_down_delays", repeated(list("<if> <down s> [<up s>]")), "0 0",
     "Debounce of link-down / link-up events per interface, 0-255 s decimal each; down delay must stay below "
     "(down_timer_adverts-1) × advert interval",
     since("2.3.3 (up delay not limited)",
           {.opens = Block::name_list, .entry = add_link_delay, .show = show_link_delays})},
    {"SSL",
     repeated(block()),
     "",
     "Client certificate material for SSL_GET checks",
     {.set = open_ssl, .opens = Block::ssl, .close = close_ssl, .show = show_ssl}},
    {"virtual_server_group",
     repeated(block("<name>")),
     "",
     "Set of virtual addresses/marks sharing one virtual_server definition; empty = removed",
     {.set = open_server_group,
      .opens = Block::group_entry,
      .close = close_server_group,
      .entry = add_server_group_entry,
      .show = show_server_groups}},
    {"virtual_server",
     repeated(block("<ip> [<port>] | fwmark <n> | group <name>")),
     "",
     "One IPVS service (or group); without real servers it is dropped",
     {.set = open_virtual_server,
      .opens = Block::virtual_server,
      .close = close_virtual_server,
      .show = show_virtual_servers}},
});

constexpr auto kPreprocessor = std::to_array<Keyword>({
    {"include", repeated(word("<glob>")), "",
     "Read matching files; a missing one is only a message unless include_check"},
    {"includer", repeated(word("<glob>")), "",
     "Error if a match cannot be read, is a directory, is not regular or is executable"},
    {"includem", repeated(word("<glob>")), "", "As r, and error if nothing matches unless the pattern has wildcards"},
    {"includew", repeated(word("<glob>")), "", "As m, also for wildcard patterns"},
    {"includeb", repeated(word("<glob>")), "", "Every alternative of a {a,b} pattern must match"},
    {"includea", repeated(word("<glob>")), "", "All of the above checks"},
    {"$NAME=", repeated(word("<text>")), "",
     "Define; no blank before =; a trailing \\ continues the text as a further configuration line"},
    {"${NAME}", repeated(none()), "",
     "Replace by the definition, expanded when used (a later redefinition counts); unknown names stay as they are and "
     "their braces then act as block braces"},
    {"$NAME", repeated(none()), "", "Same without braces, only when a blank or the line end follows"},
    {"${_PWD}", repeated(none()), "", "Directory of the file being read"},
    {"${_INSTANCE}", repeated(none()), "", "Configuration id (-i, default short host name)"},
    {"${_RANDOM}", repeated(optional(text("<min> [<max>]"))), "", "Random number, default 0-32767"},
    {"${_ENV}", repeated(word("<variable>")), "", "Environment variable, empty if unset", {.since = "2.4.0"}},
    {"${_HASH}", repeated(none()), "",
     "A # sign; protects only inside double quotes, outside it still starts a comment"},
    {"${_BANG}", repeated(none()), "", "A ! sign; as for _HASH"},
    {"@<id>", repeated(word("<line>")), "", "Line only for that configuration id"},
    {"@^<id>", repeated(word("<line>")), "", "Line for every other configuration id"},
    {"~SEQ", repeated(text("(<var>,<start>,[<step>,]<end>) <line> | (<var>,<n>) <line>")), "",
     "Repeat the line with numbers"},
    {"~SEQx", repeated(text("(...) <line>")), "", "Same, numbers in hexadecimal"},
    {"~LST", repeated(text("(<var>,<v1>,<v2>,...) <line> | ({<v>,<w>},{<a>,<b>},{...}) <line>")), "",
     "Repeat the line with words, possibly several variables in step"},
    {"!", repeated(word("<comment>")), "", "Comment to the end of the line outside double quotes"},
    {"#", repeated(word("<comment>")), "", "Same"},
});

constexpr auto kSections = std::to_array<Section>({
    {{Block::root}, kRoot},
    {{Block::preprocessor}, kPreprocessor},
});

}  // namespace

std::span<const Section> root_keywords() {
  return kSections;
}

}  // namespace baton::config
