#include "daemon/script_programs.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <deque>
#include <optional>
#include <string_view>

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <fmt/format.h>

#include "core/assert.hpp"

namespace baton::daemon {

namespace {

constexpr const char* kDefaultUser = "keepalived_script";
constexpr std::size_t kNameBuffer = 16384;  // of the longest line of a user or group

std::vector<gid_t> groups_of(const std::string& user, gid_t main_group) {
  std::vector<gid_t> groups(64);
  for (int attempt = 0; attempt < 2; ++attempt) {
    int count = static_cast<int>(groups.size());
    const bool fits = ::getgrouplist(user.c_str(), main_group, groups.data(), &count) >= 0;
    groups.resize(static_cast<std::size_t>(count));  // what it needs, when it did not fit
    if (fits) return groups;
  }
  return {main_group};
}

/// The user "" is the default one.
Result<Identity> look_up(const std::string& user, const std::string& group, bool security) {
  auto name = user;
  auto found = find_user(name.empty() ? kDefaultUser : name);
  if (name.empty()) name = found ? kDefaultUser : "root";
  if (!found && user.empty()) {
    if (security)
      return failure("enable_script_security is on, and there is neither a script_user nor a user keepalived_script");
    found = User{};
  }
  if (!found) return tl::unexpected(found.error());
  Identity identity{found->uid, found->gid, {}};
  if (!group.empty()) {
    const auto gid = find_group(group.substr(group.starts_with(':') ? 1 : 0));
    if (!gid) return tl::unexpected(gid.error());
    identity.gid = *gid;
  }
  identity.groups = groups_of(name, identity.gid);
  return identity;
}

std::deque<std::string> parts_of(std::string_view path) {
  std::deque<std::string> parts;
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    const auto part = path.substr(0, end);
    if (!part.empty() && part != ".") parts.emplace_back(part);
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

/// Where a symbolic link leads to; none for what is no link.
Result<std::optional<std::string>> check_entry(const std::string& entry) {
  struct stat status {};
  if (::lstat(entry.c_str(), &status) != 0) return system_failure("look at " + entry, errno);
  if (status.st_uid != 0)
    return failure(fmt::format("{0} belongs to user {1}, not to root (chown -h root {0})", entry, status.st_uid));
  if (S_ISLNK(status.st_mode)) {
    std::array<char, PATH_MAX> target{};
    const auto length = ::readlink(entry.c_str(), target.data(), target.size());
    if (length <= 0) return system_failure("read the link " + entry, errno);
    return std::string(target.data(), static_cast<std::size_t>(length));
  }
  // In a folder like /tmp nobody can replace what belongs to root, and the rest of the way is looked at, too.
  const bool is_sticky = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  if ((status.st_mode & 022U) != 0 && !is_sticky)
    return failure(
        fmt::format("others may write {0}: its mode is {1:04o} (chmod go-w {0})", entry, status.st_mode & 07777U));
  return std::nullopt;
}

}  // namespace

std::optional<ScriptCommand> command_of(const config::Config& config, const std::optional<config::ScriptIndex>& index) {
  if (!index) return std::nullopt;
  ASSERT(*index < config.scripts.size());
  const auto& script = config.scripts[*index];
  if (script.is_disabled || script.arguments.empty()) return std::nullopt;
  if (script.user.empty())
    return ScriptCommand{script.arguments, config.global.script_user, config.global.script_group};
  return ScriptCommand{script.arguments, script.user, script.group};
}

ScriptPrograms::ScriptPrograms(const config::Config& config) : security_(config.global.enable_script_security) {
  const auto remember = [&](const std::string& user, const std::string& group) {
    const UserAndGroup key{user, group};
    if (!identities_.contains(key)) identities_.emplace(key, look_up(user, group, security_));
  };
  remember(config.global.script_user, config.global.script_group);
  for (const auto& script : config.scripts)
    if (!script.user.empty() && !script.is_disabled) remember(script.user, script.group);
}

Result<Program> ScriptPrograms::program(const ScriptCommand& command) const {
  const auto path = find_program(command.arguments.at(0));
  if (!path) return tl::unexpected(path.error());
  const auto whom = identity(command);
  if (!whom) return failure("cannot run " + *path + ": " + whom.error().message);
  if (security_ && whom->uid == 0) {
    const auto safe = check_owner_and_mode(*path);
    if (!safe) return failure("will not run " + *path + ": " + safe.error().message);
  }
  Program program;
  program.path = *path;
  program.arguments = command.arguments;
  program.environment = environment_for_children();
  program.apart = true;
  // Whoever is not root can only run it as himself.
  if (::geteuid() == 0) program.identity = *whom;
  return program;
}

Result<Identity> ScriptPrograms::identity(const ScriptCommand& command) const {
  const auto found = identities_.find({command.user, command.group});
  if (found == identities_.end()) return failure("the user " + command.user + " was not looked up");
  return found->second;
}

Result<User> find_user(const std::string& name) {
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> buffer(kNameBuffer);
  const int code = ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr && code != 0) return system_failure("look up the user " + name, code);
  if (found == nullptr) return failure("there is no user " + name);
  return User{found->pw_uid, found->pw_gid};
}

Result<gid_t> find_group(const std::string& name) {
  group entry{};
  group* found = nullptr;
  std::vector<char> buffer(kNameBuffer);
  const int code = ::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr && code != 0) return system_failure("look up the group " + name, code);
  if (found == nullptr) return failure("there is no group " + name);
  return found->gr_gid;
}

Result<std::string> find_program(const std::string& word) {
  if (word.find('/') != std::string::npos) return word;
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nobody changes the environment
  std::string_view rest = path != nullptr ? path : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    std::string candidate(rest.substr(0, end));
    candidate.append("/").append(word);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    // Only absolute ones: "" and "." would depend on where the daemon was started.
    if (candidate.front() == '/' && candidate.size() > word.size() + 1 && ::access(candidate.c_str(), X_OK) == 0)
      return candidate;
  }
  return failure("there is no program " + word + " in PATH");
}

Result<void> check_owner_and_mode(const std::string& path) {
  if (!path.starts_with('/')) return failure(path + " is not an absolute path");
  constexpr int kMaxLinks = 40;  // as the kernel's
  int links = 0;
  std::deque<std::string> ahead = parts_of(path);
  std::string here;  // "" is the root folder
  if (const auto root = check_entry("/"); !root) return tl::unexpected(root.error());
  while (!ahead.empty()) {
    const auto part = std::move(ahead.front());
    ahead.pop_front();
    if (part == "..") {
      here.resize(here.empty() ? 0 : here.rfind('/'));
      continue;
    }
    auto entry = here;
    entry.append("/").append(part);
    const auto target = check_entry(entry);
    if (!target) return tl::unexpected(target.error());
    if (!*target) {
      here = entry;
      continue;
    }
    if (++links > kMaxLinks) return failure(path + " leads through too many symbolic links");
    if ((*target)->starts_with('/')) here.clear();
    const auto parts = parts_of(**target);
    ahead.insert(ahead.begin(), parts.begin(), parts.end());
  }
  return {};
}

}  // namespace baton::daemon
