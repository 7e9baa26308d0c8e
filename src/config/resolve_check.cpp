#include "config/resolve_check.hpp"

#include <initializer_list>
#include <type_traits>
#include <utility>

namespace baton::config {
namespace {

using std::chrono::seconds;

/// What a real server's checks inherit from.
struct Parents {
  const RealServerDraft& real;
  const VirtualServerDraft& server;
};

/// The built-in values, but for what this kind has of its own.
template <class Kind>
CheckTiming built_in() {
  return {};
}
template <>
CheckTiming built_in<HttpCheck>() {
  CheckTiming timing;
  timing.delay_before_retry = seconds{3};
  return timing;
}
template <>
CheckTiming built_in<MiscCheck>() {
  CheckTiming timing;
  timing.retry = 0;
  return timing;
}
template <>
CheckTiming built_in<DnsCheck>() {
  CheckTiming timing;
  timing.retry = 3;
  return timing;
}

/// checker <- real server <- virtual server <- built-in (compat 11.1); a host of SMTP_CHECK stands before its checker.
template <auto Member, class T>
void inherit(std::initializer_list<const TimingDraft*> drafts, T& value) {
  for (const TimingDraft* draft : drafts)
    if (draft->*Member) {
      value = *(draft->*Member);
      return;
    }
}

template <class Kind>
CheckTiming timing_of(const ProbeDraft& probe, const ProbeDraft& outer, const Parents& parents) {
  CheckTiming timing = built_in<Kind>();
  const std::initializer_list<const TimingDraft*> drafts = {&probe.timing, &outer.timing, &parents.real.timing,
                                                            &parents.server.timing};
  inherit<&TimingDraft::delay_loop>(drafts, timing.delay_loop);
  timing.warmup = timing.delay_loop;
  if constexpr (std::is_same_v<Kind, DnsCheck>) timing.delay_before_retry = timing.delay_loop;
  inherit<&TimingDraft::delay_before_retry>(drafts, timing.delay_before_retry);
  inherit<&TimingDraft::connect_timeout>(drafts, timing.connect_timeout);
  inherit<&TimingDraft::warmup>(drafts, timing.warmup);
  inherit<&TimingDraft::retry>(drafts, timing.retry);
  timing.latency_limit = probe.timing.latency_limit.value_or(Duration{0});
  return timing;
}

CheckMode mode_of(const ProbeDraft& probe, const Parents& parents) {
  return {probe.alpha.value_or(parents.real.alpha.value_or(parents.server.alpha)), probe.log_all_failures};
}

/// What every check over a network has.  False: it cannot be carried out.
template <class Kind, class Probe>
bool resolve_probe(Builder& builder, ProbeDraft& draft, const ProbeDraft& outer, const Parents& parents, Probe& probe) {
  const IpAddress to = draft.target.connect_ip.value_or(parents.real.address);
  if (draft.target.bindto && draft.target.bindto->family() != to.family()) {
    // keepalived does not look at the real server's address when the check is of mail.
    const bool is_told = !std::is_same_v<Probe, SmtpCheck> || draft.target.connect_ip;
    builder.report(Severity::error, is_told ? Status::bad : Status::ok, draft.bindto_place,
                   concat("bindto ", draft.target.bindto->to_string(), " and ", to.to_string(),
                          ", which is checked, are of two families: the line is ignored"));
    draft.target.bindto.reset();
  }
  const bool has_scope = !draft.target.bind_if.empty();
  if (to.is_v6() && to.is_link_local() && !has_scope) {
    builder.error(draft.target.connect_ip ? draft.connect_ip_place : draft.place,
                  concat(to.to_string(), " is a link-local address: the check is left out"),
                  "write bind_if INTERFACE: such an address is there on every link");
    return false;
  }
  if constexpr (!std::is_same_v<Kind, PingCheck>)
    if (parents.real.port.value_or(parents.server.port) == 0 && !draft.target.connect_port &&
        !parents.real.has_port_of_answer)
      builder.advise(draft.place, "this real server has port 0: the check cannot connect to it",
                     "say which port is checked with connect_port");
  probe.target = std::move(draft.target);
  probe.timing = timing_of<Kind>(draft, outer, parents);
  probe.mode = mode_of(draft, parents);
  probe.position = draft.place.position;
  return true;
}

const std::string& first_of(const std::string& a, const std::string& b, const std::string& c) {
  return !a.empty() ? a : !b.empty() ? b : c;
}

// Each kind; false: the check is left out.

template <class Kind>
bool resolve(Builder& builder, CheckDraft& draft, const Parents& parents, Kind& check) {
  return resolve_probe<Kind>(builder, draft.probe, draft.probe, parents, check);
}

bool resolve(Builder& builder, CheckDraft& draft, const Parents& parents, HttpCheck& check) {
  check.virtualhost = first_of(check.virtualhost, parents.real.virtualhost, parents.server.virtualhost);
  return resolve_probe<HttpCheck>(builder, draft.probe, draft.probe, parents, check);
}

bool resolve(Builder& builder, CheckDraft& draft, const Parents& parents, SmtpCheck& check) {
  check.hosts.reserve(draft.hosts.size());
  for (ProbeDraft& host_draft : draft.hosts) {
    SmtpHost host;
    if (resolve_probe<SmtpCheck>(builder, host_draft, draft.probe, parents, host)) check.hosts.push_back(host);
  }
  return resolve_probe<SmtpCheck>(builder, draft.probe, draft.probe, parents, check);
}

/// misc_timeout is in whole seconds; the delay_loop that stands in for it is rounded up to them.
bool resolve(Builder&, CheckDraft& draft, const Parents& parents, MiscCheck& check) {
  check.misc_path = *draft.misc_path;
  const Duration loop = parents.server.timing.delay_loop.value_or(CheckTiming{}.delay_loop);
  const bool is_written = draft.misc_timeout.value_or(0) > 0;
  check.misc_timeout = is_written ? seconds(*draft.misc_timeout) : std::chrono::ceil<seconds>(loop);
  check.timing = timing_of<MiscCheck>(draft.probe, draft.probe, parents);
  check.mode = mode_of(draft.probe, parents);
  check.position = draft.probe.place.position;
  return true;
}

bool resolve(Builder&, CheckDraft& draft, const Parents&, FileCheck& check) {
  check.position = draft.name_place.position;
  return true;
}

bool resolve(Builder&, CheckDraft& draft, const Parents& parents, BfdCheck& check) {
  check.alpha = mode_of(draft.probe, parents).alpha;
  check.position = draft.name_place.position;
  return true;
}

}  // namespace

void resolve_checks(Builder& builder, RealServerDraft& draft, const VirtualServerDraft& server, RealServer& real) {
  const Parents parents{draft, server};
  real.checks.reserve(draft.checks.size());
  for (CheckDraft& check : draft.checks) {
    const bool is_complete =
        std::visit([&](auto& kind) { return resolve(builder, check, parents, kind); }, check.settled);
    if (is_complete) real.checks.push_back(std::move(check.settled));
  }
}

}  // namespace baton::config
