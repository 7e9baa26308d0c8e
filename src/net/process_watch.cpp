#include "net/process_watch.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/post.hpp>

#include "net/file_descriptor.hpp"

namespace baton::net {

namespace asio = boost::asio;

namespace {

/// Looked at in one turn of the loop: less than half a millisecond.
constexpr std::size_t kLooksPerTurn = 64;
/// Taken from the connector before a delay is believed: all that its buffer holds.
constexpr std::size_t kAllEvents = 8192;
/// Without the connector.
constexpr std::chrono::seconds kLookInterval{1};
/// With it: puts right what events told too late may have hidden.
constexpr std::chrono::seconds kRepairInterval{60};
/// Descriptors for ends; those of more processes than that are found by the next look.
constexpr std::size_t kMostEnds = 256;

}  // namespace

/// Waits for the end of one process.
class ProcessWatch::End final : private Readiness::Watcher {
 public:
  End(ProcessWatch& watch, vrrp::ProcessId process) : watch_(watch), process_(process) {}

  /// False: it has ended already, or there is no descriptor for it.
  bool begin() {
    descriptor_ = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(process_), 0)));
    return descriptor_ && watch_.ended_->watch(descriptor_.number(), Readiness::Need::readable, *this) == 0;
  }

 private:
  void ready(bool /*in_error*/) override { watch_.ended(process_); }  // destroys us

  ProcessWatch& watch_;
  vrrp::ProcessId process_;
  FileDescriptor descriptor_;
};

ProcessWatch::ProcessWatch(asio::io_context& io, Hooks hooks, Source source)
    : io_(io), hooks_(std::move(hooks)), source_(source), delays_(io), next_look_(io) {}

ProcessWatch::~ProcessWatch() {
  *alive_ = false;
}

void ProcessWatch::follow(std::vector<vrrp::TrackedProcess> processes) {
  const bool is_new = tracking_.replace(std::move(processes));
  if (tracking_.empty()) return stop();
  if (!std::exchange(is_open_, true)) {
    open();
    begin_look();
    while (look_on(kLooksPerTurn)) {
    }
  } else if (is_new) {
    look_.reset();  // what it has seen already was not compared with the new ones
    begin_look();
    post_look();
  }
  changes_.clear();  // up() has them
  settle();
}

void ProcessWatch::stop() {
  tracking_.replace({});
  delays_.cancel();
  armed_.reset();
  next_look_.cancel();
  ends_.clear();
  ended_.reset();
  connector_.reset();
  look_.reset();
  is_open_ = false;
}

void ProcessWatch::open() {
  if (source_ == Source::best) {
    auto connector =
        ProcessConnector::open(io_, {.on_events = [this](const std::vector<ProcessEvent>& events) { take(events); },
                                     .on_loss = [this] { look_again(); }});
    if (connector) {
      connector_ = std::move(*connector);
      return;
    }
    if (hooks_.on_trouble)
      hooks_.on_trouble("the kernel does not tell of processes here (" + connector.error().message +
                        "): tracked ones are looked for once a second");
  }
  ended_.emplace(io_.get_executor());
}

/// What has ended by the end of the batch is not looked at.  What such a process was nobody knows any more, so that its
/// children are looked at instead: a daemon forks itself into the background.
void ProcessWatch::take(const std::vector<ProcessEvent>& events) {
  using Kind = ProcessEvent::Kind;
  std::unordered_map<vrrp::ProcessId, std::size_t> ends;  // the last of each
  for (std::size_t i = 0; i < events.size(); ++i)
    if (events[i].kind == Kind::ended) ends[events[i].process] = i;
  const auto unseen = std::exchange(unseen_, {});
  const auto now = Clock::now();
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto& event = events[i];
    if (event.kind == Kind::ended) {
      tracking_.ended(event.process, now, changes_);
      continue;
    }
    if (event.kind == Kind::forked) tracking_.forked(event.parent, event.process, now, changes_);
    const auto end = ends.find(event.process);
    if (end != ends.end() && end->second > i) continue;
    const bool is_orphan = event.kind == Kind::forked && !tracking_.matches(event.parent) &&
                           (ends.contains(event.parent) || unseen.contains(event.parent));
    if (event.kind == Kind::changed || is_orphan) look_at(event.process);
  }
  settle();
}

void ProcessWatch::look_at(vrrp::ProcessId process) {
  if (const auto image = read_process(process, tracking_.command_octets()))
    tracking_.changed(*image, Clock::now(), changes_);
  else
    unseen_.insert(process);
}

/// One under way may have passed by what is to be seen: it goes on, and then another one begins.
void ProcessWatch::look_again() {
  if (look_) {
    look_again_ = true;
    return;
  }
  begin_look();
  post_look();
}

void ProcessWatch::begin_look() {
  auto listing = ProcessListing::open();
  if (!listing) {
    if (hooks_.on_trouble) hooks_.on_trouble(listing.error().message);
    return plan_look();
  }
  look_ = std::move(*listing);
  tracking_.begin_look();
}

/// False: there is nothing more to look at.
bool ProcessWatch::look_on(std::size_t count) {
  if (!look_) return false;
  const auto processes = look_->next(count);
  for (const auto process : processes)
    if (const auto image = read_process(process, tracking_.command_octets()))
      tracking_.found(*image, Clock::now(), changes_);
  if (processes.size() == count) return true;
  end_look();
  return false;
}

void ProcessWatch::post_look() {
  if (std::exchange(look_posted_, true)) return;
  asio::post(io_, [this, alive = alive_] {
    if (!*alive) return;
    look_posted_ = false;
    if (!look_) return;
    const bool goes_on = look_on(kLooksPerTurn);
    settle();
    if (goes_on) post_look();
  });
}

void ProcessWatch::end_look() {
  look_.reset();
  tracking_.end_look(Clock::now(), changes_);
  follow_ends();
  if (std::exchange(look_again_, false)) return look_again();
  plan_look();
}

void ProcessWatch::plan_look() {
  next_look_.expires_after(connector_ != nullptr ? kRepairInterval : kLookInterval);
  next_look_.async_wait([this, alive = alive_](const boost::system::error_code& error) {
    if (!error && *alive) look_again();
  });
}

void ProcessWatch::follow_ends() {
  if (!ended_) return;
  std::erase_if(ends_, [this](const auto& each) { return !tracking_.matches(each.first); });
  for (const auto process : tracking_.members()) {
    if (ends_.size() >= kMostEnds) return;
    if (ends_.contains(process)) continue;
    auto end = std::make_unique<End>(*this, process);
    if (end->begin()) ends_.emplace(process, std::move(end));
  }
}

void ProcessWatch::ended(vrrp::ProcessId process) {
  tracking_.ended(process, Clock::now(), changes_);
  ends_.erase(process);
  settle();
}

void ProcessWatch::settle() {
  const auto changes = std::exchange(changes_, {});
  const auto due = tracking_.deadline();
  if (due && due != armed_) {
    armed_ = due;
    delays_.expires_at(*due);
    delays_.async_wait([this, alive = alive_](const boost::system::error_code& error) {
      if (error || !*alive) return;
      armed_.reset();
      // What has happened is heard before a delay is believed to be over.
      if (connector_ != nullptr) connector_->drain(kAllEvents);
      tracking_.tick(Clock::now(), changes_);
      settle();
    });
  }
  if (!hooks_.on_change) return;
  for (const auto& change : changes)
    hooks_.on_change(change);
}

}  // namespace baton::net
