// The checks that follow a track_file or a bfd_instance: whether it is there.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "config/resolve_check.hpp"
#include "config/values.hpp"

namespace baton::config {
namespace {

/// The objects of one kind that checks may follow.
class Objects {
 public:
  explicit Objects(std::string_view kind) : kind_(kind) {}

  void add(const std::string& name, std::size_t index, Position position) {
    objects_.emplace(name, Object{index, position});
    names_.push_back(name);
  }

  /// Whether there is one of that name; what is wrong with it is reported at `position`, where it is named.
  bool check(Builder& builder, std::string_view check, const std::string& name, Position position) const {
    const Place place{position, static_cast<std::uint32_t>(name.size())};
    const auto found = objects_.find(name);
    if (found == objects_.end()) {
      report_missing(builder, check, name, place);
      return false;
    }
    const auto known = builder.known_when_named.find(position);
    if (known != builder.known_when_named.end() && found->second.index >= known->second)
      builder.warn(place, concat(kind_, " ", quoted(name), " is defined later"),
                   concat("keepalived leaves this ", check, " out; define it before, not in ",
                          builder.at({found->second.position, place.length})));
    return true;
  }

 private:
  struct Object {
    std::size_t index;
    Position position;
  };

  void report_missing(Builder& builder, std::string_view check, const std::string& name, const Place& place) const {
    // Beyond the number that is kept they are only counted.
    const std::string_view near =
        builder.would_report(Severity::error, place) ? nearest(name, names_) : std::string_view{};
    builder.error(place, concat("there is no ", kind_, " ", quoted(name), ": the ", check, " is left out"),
                  near.empty() ? concat("define it at the top level: ", kind_, " ", name, " { }")
                               : concat("did you mean '", near, "'?"));
  }

  std::string_view kind_;
  std::unordered_map<std::string_view, Object> objects_;
  std::vector<std::string_view> names_;
};

/// A session may be the VRRP instances' alone.
bool tells_checkers(const BfdInstance& session) {
  return session.checker || !session.vrrp;
}

class Followers {
 public:
  explicit Followers(Builder& builder) : builder_(builder) {
    const std::vector<TrackFile>& files = builder.config.track_files;
    for (std::size_t i = 0; i < files.size(); ++i)
      files_.add(files[i].name, i, files[i].position);
    const std::vector<BfdInstance>& sessions = builder.config.bfd_instances;
    for (std::size_t i = 0; i < sessions.size(); ++i)
      if (tells_checkers(sessions[i])) sessions_.add(sessions[i].name, i, sessions[i].position);
  }

  void run() {
    for (VirtualServer& server : builder_.config.virtual_servers) {
      for (RealServer& real : server.real_servers)
        drop_incomplete(real);
      for (RealServerPool& pool : server.real_server_pools)
        drop_incomplete(pool.server);
    }
  }

 private:
  void drop_incomplete(RealServer& real) {
    followed_.clear();
    std::erase_if(real.checks, [&](const Check& check) {
      return std::visit([&](const auto& kind) { return !is_complete(kind); }, check);
    });
  }
  template <class Kind>
  bool is_complete(const Kind&) {
    return true;
  }
  bool is_complete(const FileCheck& check) {
    return files_.check(builder_, "FILE_CHECK", check.track_file, check.position);
  }
  bool is_complete(const BfdCheck& check) {
    if (!sessions_.check(builder_, "BFD_CHECK", check.name, check.position)) return false;
    if (followed_.insert(check.name).second) return true;
    builder_.error({check.position, static_cast<std::uint32_t>(check.name.size())},
                   concat("this real server follows ", quoted(check.name), " already: the BFD_CHECK is left out"));
    return false;
  }

  Builder& builder_;
  Objects files_{"track_file"}, sessions_{"bfd_instance"};
  std::unordered_set<std::string> followed_;  // the sessions of one real server
};

}  // namespace

void resolve_followed(Builder& builder) {
  Followers(builder).run();
}

}  // namespace baton::config
