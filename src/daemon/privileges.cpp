#include "daemon/privileges.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <variant>

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace baton::daemon {

namespace {

constexpr Capabilities kNetAdmin = Capabilities{1} << CAP_NET_ADMIN;
constexpr Capabilities kNetRaw = Capabilities{1} << CAP_NET_RAW;

struct KernelSets {
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> data{};

  Result<void> read() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    if (::syscall(SYS_capget, &header, data.data()) != 0) return system_failure("read the capabilities", errno);
    return {};
  }
  Result<void> write() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    if (::syscall(SYS_capset, &header, data.data()) != 0) return system_failure("drop capabilities", errno);
    return {};
  }
};

/// Of a check that is carried out.
const config::CheckTarget* target_of(const config::Check& check) {
  return std::visit(
      [](const auto& kind) -> const config::CheckTarget* {
        if constexpr (requires { kind.target; })
          return &kind.target;
        else
          return nullptr;
      },
      check);
}

Capabilities needed_for(const std::vector<config::Check>& checks) {
  Capabilities needed = 0;
  for (const auto& check : checks) {
    const config::CheckTarget* target = target_of(check);
    if (target == nullptr) continue;
    if (!target->bind_if.empty()) needed |= kNetRaw;                          // SO_BINDTODEVICE
    if (target->fwmark != 0) needed |= kNetAdmin;                             // SO_MARK
    if (std::holds_alternative<config::PingCheck>(check)) needed |= kNetRaw;  // where ping_group_range is narrow
    if (const auto* smtp = std::get_if<config::SmtpCheck>(&check))
      for (const auto& host : smtp->hosts) {
        if (!host.target.bind_if.empty()) needed |= kNetRaw;
        if (host.target.fwmark != 0) needed |= kNetAdmin;
      }
  }
  return needed;
}

}  // namespace

Capabilities needed_capabilities(Role role, const config::Config& config) {
  switch (role) {
    case Role::vrrp: return kNetAdmin | kNetRaw;
    // Raw sockets are how iptables reaches its tables (FULLNAT).  Always, for a role that has to be started anew for
    // its rights would leave the table empty meanwhile.
    case Role::ipvs: return kNetAdmin | kNetRaw;
    case Role::supervisor:
    case Role::control: return 0;
    case Role::checkers: break;
  }
  Capabilities needed = 0;
  for (const auto& service : config.virtual_servers) {
    for (const auto& server : service.real_servers)
      needed |= needed_for(server.checks);
    for (const auto& pool : service.real_server_pools)
      needed |= needed_for(pool.server.checks);
  }
  return needed;
}

Result<Capabilities> permitted_capabilities() {
  KernelSets sets;
  if (const auto read = sets.read(); !read) return tl::unexpected(read.error());
  return Capabilities{sets.data[0].permitted} | Capabilities{sets.data[1].permitted} << 32U;
}

std::string to_string(Capabilities capabilities) {
  std::string text;
  const auto add = [&](const std::string& name) { text += (text.empty() ? "" : ", ") + name; };
  for (unsigned i = 0; i < 64; ++i) {
    if ((capabilities >> i & 1U) == 0) continue;
    if (i == CAP_NET_ADMIN)
      add("CAP_NET_ADMIN");
    else if (i == CAP_NET_RAW)
      add("CAP_NET_RAW");
    else
      add("capability " + std::to_string(i));
  }
  return text.empty() ? "none" : text;
}

Result<void> keep_only(Capabilities capabilities) {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return system_failure("set no_new_privs", errno);
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  for (unsigned i = 0; i < 64 && ::prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; ++i) {
    // Needs CAP_SETPCAP; without it there is nothing that could be gained from the bounding set either.
    if ((capabilities >> i & 1U) == 0) ::prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
  }
  KernelSets sets;
  if (const auto read = sets.read(); !read) return read;
  for (std::size_t i = 0; i < sets.data.size(); ++i) {
    const auto half = static_cast<std::uint32_t>(capabilities >> (32 * i));
    auto& set = sets.data.at(i);
    set.permitted &= half;
    set.effective = set.permitted;
    set.inheritable = 0;
  }
  return sets.write();
}

}  // namespace baton::daemon
