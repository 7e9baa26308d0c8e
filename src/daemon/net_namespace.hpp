// net_namespace.hpp - the network namespaces that net_namespace, net_namespace_ipvs and --namespace name.
//
// The whole daemon runs in the first, so that every process, script and look at the interfaces is there; only the ipvs
// role may be started in another one.
#pragma once

#include <optional>
#include <string>

#include "config/model.hpp"
#include "core/result.hpp"
#include "daemon/file_descriptor.hpp"
#include "daemon/options.hpp"

namespace baton::daemon {

/// The namespace that `ip netns add` made by this name.
Result<FileDescriptor> open_net_namespace(const std::string& name);

class NetNamespaces {
 public:
  /// Enters the namespace of the configuration or of the command line, which comes first, and opens that of IPVS. Needs
  /// CAP_SYS_ADMIN when there is any.  Once; for the calling thread, and for what it starts later.
  Result<void> enter(const Options& options, const config::DaemonDefs& defs);

  /// For the ipvs role; -1: where the daemon is.
  [[nodiscard]] int of_ipvs() const { return ipvs_ ? ipvs_.number() : -1; }

  /// What of a new configuration cannot be had without a restart; empty: nothing.
  [[nodiscard]] std::string unchangeable(const config::DaemonDefs& defs) const;

 private:
  std::string entered_;  // as the file had them
  std::optional<std::string> ipvs_name_;
  FileDescriptor ipvs_;
};

}  // namespace baton::daemon
