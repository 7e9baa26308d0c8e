#include "daemon/vrrp_tracking.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/file_descriptor.hpp"
#include "daemon/log.hpp"
#include "daemon/track_number.hpp"
#include "daemon/track_plan.hpp"

namespace baton::daemon {

namespace {

using vrrp::TrackKey;
using vrrp::TrackKind;
using vrrp::TrackValue;

/// Never waits, whatever the path is of.
bool can_open(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  return file.number() >= 0;
}

/// What is not known yet has no effect.
TrackValue value_of(const std::optional<bool>& up) {
  return {up.has_value(), up.value_or(true), 0};
}

/// An error is told, and the file counts as 0.
void make_file(const config::TrackFile& tracked) {
  const auto& path = tracked.file;
  const int flags =
      O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (tracked.init_file->overwrite ? O_TRUNC : O_EXCL);
  const FileDescriptor file(::open(path.c_str(), flags, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH));
  if (file.number() < 0) {
    if (errno != EEXIST) log::error("tracked file {}: {}", path, std::strerror(errno));
    return;
  }
  const auto text = std::to_string(tracked.init_file->value) + '\n';
  if (::write(file.number(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    log::error("tracked file {}: its number cannot be written", path);
}

}  // namespace

VrrpTracking::VrrpTracking(boost::asio::io_context& io, const net::Links& links, Hooks hooks)
    : links_(links),
      hooks_(std::move(hooks)),
      timer_(io),
      file_watch_(io, [this](const std::string& path) { read_file(path, true); }),
      process_watch_(io, {.on_change = [this](const vrrp::ProcessChange& change) { process_changed(change); },
                          .on_trouble = [](const std::string& text) { log::warning("{}", text); }}),
      gateway_watch_(io, [this](const std::string& name, bool up, const std::string& reason) {
        gateway_changed(name, up, reason);
      }) {}

void VrrpTracking::configure(const config::Config& config, std::uint64_t generation) {
  scripts_.replace(plan_track_scripts(config), generation, Clock::now());
  const auto files = plan_track_files(config);
  if (generation > 0) make_files(files);  // not for a process that only resigns
  files_.clear();
  std::vector<std::string> paths;
  for (const auto& file : files) {
    files_.emplace(file.file, file.name);
    paths.push_back(file.file);
  }
  if (const auto followed = file_watch_.follow(paths); !followed) log::error("{}", followed.error().message);
  for (const auto& path : paths)
    read_file(path, false);
  if (generation > 0) {
    process_watch_.follow(plan_track_processes(config));
    gateway_watch_.follow(plan_track_gateways(config));
  }
  arm();
}

void VrrpTracking::stop() {
  timer_.cancel();
  process_watch_.stop();
  gateway_watch_.follow({});
  hooks_ = {};
}

TrackValue VrrpTracking::value(const TrackKey& key) const {
  if (key.kind == TrackKind::interface) {
    const auto* link = links_.find(key.name);
    return link != nullptr && link->exists && link->up ? vrrp::kTrackedUp : vrrp::kTrackedDown;
  }
  if (key.kind == TrackKind::script) {
    const auto up = scripts_.state(key.name);
    return {up.has_value(), up.value_or(scripts_.assumed(key.name)), 0};
  }
  if (key.kind == TrackKind::process) return value_of(process_watch_.up(key.name));
  if (key.kind == TrackKind::gateway) return value_of(gateway_watch_.up(key.name));
  const auto found = values_.find(key);
  return found == values_.end() ? TrackValue{} : found->second;
}

void VrrpTracking::set(const TrackKey& key, const TrackValue& value) {
  auto& former = values_[key];
  if (former == value) return;
  former = value;
  if (hooks_.on_value) hooks_.on_value(key, value);
}

void VrrpTracking::link_changed(const std::string& name) {
  const TrackKey key{TrackKind::interface, name};
  if (hooks_.on_value) hooks_.on_value(key, value(key));
}

void VrrpTracking::process_changed(const vrrp::ProcessChange& change) {
  log::info("Quorum {} for tracked process {} ({} running)", change.up ? "gained" : "lost", change.name, change.number);
  const TrackKey key{TrackKind::process, change.name};
  if (hooks_.on_value) hooks_.on_value(key, value(key));
}

void VrrpTracking::gateway_changed(const std::string& name, bool up, const std::string& reason) {
  log::info("Gateway {} {}: {}", name, up ? "answers" : "does not answer", reason);
  const TrackKey key{TrackKind::gateway, name};
  if (hooks_.on_value) hooks_.on_value(key, value(key));
}

void VrrpTracking::ended(const CheckEnded& end) {
  script_changed(scripts_.ended(end));
}

void VrrpTracking::script_changed(const std::optional<TrackScriptChange>& change) {
  if (!change) return;
  log::info("VRRP_Script({}) {} ({})", change->name, change->up ? "succeeded" : "failed", change->reason);
  const TrackKey key{TrackKind::script, change->name};
  if (hooks_.on_value) hooks_.on_value(key, value(key));
}

void VrrpTracking::arm() {
  const auto deadline = scripts_.deadline();
  if (!deadline) {
    timer_.cancel();
    return;
  }
  timer_.expires_at(*deadline);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) run_scripts();
  });
}

void VrrpTracking::run_scripts() {
  std::vector<RunCheck> runs;
  std::vector<std::string> files;
  scripts_.tick(Clock::now(), runs, files);
  for (const auto& run : runs)
    if (hooks_.run_script) hooks_.run_script(run);
  for (const auto& name : files)
    script_changed(scripts_.opened(name, can_open(scripts_.opened_file(name))));
  arm();
}

void VrrpTracking::make_files(const std::vector<config::TrackFile>& files) {
  for (const auto& file : files)
    if (file.init_file && !files_.contains(file.file)) make_file(file);
}

/// One that is not there counts as 0, as in keepalived.
void VrrpTracking::read_file(const std::string& path, bool tell) {
  const auto text = net::read_beginning(path, kMaxTrackedText);
  const auto number = text ? track_number(*text) : std::optional<std::int32_t>(0);
  if (!number) log::warning("tracked file {} holds no number: it is as it was", path);
  const auto [first, last] = files_.equal_range(path);
  for (auto it = first; it != last; ++it) {
    const TrackKey key{TrackKind::file, it->second};
    const auto before = value(key);
    const TrackValue now{true, false, number ? *number : before.number};
    if (tell)
      set(key, now);
    else
      values_[key] = now;
  }
}

}  // namespace baton::daemon
