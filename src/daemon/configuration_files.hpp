// configuration_files.hpp - the files of a configuration on this machine.
#pragma once

#include <string>

#include "config/files.hpp"
#include "core/result.hpp"

namespace baton::daemon {

/// At most kMaxConfiguration octets of a regular file without an execute bit: keepalived skips others, too.
config::FileText read_configuration(const std::string& path);

/// The file system, the environment and the randomness of this machine.
config::Files this_machines_files();

/// The name of this host up to its first dot: keepalived's default for -i.
std::string short_host_name();

}  // namespace baton::daemon
