// What needs no IPVS in the kernel; tests/lab/ipvs_client has the rest.
#include "net/ipvs_client.hpp"

#include <cerrno>
#include <cstring>

#include <doctest/doctest.h>

#include "unit/ipvs/ipvs_tables.hpp"

using namespace ipvs_tables;
using namespace baton::net;

namespace {

const ServiceKey kWeb = tcp("192.0.2.1", 80);
const ServiceKey kMail = tcp("192.0.2.1", 25);
const DestKey kOne = at("10.0.0.1", 80);

Answer answer(int code) {
  return {code, code == 0 ? "" : std::strerror(code)};
}

IpvsOutcome judged(const Operation& operation, int code) {
  const auto given = answer(code);
  return judge({&operation, 1}, {&given, 1});
}

std::string only_error(const Operation& operation, int code) {
  const auto outcome = judged(operation, code);
  CHECK(outcome.reread);
  REQUIRE(outcome.errors.size() == 1);
  CHECK(outcome.errors[0].system_code == code);
  return outcome.errors[0].message;
}

}  // namespace

TEST_CASE("judge: all done is nothing to say") {
  const std::vector<Operation> operations{NewService{kWeb, {}}, NewDest{kWeb, kOne, {}}};
  const std::vector<Answer> answers{answer(0), answer(0)};
  const auto outcome = judge(operations, answers);
  CHECK_FALSE(outcome.reread);
  CHECK(outcome.errors.empty());
  CHECK_FALSE(judge({}, {}).reread);
}

TEST_CASE("judge: what was already so, or has gone, is no error but a reason to read again") {
  const std::vector<std::pair<Operation, int>> cases{
      {NewService{kWeb, {}}, EEXIST},    {SetService{kWeb, {}}, ESRCH},    {DelService{kWeb}, ESRCH},
      {NewDest{kWeb, kOne, {}}, EEXIST}, {NewDest{kWeb, kOne, {}}, ESRCH}, {SetDest{kWeb, kOne, {}}, ENOENT},
      {SetDest{kWeb, kOne, {}}, ESRCH},  {DelDest{kWeb, kOne}, ENOENT},    {DelDest{kWeb, kOne}, ESRCH},
  };
  for (const auto& [operation, code] : cases) {
    CAPTURE(name(operation));
    CAPTURE(code);
    const auto outcome = judged(operation, code);
    CHECK(outcome.reread);
    CHECK(outcome.errors.empty());
  }
}

TEST_CASE("judge: refusals name the operation and the cause") {
  CHECK(only_error(NewDest{kWeb, kOne, {}}, EPERM) ==
        "add real server 10.0.0.1:80 to TCP 192.0.2.1:80: Operation not permitted");
  CHECK(only_error(DelService{kWeb}, EPERM) == "remove service TCP 192.0.2.1:80: Operation not permitted");
  CHECK(only_error(DelDest{kWeb, kOne}, ETIMEDOUT) ==
        "remove real server 10.0.0.1:80 from TCP 192.0.2.1:80: Connection timed out");
  CHECK(only_error(NewService{kWeb, {}}, ENOMEM) == "add service TCP 192.0.2.1:80: Cannot allocate memory");
}

TEST_CASE("judge: a scheduler or an engine that the kernel has not is named") {
  Service service;
  service.sched_name = "wsh";
  CHECK(only_error(NewService{kWeb, service}, ENOENT) ==
        "add service TCP 192.0.2.1:80: this kernel has no IPVS scheduler \"wsh\" (module ip_vs_wsh) "
        "(No such file or directory)");
  service.pe_name = "sip";
  CHECK(only_error(SetService{kWeb, service}, ENOENT) ==
        "change service TCP 192.0.2.1:80: this kernel has no IPVS scheduler \"wsh\" (module ip_vs_wsh), or no "
        "persistence "
        "engine \"sip\" (module ip_vs_pe_sip) (No such file or directory)");
}

TEST_CASE("judge: what the kernel says only by number is said in words") {
  Dest dest;
  dest.l_threshold = 5;
  CHECK(only_error(NewDest{kWeb, kOne, dest}, ERANGE) ==
        "add real server 10.0.0.1:80 to TCP 192.0.2.1:80: the lower threshold is above the upper one "
        "(Numerical result out of range)");
  CHECK(only_error(SetDest{kWeb, kOne, {}}, ERANGE) ==
        "change real server 10.0.0.1:80 of TCP 192.0.2.1:80: Numerical result out of range");
  CHECK(only_error(NewDest{kWeb, at("224.0.0.1", 80), {}}, EINVAL) ==
        "add real server 224.0.0.1:80 to TCP 192.0.2.1:80: not an address of a single host, or no interface has an "
        "address yet (Invalid argument)");
  CHECK(only_error(NewDest{kWeb, at("2001:db8::1", 80), {}}, EINVAL) ==
        "add real server [2001:db8::1]:80 to TCP 192.0.2.1:80: IPv4 and IPv6 mix only with tunnelling, and without a "
        "sync "
        "daemon (Invalid argument)");
}

TEST_CASE("judge: the real servers of a refused service are not complained about") {
  Service unknown;
  unknown.sched_name = "wsh";
  const std::vector<Operation> operations{NewService{kMail, unknown}, NewDest{kMail, kOne, {}},
                                          NewDest{kMail, kOne, {}}, NewService{kWeb, {}}, NewDest{kWeb, kOne, {}}};
  const std::vector<Answer> answers{answer(ENOENT), answer(ESRCH), answer(EPERM), answer(0), answer(0)};
  const auto outcome = judge(operations, answers);
  CHECK(outcome.reread);
  REQUIRE(outcome.errors.size() == 2);  // another cause is still told
  CHECK(outcome.errors[0].system_code == ENOENT);
  CHECK(outcome.errors[1].system_code == EPERM);
}

TEST_CASE("judge: a flood of errors is cut and counted") {
  for (const std::size_t count : {49U, 50U, 51U, 10'000U}) {
    CAPTURE(count);
    const std::vector<Operation> operations(count, DelService{kWeb});
    const std::vector<Answer> answers(count, answer(EPERM));
    const auto outcome = judge(operations, answers);
    CHECK(outcome.errors.size() == std::min<std::size_t>(count, IpvsOutcome::kMaxErrors));
    if (count < IpvsOutcome::kMaxErrors) continue;
    CHECK(outcome.errors.back().message == std::to_string(count - 49) + " more IPVS operations failed");
    CHECK(outcome.errors.back().system_code == EPERM);
  }
}

TEST_CASE("client: a kernel without IPVS is said to be one, with the cure") {
  const auto client = IpvsClient::open();
  if (client) {
    MESSAGE("SKIPPED: this kernel has IPVS");
    return;
  }
  CHECK(client.error().system_code == IpvsClient::kNoIpvs);
  CHECK(client.error().message == "this kernel has no IPVS: modprobe ip_vs, or install a kernel with CONFIG_IP_VS");
}
