#include "daemon/sd_notify.hpp"

#include <array>
#include <cstdlib>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/file_descriptor.hpp"
#include "unit/daemon/temporary.hpp"

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

/// A service manager that listens at `name` ('@' first: abstract).
FileDescriptor listen_at(const std::string& name) {
  FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(&address.sun_path[0], name.data(), name.size());
  if (name[0] == '@') address.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  REQUIRE(::bind(socket.number(), reinterpret_cast<const sockaddr*>(&address), length) == 0);
  return socket;
}

std::string heard(const FileDescriptor& socket) {
  std::array<char, 512> text{};
  const auto length = ::recv(socket.number(), text.data(), text.size(), 0);
  return length < 0 ? "nothing" : std::string(text.data(), static_cast<std::size_t>(length));
}

struct Environment {
  Environment(const char* socket, const char* usec, const char* pid) {
    set("NOTIFY_SOCKET", socket);
    set("WATCHDOG_USEC", usec);
    set("WATCHDOG_PID", pid);
  }
  ~Environment() {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
      ::unsetenv(name);
  }
  static void set(const char* name, const char* value) {
    if (value != nullptr)
      ::setenv(name, value, 1);
    else
      ::unsetenv(name);
  }
};

}  // namespace

TEST_CASE("what the service manager hears") {
  const TemporaryFolder folder;
  auto name = folder.file("notify");
  SUBCASE("at a path") {}
  SUBCASE("in the abstract space") {
    name = "@baton-test-" + std::to_string(::getpid());
  }
  const auto manager = listen_at(name);
  const Environment environment(name.c_str(), nullptr, nullptr);
  const auto notify = SdNotify::from_environment();
  notify.ready("2 roles run");
  CHECK(heard(manager) == "READY=1\nMAINPID=" + std::to_string(::getpid()) + "\nSTATUS=2 roles run");
  notify.reloading("reading");
  const auto reloading = heard(manager);
  CHECK(reloading.starts_with("RELOADING=1\nMONOTONIC_USEC="));
  CHECK(reloading.ends_with("\nSTATUS=reading"));
  notify.stopping("ending");
  CHECK(heard(manager) == "STOPPING=1\nSTATUS=ending");
  notify.status("well");
  CHECK(heard(manager) == "STATUS=well");
  notify.watchdog();
  CHECK(heard(manager) == "WATCHDOG=1");
  SdNotify().ready("silent");
  CHECK(heard(manager) == "nothing");
  CHECK_FALSE(notify.watchdog_interval());
}

TEST_CASE("a manager that does not read costs no time") {
  const TemporaryFolder folder;
  const auto manager = listen_at(folder.file("notify"));
  const Environment environment(folder.file("notify").c_str(), nullptr, nullptr);
  const auto notify = SdNotify::from_environment();
  for (int i = 0; i < 10000; ++i)
    notify.watchdog();  // far more than the socket holds: a blocking send would stand here for ever
  CHECK(heard(manager) == "WATCHDOG=1");
}

TEST_CASE("nobody listens, or the name is nonsense") {
  for (const char* name : {"", "/nonexistent/notify", "relative", "@", "/"}) {
    const Environment environment(name, nullptr, nullptr);
    SdNotify::from_environment().ready("nobody");
  }
  const std::string longer(300, '/');
  const Environment environment(longer.c_str(), nullptr, nullptr);
  SdNotify::from_environment().ready("nobody");
  CHECK_FALSE(SdNotify::from_environment().watchdog_interval());
}

TEST_CASE("the watchdog's interval is half of what is allowed") {
  const auto interval = [](const char* usec, const char* pid) {
    const Environment environment(nullptr, usec, pid);
    return SdNotify::from_environment().watchdog_interval();
  };
  CHECK(interval("3000000", nullptr) == Duration{1500ms});
  CHECK(interval("3000000", std::to_string(::getpid()).c_str()) == Duration{1500ms});
  CHECK_FALSE(interval("3000000", "1"));
  CHECK_FALSE(interval(nullptr, nullptr));
  CHECK_FALSE(interval("0", nullptr));
  CHECK_FALSE(interval("soon", nullptr));
  CHECK_FALSE(interval("18446744073709551615", nullptr));
}
