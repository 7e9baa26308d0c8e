#include "config/field.hpp"
#include "config/keywords.hpp"
#include "config/set_server.hpp"
#include "config/show_server.hpp"

namespace baton::config {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;  // microseconds

constexpr auto kServerPool = std::to_array<Keyword>({
    {"record", word("A|AAAA|SRV"), "of the service's family; SRV without a port or for a name that begins with _",
     "Which records name the servers; those of SRV also give their ports and weights (0 is 1), and of them only the "
     "lowest "
     "priority counts",
     own({.set = set_pool_record, .show = show_pool_record})},
    {"nameserver", text("<ip> [<port>]"), "the system's (/etc/resolv.conf)", "Name server to ask",
     own({.set = set_pool_nameserver, .show = show_pool_nameserver})},
    {"min_ttl", seconds(1'000'000, kDay), "5",
     "An answer is held at least so long, and a question without one is repeated so soon",
     own(seconds_field<&PoolSource::min_ttl>())},
    {"max_ttl", seconds(1'000'000, kDay), "300", "An answer is asked for again after so long, whatever its TTL says",
     own(seconds_field<&PoolSource::max_ttl>())},
    {"resolve_timeout", seconds(100'000, 60'000'000), "5", "For one answer, with all repetitions",
     own(seconds_field<&PoolSource::resolve_timeout>())},
    {"max_servers", integer(1, kMaxPoolServers), "256",
     "The most servers that are taken, in the order of their addresses",
     own(integer_field<&PoolSource::max_servers>())},
});

constexpr auto kPoolSections = std::to_array<Section>({
    {{Block::real_server_pool}, kServerPool},
});

}  // namespace

std::span<const Section> server_pool_keywords() {
  return kPoolSections;
}

}  // namespace baton::config
