#include "daemon/net_namespace.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sched.h>

#include "core/assert.hpp"

namespace baton::daemon {

namespace {

constexpr const char* kNamespaces = "/run/netns/";

Result<FileDescriptor> open_own() {
  FileDescriptor own(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
  if (!own) return system_failure("open the network namespace of this process", errno);
  return own;
}

Result<void> enter(const std::string& name) {
  const auto space = open_net_namespace(name);
  if (!space) return tl::unexpected(space.error());
  if (::setns(space->number(), CLONE_NEWNET) != 0) return system_failure("enter the network namespace " + name, errno);
  return {};
}

}  // namespace

Result<FileDescriptor> open_net_namespace(const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos || name == "." || name == "..")
    return failure("'" + name + "' is no name of a network namespace");
  FileDescriptor space(::open((kNamespaces + name).c_str(), O_RDONLY | O_CLOEXEC));
  if (!space) return system_failure("open the network namespace " + (kNamespaces + name), errno);
  return space;
}

Result<void> NetNamespaces::enter(const Options& options, const config::DaemonDefs& defs) {
  ASSERT(!ipvs_);
  entered_ = defs.net_namespace;
  ipvs_name_ = defs.net_namespace_ipvs;
  if (defs.net_namespace_ipvs) {
    auto ipvs = defs.net_namespace_ipvs->empty() ? open_own() : open_net_namespace(*defs.net_namespace_ipvs);
    if (!ipvs) return tl::unexpected(ipvs.error());
    ipvs_ = std::move(*ipvs);
  }
  const auto& name = options.net_namespace.empty() ? defs.net_namespace : options.net_namespace;
  if (name.empty()) return {};
  return daemon::enter(name);
}

std::string NetNamespaces::unchangeable(const config::DaemonDefs& defs) const {
  if (defs.net_namespace != entered_) return "net_namespace";
  if (defs.net_namespace_ipvs != ipvs_name_) return "net_namespace_ipvs";
  return {};
}

}  // namespace baton::daemon
