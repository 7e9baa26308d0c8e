// model.hpp - what a machine behind the directors must have, what it has, and what Baton has put there.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/ip_address.hpp"

namespace baton::realserver {

/// How packets come from the director.
enum class Method : std::uint8_t { nat, direct, tunnel };
enum class Encapsulation : std::uint8_t { ipip, gre, gue };

/// One service that this machine answers.
struct Duty {
  std::string service;              // as messages name it: "192.0.2.1:80", "fwmark 5"
  IpAddress server;                 // the machine's own address, at which the director knows it
  std::vector<IpAddress> virtuals;  // the service's addresses
  Method method = Method::nat;
  Encapsulation encapsulation = Encapsulation::ipip;  // of a tunnel
  friend bool operator==(const Duty&, const Duty&) = default;
};

/// What concerns this machine of a configuration.
struct Part {
  std::vector<Duty> duties;
  std::vector<IpAddress> director_addresses;  // that move between the directors
  std::set<std::string> troubles;             // services whose addresses cannot be known
};

/// An address, or a route to one host, on a device.
struct Placed {
  IpAddress address;
  std::string device;
  friend auto operator<=>(const Placed&, const Placed&) = default;
};

/// Ordered by address and device first.
struct OwnAddress {
  IpAddress address;
  std::string device;
  std::uint8_t prefix_length = 32;
  bool permanent = true;  // without a lifetime
  friend auto operator<=>(const OwnAddress&, const OwnAddress&) = default;
};

/// The machine as it is.  Sysctls by their path below /proc/sys, and only those that were asked for.
struct Machine {
  std::set<OwnAddress> addresses;
  std::map<std::string, bool> devices;  // name -> up
  std::set<Placed> routes;              // to single IPv4 hosts
  std::vector<IpAddress> gateways;      // of default routes
  std::map<std::string, int> sysctls;
};

/// The machine as it should be, as far as Baton is concerned.
struct Wanted {
  std::map<std::string, std::string> devices;  // name -> kind to make it of; empty: the kernel has it anyway
  std::map<std::string, int> sysctls;
  std::set<Placed> addresses;  // with the longest prefix
  std::set<Placed> routes;
  std::set<std::string> troubles;  // what Baton can only tell of
};

/// What Baton has put there: it goes at the end, and nothing else does.
struct Ledger {
  struct Former {
    int value = 0;  // before us
    int set = 0;    // by us
    friend bool operator==(const Former&, const Former&) = default;
  };
  std::set<Placed> addresses, routes;
  std::set<std::string> up;  // devices that were down
  std::map<std::string, Former> sysctls;
  friend bool operator==(const Ledger&, const Ledger&) = default;
};

}  // namespace baton::realserver
