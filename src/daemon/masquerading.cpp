#include "daemon/masquerading.hpp"

#include <cerrno>
#include <fstream>
#include <utility>

#include "daemon/ledger.hpp"
#include "daemon/log.hpp"
#include "ipvs/masquerade.hpp"
#include "net/program.hpp"

namespace baton::daemon {

namespace {

constexpr Duration kProgramLimit = std::chrono::seconds{2};  // for each program; they take some milliseconds
constexpr const char* kConntrack = "/proc/sys/net/ipv4/vs/conntrack";

Result<void> run(std::initializer_list<const char*> words, const std::string& input = {}) {
  return net::run_system_program({words.begin(), words.end()}, input, kProgramLimit);
}

/// iptables of the kind that does not need nf_tables; Debian's plain one does.
struct IptablesNames {
  const char *command, *restore;
};
IptablesNames iptables_of(Family family) {
  const bool legacy = !net::find_system_program("iptables-legacy").empty();
  if (family == Family::ipv4)
    return legacy ? IptablesNames{"iptables-legacy", "iptables-legacy-restore"}
                  : IptablesNames{"iptables", "iptables-restore"};
  return legacy ? IptablesNames{"ip6tables-legacy", "ip6tables-legacy-restore"}
                : IptablesNames{"ip6tables", "ip6tables-restore"};
}

Result<void> keep_iptables(const std::set<ipvs::ServiceKey>& services, Family family) {
  const auto [command, restore] = iptables_of(family);
  const char* chain = ipvs::kMasqueradeChain;
  if (auto restored = run({restore, "--noflush"}, ipvs::iptables_masquerade(services, family)); !restored)
    return restored;
  if (run({command, "-w", "-t", "nat", "-C", "POSTROUTING", "-j", chain})) return {};
  return run({command, "-w", "-t", "nat", "-A", "POSTROUTING", "-j", chain});
}

void drop_iptables(Family family) {
  // What is not there cannot be removed, and that is what is wanted.
  static_cast<void>(run({iptables_of(family).restore, "--noflush"}, ipvs::iptables_without_masquerade()));
}

Result<void> track_connections() {
  std::ifstream now(kConntrack);
  int value = -1;
  if (now >> value && value == 1) return {};
  std::ofstream to(kConntrack);
  to << "1\n";
  to.flush();
  if (!to) return system_failure(std::string("set net.ipv4.vs.conntrack to 1 in ") + kConntrack, errno);
  return {};
}

}  // namespace

Masquerading::Masquerading(std::string ledger) : ledger_(std::move(ledger)) {
  if (read_ledger(ledger_).empty()) in_force_.emplace();
}

bool Masquerading::keep(const std::set<ipvs::ServiceKey>& services) {
  if (in_force_ == services) return true;
  former_ = std::exchange(in_force_, std::nullopt).value_or(std::set<ipvs::ServiceKey>());
  if (!services.empty()) {
    // What is about to be there is in the ledger first: a crash in between leaves nothing unknown.
    if (const auto written = write_ledger(ledger_, "masquerading\n"); !written)
      log::error("{}", written.error().message);
    if (const auto tracked = track_connections(); !tracked) return fail(tracked.error());
  }
  const auto tool = install(services);
  if (!tool) return fail(tool.error());
  if (services.empty() && !write_ledger(ledger_, {})) log::error("cannot remove {}", ledger_);
  in_force_ = services;
  tool_ = *tool;
  trouble_.clear();
  log::info("FULLNAT: {} rule{} kept through {}", services.size(), services.size() == 1 ? "" : "s",
            *tool == Tool::nft ? "nft" : "iptables");
  return true;
}

Result<Masquerading::Tool> Masquerading::install(const std::set<ipvs::ServiceKey>& services) {
  std::string why = "nft has not been tried again";
  if (tool_ != Tool::iptables) {
    const auto by_nft = run({"nft", "-f", "-"}, ipvs::nft_masquerade(services));
    if (by_nft) return Tool::nft;
    why = by_nft.error().message;
  }
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    if (!ipvs::has_family(services, family)) {
      // Of a former process nobody knows which families it had.
      if (!tool_ || ipvs::has_family(former_, family)) drop_iptables(family);
    } else if (const auto kept = keep_iptables(services, family); !kept) {
      tool_.reset();
      return failure("the packet filter does not masquerade for FULLNAT: " + why + "; " + kept.error().message +
                         " (without nf_tables the modules iptable_nat and xt_ipvs must be loaded: modprobe them)",
                     kept.error().system_code);
    }
  }
  return Tool::iptables;
}

bool Masquerading::fail(const Error& error) {
  if (error.message != trouble_) log::error("{}", error.message);
  trouble_ = error.message;
  return false;
}

}  // namespace baton::daemon
