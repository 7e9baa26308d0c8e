#include "daemon/script_programs.hpp"

#include <cstdlib>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/daemon/temporary.hpp"

using namespace baton;
using namespace baton::daemon;

namespace {

ScriptCommand command(std::string program, std::string user = "", std::string group = "") {
  return {{std::move(program), "argument"}, std::move(user), std::move(group)};
}

config::Config with_script(const std::string& user, const std::string& group) {
  config::Config config;
  config.scripts.push_back({{"/bin/true"}, user, group, {}});
  return config;
}

std::string refusal(const Result<Program>& program) {
  return program ? "none" : program.error().message;
}

/// A folder under one that only root may write.
struct SafeFolder {
  SafeFolder() {
    std::string pattern = "/root/baton-test-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~SafeFolder() { std::filesystem::remove_all(path); }
  SafeFolder(const SafeFolder&) = delete;
  SafeFolder& operator=(const SafeFolder&) = delete;
  std::string script(const std::string& name, int mode = 0755) const {
    std::ofstream(path + "/" + name) << "#!/bin/sh\n";
    std::filesystem::permissions(path + "/" + name, static_cast<std::filesystem::perms>(mode));
    return path + "/" + name;
  }
  std::string path;
};

}  // namespace

TEST_CASE("a script becomes a program that runs apart") {
  const ScriptPrograms programs{config::Config{}};
  const auto program = programs.program(command("/bin/true"));
  REQUIRE(program);
  CHECK(program->path == "/bin/true");
  CHECK(program->arguments == std::vector<std::string>{"/bin/true", "argument"});
  CHECK(program->apart);
  CHECK(program->executable == -1);
  CHECK(program->inherited == -1);
  CHECK_FALSE(program->environment.empty());
}

TEST_CASE("a bare word is looked up in PATH, and only in absolute folders") {
  const TemporaryFolder folder;
  folder.write("tool", "#!/bin/sh\n", 0755);
  folder.write("plain", "#!/bin/sh\n", 0644);
  const std::string before = ::getenv("PATH");
  ::setenv("PATH", ("/nonexistent::.:" + folder.file("").substr(0, folder.file("").size() - 1)).c_str(), 1);
  CHECK(find_program("tool").value() == folder.file("tool"));
  CHECK_FALSE(find_program("plain"));
  CHECK(find_program("nosuchtool").error().message == "there is no program nosuchtool in PATH");
  CHECK(find_program("./relative").value() == "./relative");
  CHECK(find_program("/absolute").value() == "/absolute");
  ::unsetenv("PATH");
  CHECK(find_program("sh").value().ends_with("/sh"));
  ::setenv("PATH", before.c_str(), 1);
}

TEST_CASE("as whom a script runs" * doctest::skip(::geteuid() != 0)) {
  SUBCASE("where nothing is said: the user keepalived_script if there is one, else root") {
    const auto program = ScriptPrograms(config::Config{}).program(command("/bin/true"));
    REQUIRE(program);
    REQUIRE(program->identity);
    const auto* user = ::getpwnam("keepalived_script");
    CHECK(program->identity->uid == (user != nullptr ? user->pw_uid : 0));
    CHECK(program->identity->gid == (user != nullptr ? user->pw_gid : 0));
  }
  SUBCASE("the global user") {
    config::Config config;
    config.global.script_user = "nobody";
    const auto program = ScriptPrograms(config).program(command("/bin/true", "nobody"));
    REQUIRE(program);
    CHECK(program->identity->uid == 65534);
    CHECK(program->identity->gid == 65534);
    CHECK(program->identity->groups == std::vector<gid_t>{65534});
  }
  SUBCASE("the script's own user and group") {
    const auto program = ScriptPrograms(with_script("daemon", "mail")).program(command("/bin/true", "daemon", "mail"));
    REQUIRE(program);
    CHECK(program->identity->uid == 1);
    CHECK(program->identity->gid == 8);
  }
}

TEST_CASE("a user or group that does not exist is told, and the script does not run as another") {
  CHECK(refusal(ScriptPrograms(with_script("nosuchuser", "")).program(command("/bin/true", "nosuchuser"))) ==
        "cannot run /bin/true: there is no user nosuchuser");
  CHECK(refusal(ScriptPrograms(with_script("nobody", "nosuchgroup"))
                    .program(command("/bin/true", "nobody", "nosuchgroup"))) ==
        "cannot run /bin/true: there is no group nosuchgroup");
  CHECK(refusal(ScriptPrograms(config::Config{}).program(command("/bin/true", "nobody"))) ==
        "cannot run /bin/true: the user nobody was not looked up");
}

TEST_CASE("a script of the configuration becomes a command, unless it must not run") {
  config::Config config = with_script("", "");
  config.global.script_user = "nobody";
  config.global.script_group = "nogroup";
  config.scripts.push_back({{"/bin/sh", "-c"}, "daemon", "", {}});
  CHECK_FALSE(command_of(config, std::nullopt).has_value());
  CHECK(command_of(config, 0) == ScriptCommand{{"/bin/true"}, "nobody", "nogroup"});
  CHECK(command_of(config, 1) == ScriptCommand{{"/bin/sh", "-c"}, "daemon", ""});
  config.scripts[1].is_disabled = true;
  CHECK_FALSE(command_of(config, 1).has_value());
}

TEST_CASE("with script security there is no fallback to root" *
          doctest::skip(::getpwnam("keepalived_script") != nullptr)) {
  config::Config config;
  config.global.enable_script_security = true;
  CHECK(refusal(ScriptPrograms(config).program(command("/bin/true"))).find("neither a script_user nor") !=
        std::string::npos);
}

TEST_CASE("with script security, what others could change does not run as root" * doctest::skip(::geteuid() != 0)) {
  const SafeFolder safe;
  const auto open = safe.path + "/open";
  REQUIRE(::mkdir(open.c_str(), 0755) == 0);
  REQUIRE(::chmod(open.c_str(), 0777) == 0);
  const auto unsafe_script = safe.script("open/script");
  const auto safe_script = safe.script("script");
  config::Config config;
  config.global.enable_script_security = true;
  config.global.script_user = "root";
  const ScriptPrograms secure(config);
  CHECK(refusal(secure.program(command(safe_script, "root"))) == "none");
  CHECK(refusal(secure.program(command(unsafe_script, "root"))) == "will not run " + unsafe_script +
                                                                       ": others may write " + open +
                                                                       ": its mode is 0777 (chmod go-w " + open + ")");
  config.global.enable_script_security = false;
  CHECK(refusal(ScriptPrograms(config).program(command(unsafe_script, "root"))) == "none");
  config.global.enable_script_security = true;
  config.global.script_user = "nobody";  // is not worth changing for
  CHECK(refusal(ScriptPrograms(config).program(command(unsafe_script, "nobody"))) == "none");
}

TEST_CASE("each entry on the way to a program is looked at" * doctest::skip(::geteuid() != 0)) {
  const SafeFolder safe;
  const auto verdict = [](const std::string& path) {
    const auto checked = check_owner_and_mode(path);
    return checked ? std::string("safe") : checked.error().message;
  };
  const auto script = safe.script("script");
  CHECK(verdict(script) == "safe");
  CHECK(verdict(safe.path + "/./" + "../" + safe.path.substr(6) + "//script") == "safe");
  CHECK(verdict("relative") == "relative is not an absolute path");
  CHECK(verdict(safe.path + "/missing").find("No such file") != std::string::npos);

  const auto group = safe.script("group", 0775);
  CHECK(verdict(group) == "others may write " + group + ": its mode is 0775 (chmod go-w " + group + ")");
  const auto foreign = safe.script("foreign");
  REQUIRE(::chown(foreign.c_str(), 1, 0) == 0);
  CHECK(verdict(foreign) == foreign + " belongs to user 1, not to root (chown -h root " + foreign + ")");

  const auto inner = safe.path + "/inner";
  REQUIRE(::mkdir(inner.c_str(), 0755) == 0);
  REQUIRE(::chmod(inner.c_str(), 0777) == 0);
  std::ofstream(inner + "/script") << "#!/bin/sh\n";
  CHECK(verdict(inner + "/script").starts_with("others may write " + inner));

  // As /tmp: what root has there, only root can replace.
  const auto sticky = safe.path + "/sticky";
  REQUIRE(::mkdir(sticky.c_str(), 0755) == 0);
  REQUIRE(::chmod(sticky.c_str(), 01777) == 0);
  CHECK(verdict(safe.script("sticky/script")) == "safe");
  const auto sticky_file = safe.script("sticky_file", 01777);
  CHECK(verdict(sticky_file).starts_with("others may write " + sticky_file));
  const auto planted = safe.script("sticky/planted");
  REQUIRE(::chown(planted.c_str(), 1, 0) == 0);
  CHECK(verdict(planted).starts_with(planted + " belongs to user 1"));

  // A link may lead through a folder that others write, though both ends are safe.
  const auto link = safe.path + "/link";
  REQUIRE(::symlink("script", link.c_str()) == 0);
  CHECK(verdict(link) == "safe");
  const auto detour = safe.path + "/detour";
  REQUIRE(::symlink((inner + "/../script").c_str(), detour.c_str()) == 0);
  CHECK(verdict(detour).starts_with("others may write " + inner));
  const auto stolen = safe.path + "/stolen";
  REQUIRE(::symlink("script", stolen.c_str()) == 0);
  REQUIRE(::lchown(stolen.c_str(), 1, 1) == 0);
  CHECK(verdict(stolen).starts_with(stolen + " belongs to user 1"));
  const auto circle = safe.path + "/circle";
  REQUIRE(::symlink("circle", circle.c_str()) == 0);
  CHECK(verdict(circle) == circle + " leads through too many symbolic links");
}
