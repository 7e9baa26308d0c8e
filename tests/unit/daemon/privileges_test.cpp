#include "daemon/privileges.hpp"

#include <cerrno>

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;

namespace {

constexpr Capabilities kNetAdmin = Capabilities{1} << CAP_NET_ADMIN;
constexpr Capabilities kNetRaw = Capabilities{1} << CAP_NET_RAW;

template <class Check = config::TcpCheck>
config::Config with_check(const config::CheckTarget& target, Check check = {}) {
  check.target = target;
  config::RealServer server;
  server.checks.emplace_back(check);
  config::VirtualServer service;
  service.real_servers.push_back(server);
  config::Config config;
  config.virtual_servers.push_back(service);
  return config;
}

/// Runs `body` in a child; its result is the exit status.
int in_child(int (*body)()) {
  const auto pid = ::fork();
  if (pid == 0) ::_exit(body());
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

}  // namespace

TEST_CASE("each role needs little") {
  const config::Config empty;
  CHECK(needed_capabilities(Role::vrrp, empty) == (kNetAdmin | kNetRaw));
  CHECK(needed_capabilities(Role::ipvs, empty) == (kNetAdmin | kNetRaw));
  CHECK(needed_capabilities(Role::checkers, empty) == 0);
  CHECK(needed_capabilities(Role::control, empty) == 0);
}

TEST_CASE("the checkers need something only for what the configuration asks") {
  config::CheckTarget plain;
  CHECK(needed_capabilities(Role::checkers, with_check(plain)) == 0);
  config::CheckTarget bound;
  bound.bind_if = "eth0";
  CHECK(needed_capabilities(Role::checkers, with_check(bound)) == kNetRaw);
  config::CheckTarget marked;
  marked.fwmark = 7;
  CHECK(needed_capabilities(Role::checkers, with_check(marked)) == kNetAdmin);
  config::SmtpCheck mail;
  mail.hosts.emplace_back().target = marked;
  CHECK(needed_capabilities(Role::checkers, with_check(plain, mail)) == kNetAdmin);
  CHECK(needed_capabilities(Role::checkers, with_check(plain, config::PingCheck{})) == kNetRaw);
}

TEST_CASE("capabilities in words") {
  CHECK(to_string(Capabilities{0}) == "none");
  CHECK(to_string(kNetAdmin) == "CAP_NET_ADMIN");
  CHECK(to_string(kNetAdmin | kNetRaw | 1) == "capability 0, CAP_NET_ADMIN, CAP_NET_RAW");
}

TEST_CASE("what was given up is gone" * doctest::skip(::geteuid() != 0)) {
  const auto before = permitted_capabilities();
  REQUIRE(before);
  REQUIRE((*before & kNetRaw) != 0);
  CHECK(in_child([] {
          if (!keep_only(kNetAdmin)) return 1;
          if (permitted_capabilities().value() != kNetAdmin) return 2;
          if (::socket(AF_INET, SOCK_RAW, 112) >= 0 || errno != EPERM) return 3;
          if (::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) return 4;
          if (::prctl(PR_CAPBSET_READ, CAP_NET_RAW, 0, 0, 0) != 0) return 5;
          if (::prctl(PR_CAPBSET_READ, CAP_NET_ADMIN, 0, 0, 0) != 1) return 6;
          return 0;
        }) == 0);
  CHECK(in_child([] {
          if (!keep_only(0)) return 1;
          if (permitted_capabilities().value() != 0) return 2;
          return keep_only(kNetAdmin) && permitted_capabilities().value() == 0 ? 0 : 3;  // nothing comes back
        }) == 0);
  CHECK(permitted_capabilities().value() == *before);
}
