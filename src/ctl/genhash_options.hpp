// genhash_options.hpp - the command line of genhash, as keepalived's has it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/ip_address.hpp"

namespace baton::ctl {

struct GenhashOptions {
  IpAddress server;
  std::uint16_t port = 0;
  std::string url;
  std::string virtualhost;
  bool use_ssl = false;
  bool use_sni = false;
  bool is_verbose = false;
  bool is_1_1 = false;
  bool closes = false;  // Connection: close; always with 1.1
  std::uint32_t fwmark = 0;
  std::chrono::seconds timeout{5};
};

/// Options, or a text to print and the status to end with.
struct GenhashCommand {
  GenhashOptions options;
  std::string text;  // empty: go on
  int exit_status = 0;
};

/// argv[0] is not looked at.  Not for two threads at once (getopt).
GenhashCommand parse_genhash(int argc, char** argv);

/// What is sent to the server: keepalived's request, to the byte.
std::string genhash_request(const GenhashOptions& options);

}  // namespace baton::ctl
