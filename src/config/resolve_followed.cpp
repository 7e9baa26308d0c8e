// The checks that follow a track_file or a bfd_instance: whether it is there.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "config/resolve_check.hpp"
#include "config/values.hpp"

namespace baton::config {
namespace {

/// The objects of one kind by their names.
class Objects {
 public:
  template <class Object>
  Objects(std::string_view kind, const std::vector<Object>& objects) : kind_(kind) {
    for (const Object& object : objects) {
      if (!is_for_checks(object)) continue;
      places_.emplace(object.name, object.position);
      names_.push_back(object.name);
    }
  }

  /// Whether there is one of that name; what is wrong with it is reported at `position`, where it is named.
  bool check(Builder& builder, std::string_view check, const std::string& name, Position position) const {
    const Place place{position, static_cast<std::uint32_t>(name.size())};
    const auto found = places_.find(name);
    if (found == places_.end()) {
      report_missing(builder, check, name, place);
      return false;
    }
    if (position < found->second)
      builder.warn(
          place, concat(kind_, " ", quoted(name), " is defined further down"),
          concat("keepalived would leave this ", check, " out; it is in ", builder.at({found->second, place.length})));
    return true;
  }

 private:
  /// A session may be the VRRP instances' alone.
  template <class Object>
  static bool is_for_checks(const Object& object) {
    if constexpr (requires { object.checker; }) return object.checker || !object.vrrp;
    return true;
  }

  void report_missing(Builder& builder, std::string_view check, const std::string& name, const Place& place) const {
    if (!builder.would_report(Severity::error, place)) return;
    const std::string_view near = nearest(name, names_);
    builder.error(place, concat("there is no ", kind_, " ", quoted(name), ": the ", check, " is left out"),
                  near.empty() ? concat("define it at the top level: ", kind_, " ", name, " { }")
                               : concat("did you mean '", near, "'?"));
  }

  std::string_view kind_;
  std::unordered_map<std::string_view, Position> places_;
  std::vector<std::string_view> names_;
};

class Followers {
 public:
  Followers(Builder& builder)
      : builder_(builder),
        files_("track_file", builder.config.track_files),
        sessions_("bfd_instance", builder.config.bfd_instances) {}

  void run() {
    for (VirtualServer& server : builder_.config.virtual_servers)
      for (RealServer& real : server.real_servers) {
        followed_.clear();
        std::erase_if(real.checks, [&](const Check& check) {
          return std::visit([&](const auto& kind) { return !is_complete(kind); }, check);
        });
      }
  }

 private:
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
  Objects files_, sessions_;
  std::unordered_set<std::string> followed_;  // the sessions of one real server
};

}  // namespace

void resolve_followed(Builder& builder) {
  Followers(builder).run();
}

}  // namespace baton::config
