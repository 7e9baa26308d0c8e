// What track_* blocks and track_group name, once everything is read: the order in the file does not matter.
#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "config/builder.hpp"
#include "config/values.hpp"

namespace baton::config {
namespace {

constexpr std::string_view kObject[] = {"interface",          "vrrp_script",  "track_file",
                                        "vrrp_track_process", "bfd_instance", "vrrp_track_gateway"};
constexpr std::string_view kBlock[] = {"track_interface", "track_script", "track_file",
                                       "track_process",   "track_bfd",    "track_gateway"};

std::size_t index_of(Tracker kind) {
  return static_cast<std::size_t>(kind);
}

/// One kind of objects: where each stands in the Config, and who names it.
struct TrackedKind {
  struct Object {
    std::size_t index = 0;
    TrackWeight weight;
    Position position;
  };
  std::unordered_map<std::string_view, Object> objects;
  std::vector<std::string_view> names;
  std::unordered_set<std::string_view> referenced;
  std::vector<const TrackedDraft*> unknown;

  template <class Objects>
  void add_all(const Objects& all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      objects.emplace(all[i].name, Object{i, all[i].weight, all[i].position});
      names.push_back(all[i].name);
    }
  }
};

class Resolution {
 public:
  explicit Resolution(Builder& builder) : builder_(builder), config_(builder.config) {
    kinds_[index_of(Tracker::script)].add_all(config_.vrrp_scripts);
    kinds_[index_of(Tracker::file)].add_all(config_.track_files);
    kinds_[index_of(Tracker::process)].add_all(config_.track_processes);
    kinds_[index_of(Tracker::bfd)].add_all(config_.bfd_instances);
    kinds_[index_of(Tracker::gateway)].add_all(config_.track_gateways);
    for (VrrpInstance& instance : config_.vrrp_instances)
      instances_.emplace(instance.name, &instance);
    for (SyncGroup& group : config_.sync_groups) {
      groups_.emplace(group.name, &group);
      for (const std::string& member : group.instances)
        group_of_.emplace(member, &group);
    }
  }

  void run() {
    for (const TrackedDraft& entry : builder_.tracking.entries)
      resolve(entry);
    for (const Tracker kind : {Tracker::script, Tracker::process, Tracker::gateway})
      advise_unreferenced(kind);
    resolve_groups();
  }

 private:
  void resolve(const TrackedDraft& entry) {
    TrackedKind& kind = kinds_[index_of(entry.kind)];
    kind.referenced.insert(entry.name);
    Tracking* owner = tracking_of(entry);
    if (owner == nullptr) return;  // left out, which is reported
    Tracked tracked{entry.name, 0, {entry.weight.value_or(0), entry.is_reversed.value_or(false)}, entry.place.position};
    if (entry.kind != Tracker::interface && !find_object(entry, kind, tracked)) return;
    if (!seen_.emplace(entry.is_of_group, entry.owner, entry.kind, entry.name).second) {
      builder_.error(entry.place, concat(kBlock[index_of(entry.kind)], " ", quoted(entry.name),
                                         " is written twice: this entry is skipped"));
      return;
    }
    if (!entry.is_of_group && !fits_instance(entry, *instances_.at(entry.owner), tracked)) return;
    list_of(*owner, entry.kind).push_back(std::move(tracked));
  }

  Tracking* tracking_of(const TrackedDraft& entry) {
    if (entry.is_of_group) {
      const auto group = groups_.find(entry.owner);
      return group == groups_.end() ? nullptr : &group->second->tracking;
    }
    const auto instance = instances_.find(entry.owner);
    return instance == instances_.end() ? nullptr : &instance->second->tracking;
  }

  static std::vector<Tracked>& list_of(Tracking& tracking, Tracker kind) {
    switch (kind) {
      case Tracker::interface: return tracking.interfaces;
      case Tracker::script: return tracking.scripts;
      case Tracker::file: return tracking.files;
      case Tracker::process: return tracking.processes;
      case Tracker::gateway: return tracking.gateways;
      case Tracker::bfd: break;
    }
    return tracking.bfds;
  }

  /// The object that the entry names, and its weight; false when there is none, which is reported.
  bool find_object(const TrackedDraft& entry, TrackedKind& kind, Tracked& tracked) {
    const std::string_view what = kObject[index_of(entry.kind)];
    const auto found = kind.objects.find(entry.name);
    if (found == kind.objects.end()) {
      kind.unknown.push_back(&entry);
      report_unknown(entry, kind);
      return false;
    }
    const TrackedKind::Object& object = found->second;
    if (entry.kind == Tracker::bfd && !tells_vrrp(config_.bfd_instances[object.index])) {
      builder_.error(entry.place,
                     concat("bfd_instance ", quoted(entry.name), " tells the checkers only: it is not tracked"),
                     "write vrrp into its block, too");
      return false;
    }
    if (entry.place.position < object.position)
      builder_.advise(entry.place, concat(what, " ", quoted(entry.name), " is defined later, in ", at(object.position)),
                      "keepalived does not find it then; define it before the instances that track it");
    tracked.object = object.index;
    if (!entry.weight) tracked.weight.value = object.weight.value;
    if (!entry.is_reversed) tracked.weight.is_reversed = object.weight.is_reversed;
    return true;
  }

  static bool tells_vrrp(const BfdInstance& bfd) { return bfd.vrrp || !bfd.checker; }

  void report_unknown(const TrackedDraft& entry, const TrackedKind& kind) {
    if (!builder_.would_report(Severity::error, entry.place)) {  // only counted
      builder_.error(entry.place, "it is tracked, and not defined");
      return;
    }
    const std::string_view near = nearest(entry.name, kind.names);
    builder_.error(
        entry.place,
        concat("there is no ", kObject[index_of(entry.kind)], " ", quoted(entry.name), ": it is not tracked"),
        near.empty() ? "" : concat("did you mean '", near, "'?"));
  }

  /// What keepalived takes from an instance; false when the entry has no effect.
  bool fits_instance(const TrackedDraft& entry, const VrrpInstance& instance, const Tracked& tracked) {
    if (entry.kind == Tracker::interface && entry.name == instance.interface) {
      builder_.warn(entry.place, concat(quoted(entry.name), " is the interface of the instance: the entry is skipped"),
                    "it is tracked anyway: when it goes down the instance is in FAULT");
      return false;
    }
    if (tracked.weight.value == 0) return true;
    if (instance.priority == kOwnerPriority) {
      builder_.warn(entry.place, "priority 255 ignores weights: the entry is skipped",
                    "write a priority of 1 to 254, or weight 0: then a failure means FAULT");
      return false;
    }
    const auto group = group_of_.find(entry.owner);
    if (group == group_of_.end() || group->second->sync_group_tracking_weight) return true;
    builder_.warn(entry.place,
                  concat("vrrp_sync_group ", quoted(group->second->name),
                         " ignores the weights of its members: the entry is skipped"),
                  "write sync_group_tracking_weight into the group, or weight 0: then a failure means FAULT");
    return false;
  }

  void advise_unreferenced(Tracker tracker) {
    const TrackedKind& kind = kinds_[index_of(tracker)];
    std::vector<std::string_view> unknown;
    for (const TrackedDraft* entry : kind.unknown)
      unknown.push_back(entry->name);
    for (const std::string_view name : kind.names) {
      if (kind.referenced.contains(name)) continue;
      const Place place{kind.objects.at(name).position, static_cast<std::uint32_t>(name.size())};
      if (!builder_.would_report(Severity::warning, place)) {
        builder_.advise(place, "nobody tracks it");
        continue;
      }
      const std::string_view near = nearest(name, unknown);
      const auto entry = std::ranges::find_if(kind.unknown, [&](const auto* other) { return other->name == near; });
      builder_.advise(
          place, concat(kObject[index_of(tracker)], " ", quoted(name), " is tracked by nobody: it has no effect"),
          near.empty() ? concat("write ", kBlock[index_of(tracker)], " { ", name, " } into a vrrp_instance")
                       : concat("'", near, "' in ", builder_.at((*entry)->place), " was perhaps meant to be it"));
    }
  }

  using GroupNames = std::unordered_map<std::string_view, bool>;  // whether it has members

  /// Members that there are stay; a group that has none goes.
  void resolve_groups() {
    auto& groups = config_.track_groups;
    GroupNames names;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      keep_members(groups[i], builder_.tracking.members.at(i));
      names.emplace(groups[i].name, !groups[i].instances.empty());
    }
    for (const GroupReference& reference : builder_.tracking.group_references)
      resolve_group(names, reference.place,
                    reference.is_rule ? config_.static_rules.at(reference.index).track_group
                                      : config_.static_routes.at(reference.index).track_group);
    for (VirtualAddress& entry : config_.static_addresses)
      if (!entry.track_group.empty())
        resolve_group(names, {entry.position, static_cast<std::uint32_t>(entry.address.to_string().size())},
                      entry.track_group);
    for (const TrackGroup& group : groups)
      if (group.instances.empty())
        builder_.advise({group.position, static_cast<std::uint32_t>(group.name.size())},
                        concat("track_group ", quoted(group.name), " has no members: it has no effect"));
    std::erase_if(groups, [](const TrackGroup& group) { return group.instances.empty(); });
  }

  /// A group without members is left in peace, but nothing follows it.
  void resolve_group(const GroupNames& names, const Place& place, std::string& name) {
    if (const auto group = names.find(name); group != names.end()) {
      if (!group->second) name.clear();
      return;
    }
    std::vector<std::string_view> known;
    known.reserve(names.size());
    for (const auto& [group, has_members] : names)
      known.push_back(group);
    const std::string_view near = builder_.would_report(Severity::error, place) ? nearest(name, known) : "";
    builder_.error(place, concat("there is no track_group ", quoted(name), ": the option is ignored"),
                   near.empty() ? "" : concat("did you mean '", near, "'?"));
    name.clear();
  }

  void keep_members(TrackGroup& group, const std::vector<Place>& places) {
    std::vector<std::string> members;
    for (std::size_t i = 0; i < group.instances.size(); ++i) {
      if (instances_.contains(group.instances[i])) {
        members.push_back(std::move(group.instances[i]));
        continue;
      }
      builder_.advise(places.at(i),
                      concat("there is no vrrp_instance ", quoted(group.instances[i]), ": it is no member"));
    }
    group.instances = std::move(members);
  }

  [[nodiscard]] std::string at(Position position) const { return builder_.at(Place{position, 1}); }

  Builder& builder_;
  Config& config_;
  std::array<TrackedKind, 6> kinds_;
  std::unordered_map<std::string_view, VrrpInstance*> instances_;
  std::unordered_map<std::string_view, SyncGroup*> groups_;
  std::unordered_map<std::string_view, const SyncGroup*> group_of_;
  std::set<std::tuple<bool, std::string_view, Tracker, std::string_view>> seen_;
};

}  // namespace

void resolve_tracking(Builder& builder) {
  Resolution(builder).run();
}

}  // namespace baton::config
