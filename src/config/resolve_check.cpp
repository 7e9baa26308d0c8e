#include "config/resolve_check.hpp"

namespace baton::config {
namespace {

using std::chrono::seconds;

/// checker <- real server <- virtual server <- built-in (compat 11.1).
template <auto Member, class T>
T inherited(const CheckDraft& check, const RealServerDraft& real, const VirtualServerDraft& server, T built_in) {
  for (const TimingDraft* timing : {&check.timing, &real.timing, &server.timing})
    if (timing->*Member) return *(timing->*Member);
  return built_in;
}

CheckTiming resolve_timing(const CheckDraft& check, const RealServerDraft& real, const VirtualServerDraft& server) {
  CheckTiming timing;  // the built-in values, but for what pages have of their own
  if (check.kind != CheckKind::tcp) timing.delay_before_retry = seconds{3};
  timing.delay_loop = inherited<&TimingDraft::delay_loop>(check, real, server, timing.delay_loop);
  timing.delay_before_retry =
      inherited<&TimingDraft::delay_before_retry>(check, real, server, timing.delay_before_retry);
  timing.connect_timeout = inherited<&TimingDraft::connect_timeout>(check, real, server, timing.connect_timeout);
  timing.warmup = inherited<&TimingDraft::warmup>(check, real, server, timing.delay_loop);
  timing.retry = inherited<&TimingDraft::retry>(check, real, server, timing.retry);
  return timing;
}

std::string first_of(const std::string& a, const std::string& b, const std::string& c) {
  return !a.empty() ? a : !b.empty() ? b : c;
}

Check resolve_check(Builder& builder, CheckDraft& check, const RealServerDraft& real,
                    const VirtualServerDraft& server) {
  const IpAddress to = check.target.connect_ip.value_or(real.address);
  if (check.target.bindto && check.target.bindto->family() != to.family()) {
    builder.error(check.bindto_place, concat("bindto ", check.target.bindto->to_string(), " and ", to.to_string(),
                                             ", which is checked, are of two families: the line is ignored"));
    check.target.bindto.reset();
  }
  if (real.port.value_or(server.port) == 0 && !check.target.connect_port)
    builder.advise(check.place, "this real server has port 0: the check cannot connect to it",
                   "say which port is checked with connect_port");
  const CheckTiming timing = resolve_timing(check, real, server);
  if (check.kind == CheckKind::tcp) return TcpCheck{std::move(check.target), timing, check.place.position};
  return HttpCheck{check.kind == CheckKind::ssl,
                   std::move(check.urls),
                   first_of(check.virtualhost, real.virtualhost, server.virtualhost),
                   check.enable_sni,
                   std::move(check.target),
                   timing,
                   check.place.position};
}

}  // namespace

void resolve_checks(Builder& builder, RealServerDraft& draft, const VirtualServerDraft& server, RealServer& real) {
  real.checks.reserve(draft.checks.size());
  for (CheckDraft& check : draft.checks)
    real.checks.push_back(resolve_check(builder, check, draft, server));
}

}  // namespace baton::config
