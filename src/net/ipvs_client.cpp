#include "net/ipvs_client.hpp"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include <linux/netlink.h>

#include "core/assert.hpp"
#include "core/overloaded.hpp"
#include "net/ipvs_sync_codec.hpp"

namespace baton::net {
namespace {

constexpr std::size_t kSlice = 256;  // operations encoded at a time, what one send carries: bounds the memory

Duration left(Instant deadline) {
  return std::max(deadline - Clock::now(), Duration::zero());
}

tl::unexpected<Error> not_read(const Error& error) {
  return failure("reading the IPVS table: " + error.message, error.system_code);
}

/// The table already was as the operation would have it, or what it is about has gone: no error, but news.
bool is_already_so(const ipvs::Operation& operation, int code) {
  return std::visit(Overloaded{
                        [&](const ipvs::NewService&) { return code == EEXIST; },
                        [&](const ipvs::SetService&) { return code == ESRCH; },
                        [&](const ipvs::DelService&) { return code == ESRCH; },
                        [&](const ipvs::NewDest&) { return code == EEXIST || code == ESRCH; },
                        [&](const ipvs::SetDest&) { return code == ENOENT || code == ESRCH; },
                        [&](const ipvs::DelDest&) { return code == ENOENT || code == ESRCH; },
                    },
                    operation);
}

std::string no_scheduler(const ipvs::Service& service) {
  auto text =
      "this kernel has no IPVS scheduler \"" + service.sched_name + "\" (module ip_vs_" + service.sched_name + ")";
  if (!service.pe_name.empty())
    text += ", or no persistence engine \"" + service.pe_name + "\" (module ip_vs_pe_" + service.pe_name + ")";
  return text;
}

std::string why_dest(const ipvs::ServiceKey& service, const ipvs::DestKey& key, const ipvs::Dest& dest, int code) {
  if (code == ERANGE && dest.l_threshold > dest.u_threshold) return "the lower threshold is above the upper one";
  if (code != EINVAL) return {};
  if (key.address.family() == service.family)
    return "not an address of a single host, or no interface has an address yet";
  return "IPv4 and IPv6 mix only with tunnelling, and without a sync daemon";
}

/// The cause in words, where the kernel says no more than a number; empty where the number says it all.
std::string why(const ipvs::Operation& operation, int code) {
  return std::visit(
      Overloaded{
          [&](const ipvs::NewService& step) { return code == ENOENT ? no_scheduler(step.service) : std::string(); },
          [&](const ipvs::SetService& step) { return code == ENOENT ? no_scheduler(step.service) : std::string(); },
          [&](const ipvs::NewDest& step) { return why_dest(step.service, step.key, step.dest, code); },
          [&](const ipvs::SetDest& step) { return why_dest(step.service, step.key, step.dest, code); },
          [&](const auto&) { return std::string(); },
      },
      operation);
}

Error to_error(const ipvs::Operation& operation, const Answer& answer) {
  const auto cause = why(operation, answer.code);
  if (cause.empty()) return {ipvs::name(operation) + ": " + answer.what, answer.code};
  return {ipvs::name(operation) + ": " + cause + " (" + answer.what + ")", answer.code};
}

/// Gathers what the answers mean, a part of the operations at a time.
class Judge {
 public:
  void add(std::span<const ipvs::Operation> operations, std::span<const Answer> answers) {
    ASSERT(operations.size() == answers.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (answers[i].code != 0) add_failure(operations[i], answers[i]);
    }
  }

  IpvsOutcome take() {
    if (failed_ > outcome_.errors.size()) {
      const auto rest = failed_ - outcome_.errors.size();
      const int code = outcome_.errors.back().system_code;
      outcome_.errors.push_back({std::to_string(rest) + " more IPVS operations failed", code});
    }
    return std::move(outcome_);
  }

 private:
  void add_failure(const ipvs::Operation& operation, const Answer& answer) {
    outcome_.reread = true;
    if (answer.code == ESRCH && refused_.contains(ipvs::service_of(operation))) return;
    if (is_already_so(operation, answer.code)) return;
    if (std::holds_alternative<ipvs::NewService>(operation)) refused_.insert(ipvs::service_of(operation));
    if (++failed_ < IpvsOutcome::kMaxErrors) outcome_.errors.push_back(to_error(operation, answer));
  }

  IpvsOutcome outcome_;
  std::set<ipvs::ServiceKey> refused_;  // whose real servers can only fail as well
  std::size_t failed_ = 0;
};

}  // namespace

IpvsOutcome judge(std::span<const ipvs::Operation> operations, std::span<const Answer> answers) {
  Judge result;
  result.add(operations, answers);
  return result.take();
}

IpvsClient::IpvsClient() : socket_(NETLINK_GENERIC) {}

Result<std::unique_ptr<IpvsClient>> IpvsClient::open(Duration limit) {
  std::unique_ptr<IpvsClient> client;
  try {
    client.reset(new IpvsClient);
  } catch (const std::system_error& error) {
    return failure(std::string("IPVS: ") + error.what(), error.code().value());
  }
  if (auto found = client->resolve(Clock::now() + limit); !found) return tl::unexpected(std::move(found.error()));
  return client;
}

Result<void> IpvsClient::resolve(Instant deadline) {
  const auto request = encode_family_request();
  std::optional<Result<IpvsFamily>> family;
  const auto asked =
      socket_.query(request.get(), left(deadline), [&](const nlmsghdr& message) { family = decode_family(message); });
  if (!asked && asked.error().system_code == kNoIpvs)
    return failure("this kernel has no IPVS: modprobe ip_vs, or install a kernel with CONFIG_IP_VS", kNoIpvs);
  if (!asked) return failure("asking for the kernel's IPVS: " + asked.error().message, asked.error().system_code);
  if (!family) return failure("asking for the kernel's IPVS: no answer", EBADMSG);
  if (!*family) return tl::unexpected(std::move(family->error()));
  family_ = **family;
  return {};
}

/// `read` again when the module has been unloaded: if it was loaded again, its family has another number.
template <class Read>
auto IpvsClient::with_family(Instant deadline, Read read) -> decltype(read()) {
  auto table = read();
  if (table || table.error().system_code != ENOENT) return table;
  if (auto found = resolve(deadline); !found) return tl::unexpected(std::move(found.error()));
  return read();
}

Result<ipvs::Table> IpvsClient::read(Duration limit) {
  const Instant deadline = Clock::now() + limit;
  return with_family(deadline, [&]() -> Result<ipvs::Table> {
    auto table = list_services(deadline);
    if (!table) return table;
    if (auto listed = list_dests(*table, deadline); !listed) return tl::unexpected(std::move(listed.error()));
    return table;
  });
}

Result<ipvs::Table> IpvsClient::list_services(Instant deadline) {
  ipvs::Table table;
  std::optional<Error> malformed;
  const auto request = encode_service_dump(family_);
  const auto listed = socket_.query(request.get(), left(deadline), [&](const nlmsghdr& message) {
    auto entry = decode_service(message);
    if (entry)
      table.insert_or_assign(entry->first, std::move(entry->second));
    else
      malformed = std::move(entry.error());
  });
  if (!listed) return not_read(listed.error());
  if (malformed) return not_read(*malformed);
  return table;
}

Result<void> IpvsClient::list_dests(ipvs::Table& table, Instant deadline) {
  std::optional<Error> malformed;
  for (auto& [key, service] : table) {
    const auto request = encode_dest_dump(key, family_);
    ipvs::Dests::sequence_type dests;
    const auto listed = socket_.query(request.get(), left(deadline), [&, &of = key](const nlmsghdr& message) {
      auto entry = decode_dest(message, of.family);
      if (!entry) {
        malformed = std::move(entry.error());
        return;
      }
      dests.emplace_back(entry->key, entry->dest);
      tunnel_support_ = entry->kernel;
    });
    if (!listed) return not_read(listed.error());
    if (malformed) return not_read(*malformed);
    dests.shrink_to_fit();
    service.dests.adopt_sequence(std::move(dests));  // ordered by it
  }
  return {};
}

IpvsOutcome IpvsClient::apply(std::span<const ipvs::Operation> operations, Duration limit) {
  const Instant deadline = Clock::now() + limit;
  Judge result;
  for (std::size_t first = 0; first < operations.size(); first += kSlice) {
    const auto slice = operations.subspan(first, std::min(kSlice, operations.size() - first));
    Batch batch;
    for (const auto& operation : slice)
      batch.add(encode(operation, family_).get(), {});  // named by the judge, and only when it fails
    result.add(slice, socket_.run(batch, left(deadline)));
    if (Clock::now() < deadline) continue;
    // In order or not at all: what follows is not tried.
    const auto rest = operations.subspan(first + slice.size());
    const Answer late{ETIMEDOUT, std::generic_category().message(ETIMEDOUT)};
    result.add(rest, std::vector<Answer>(rest.size(), late));
    break;
  }
  return result.take();
}

Result<void> IpvsClient::flush(Duration limit) {
  Batch batch;
  batch.add(encode_flush(family_).get(), "empty the IPVS table");
  auto answer = socket_.run(batch, limit).front();
  if (answer.code != 0) return failure(std::move(answer.what), answer.code);
  return {};
}

Result<std::vector<ipvs::SyncDaemon>> IpvsClient::read_sync_daemons(Duration limit) {
  std::vector<ipvs::SyncDaemon> daemons;
  std::optional<Error> malformed;
  const auto request = encode_sync_dump(family_);
  const auto listed = socket_.query(request.get(), limit, [&](const nlmsghdr& message) {
    auto daemon = decode_sync_daemon(message);
    if (daemon)
      daemons.push_back(std::move(*daemon));
    else
      malformed = std::move(daemon.error());
  });
  if (!listed) return failure("reading the IPVS sync daemons: " + listed.error().message, listed.error().system_code);
  if (malformed) return tl::unexpected(std::move(*malformed));
  return daemons;
}

Result<void> IpvsClient::apply(std::span<const ipvs::SyncStep> steps, Duration limit) {
  Batch batch;
  for (const auto& step : steps)
    batch.add(encode(step, family_).get(), ipvs::to_string(step));
  if (batch.empty()) return {};
  for (auto& answer : socket_.run(batch, limit))
    if (answer.code != 0) return failure(std::move(answer.what), answer.code);
  return {};
}

Result<ipvs::Timeouts> IpvsClient::read_timeouts(Duration limit) {
  Result<ipvs::Timeouts> timeouts = failure("reading the IPVS timeouts: no answer", EBADMSG);
  const auto request = encode_timeouts_request(family_);
  const auto asked =
      socket_.query(request.get(), limit, [&](const nlmsghdr& message) { timeouts = decode_timeouts(message); });
  if (!asked) return failure("reading the IPVS timeouts: " + asked.error().message, asked.error().system_code);
  return timeouts;
}

Result<void> IpvsClient::set(const ipvs::Timeouts& timeouts, Duration limit) {
  Batch batch;
  batch.add(encode(timeouts, family_).get(), "set the IPVS timeouts");
  auto answer = socket_.run(batch, limit).front();
  if (answer.code != 0) return failure(std::move(answer.what), answer.code);
  return {};
}

}  // namespace baton::net
