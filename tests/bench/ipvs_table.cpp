// ipvs_table.cpp - inside the virtual machine of ipvs.py: the kernel's own floor, and a daemon's life beside it.
//
//   ipvs_table floor SERVICES SERVERS            loads the table with raw netlink, 64 requests a send, one answer each,
//                                                and removes its services in the same way
//   ipvs_table daemon SERVICES SERVERS FOLDER PROGRAM ARGUMENT...
//                                                starts PROGRAM on FOLDER/conf, waits for the whole table, reloads with
//                                                nothing, one and a tenth of the weights changed (FOLDER/conf.one,
//                                                conf.tenth), starts it again over the full table, stops it
// Prints "name value" lines: milliseconds, kilobytes.  Service i is 10.100+(i>>16).(i>>8).(i):80, its last server has
// the weight 1, and 7 in the changed files.
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uint32_t kFirstService = 0x0a640000, kFirstServer = 0x0a140000;
constexpr std::size_t kTogether = 64;

double milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

[[noreturn]] void fail(const std::string& what) {
  std::printf("failed %s: %s\n", what.c_str(), std::strerror(errno));
  std::exit(1);
}

/// Requests of generic netlink, one after the other in one buffer.
class Requests {
 public:
  void begin(std::uint16_t type, std::uint8_t command, std::uint16_t flags, std::uint8_t version) {
    start_ = bytes_.size();
    nlmsghdr header{};
    header.nlmsg_type = type;
    header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    genlmsghdr generic{};
    generic.cmd = command;
    generic.version = version;
    put(&header, sizeof header);
    put(&generic, sizeof generic);
  }
  void attribute(std::uint16_t type, const void* data, std::size_t size) {
    const nlattr header{static_cast<std::uint16_t>(sizeof(nlattr) + size), type};
    put(&header, sizeof header);
    put(data, size);
    bytes_.resize((bytes_.size() + 3) & ~std::size_t{3});
  }
  template <class Integer>
  void number(std::uint16_t type, Integer value) {
    attribute(type, &value, sizeof value);
  }
  std::size_t nest(std::uint16_t type) {
    const auto at = bytes_.size();
    number(static_cast<std::uint16_t>(type | NLA_F_NESTED), std::uint32_t{0});
    bytes_.resize(at + sizeof(nlattr));
    return at;
  }
  void end_nest(std::size_t at) {
    const auto size = static_cast<std::uint16_t>(bytes_.size() - at);
    std::memcpy(bytes_.data() + at, &size, sizeof size);
  }
  void end() {
    const auto size = static_cast<std::uint32_t>(bytes_.size() - start_);
    std::memcpy(bytes_.data() + start_, &size, sizeof size);
    ++count_;
  }
  void want_answer() {
    std::uint16_t flags = 0;
    auto* const at = bytes_.data() + start_ + offsetof(nlmsghdr, nlmsg_flags);
    std::memcpy(&flags, at, sizeof flags);
    flags |= NLM_F_ACK;
    std::memcpy(at, &flags, sizeof flags);
  }
  void clear() {
    bytes_.clear();
    count_ = 0;
  }
  [[nodiscard]] const std::vector<char>& bytes() const { return bytes_; }
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  void put(const void* data, std::size_t size) {
    const auto* const from = static_cast<const char*>(data);
    bytes_.insert(bytes_.end(), from, from + size);
  }
  std::vector<char> bytes_;
  std::size_t start_ = 0, count_ = 0;
};

class Kernel {
 public:
  Kernel() : socket_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC)) {
    Requests ask;
    ask.begin(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0, 1);
    ask.attribute(CTRL_ATTR_FAMILY_NAME, "IPVS", 5);
    ask.end();
    send(ask);
    const auto size = receive();
    for (std::size_t at = NLMSG_HDRLEN + GENL_HDRLEN; at + sizeof(nlattr) < size;) {
      nlattr attribute{};
      std::memcpy(&attribute, buffer_.data() + at, sizeof attribute);
      if (attribute.nla_len < sizeof(nlattr)) break;
      if (attribute.nla_type == CTRL_ATTR_FAMILY_ID) std::memcpy(&family_, buffer_.data() + at + sizeof attribute, 2);
      at += NLA_ALIGN(attribute.nla_len);
    }
    if (family_ == 0) fail("there is no IPVS here");
  }

  /// Sends all of them; the last one has asked for an answer.
  void carry_out(const Requests& requests) {
    send(requests);
    receive();
  }

  /// The weight of the last server of service `number`; none while it is not there.
  std::optional<std::uint32_t> last_weight(std::uint32_t number, std::uint32_t servers) {
    Requests ask;
    ask.begin(family_, IPVS_CMD_GET_DEST, NLM_F_DUMP, IPVS_GENL_VERSION);
    put_service(ask, number);
    ask.end();
    send(ask);
    const std::uint32_t wanted = htonl(kFirstServer + number * servers + servers - 1);
    std::optional<std::uint32_t> weight;
    for (bool done = false; !done;) {
      const auto size = receive();
      for (std::size_t at = 0; at + sizeof(nlmsghdr) <= size;) {
        nlmsghdr header{};
        std::memcpy(&header, buffer_.data() + at, sizeof header);
        done = done || header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR;
        if (!done) look(buffer_.data() + at, header.nlmsg_len, wanted, weight);
        if (header.nlmsg_len < sizeof header) break;
        at += NLMSG_ALIGN(header.nlmsg_len);
      }
    }
    return weight;
  }

  void put_service(Requests& to, std::uint32_t number) const {
    const auto nest = to.nest(IPVS_CMD_ATTR_SERVICE);
    std::array<std::uint32_t, 4> address{htonl(kFirstService + number), 0, 0, 0};
    to.number(IPVS_SVC_ATTR_AF, std::uint16_t{AF_INET});
    to.number(IPVS_SVC_ATTR_PROTOCOL, std::uint16_t{IPPROTO_TCP});
    to.attribute(IPVS_SVC_ATTR_ADDR, address.data(), sizeof address);
    to.number(IPVS_SVC_ATTR_PORT, htons(80));
    to.end_nest(nest);
  }

  void put_new_service(Requests& to, std::uint32_t number) const {
    to.begin(family_, IPVS_CMD_NEW_SERVICE, 0, IPVS_GENL_VERSION);
    const auto nest = to.nest(IPVS_CMD_ATTR_SERVICE);
    std::array<std::uint32_t, 4> address{htonl(kFirstService + number), 0, 0, 0};
    const ip_vs_flags flags{0, ~0U};
    to.number(IPVS_SVC_ATTR_AF, std::uint16_t{AF_INET});
    to.number(IPVS_SVC_ATTR_PROTOCOL, std::uint16_t{IPPROTO_TCP});
    to.attribute(IPVS_SVC_ATTR_ADDR, address.data(), sizeof address);
    to.number(IPVS_SVC_ATTR_PORT, htons(80));
    to.attribute(IPVS_SVC_ATTR_SCHED_NAME, "wrr", 4);
    to.attribute(IPVS_SVC_ATTR_FLAGS, &flags, sizeof flags);
    to.number(IPVS_SVC_ATTR_TIMEOUT, std::uint32_t{0});
    to.number(IPVS_SVC_ATTR_NETMASK, ~std::uint32_t{0});
    to.end_nest(nest);
    to.end();
  }

  void put_gone_service(Requests& to, std::uint32_t number) const {
    to.begin(family_, IPVS_CMD_DEL_SERVICE, 0, IPVS_GENL_VERSION);
    put_service(to, number);
    to.end();
  }

  void put_new_server(Requests& to, std::uint32_t number, std::uint32_t server) const {
    to.begin(family_, IPVS_CMD_NEW_DEST, 0, IPVS_GENL_VERSION);
    put_service(to, number);
    const auto nest = to.nest(IPVS_CMD_ATTR_DEST);
    std::array<std::uint32_t, 4> address{htonl(kFirstServer + server), 0, 0, 0};
    to.attribute(IPVS_DEST_ATTR_ADDR, address.data(), sizeof address);
    to.number(IPVS_DEST_ATTR_PORT, htons(80));
    to.number(IPVS_DEST_ATTR_FWD_METHOD, std::uint32_t{IP_VS_CONN_F_MASQ});
    to.number(IPVS_DEST_ATTR_WEIGHT, std::uint32_t{1});
    to.number(IPVS_DEST_ATTR_U_THRESH, std::uint32_t{0});
    to.number(IPVS_DEST_ATTR_L_THRESH, std::uint32_t{0});
    to.end_nest(nest);
    to.end();
  }

 private:
  void send(const Requests& requests) {
    if (::send(socket_, requests.bytes().data(), requests.bytes().size(), 0) < 0) fail("send");
  }
  std::size_t receive() {
    const auto size = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
    if (size < 0) fail("receive");
    return static_cast<std::size_t>(size);
  }
  static void look(const char* message, std::size_t size, std::uint32_t wanted, std::optional<std::uint32_t>& weight) {
    std::uint32_t address = 0;
    std::uint32_t found = 0;
    // One nested attribute, in which the address comes before the weight.
    for (std::size_t at = NLMSG_HDRLEN + GENL_HDRLEN + sizeof(nlattr); at + sizeof(nlattr) < size;) {
      nlattr attribute{};
      std::memcpy(&attribute, message + at, sizeof attribute);
      if (attribute.nla_len < sizeof(nlattr)) break;
      if (attribute.nla_type == IPVS_DEST_ATTR_ADDR) std::memcpy(&address, message + at + sizeof attribute, 4);
      if (attribute.nla_type == IPVS_DEST_ATTR_WEIGHT) std::memcpy(&found, message + at + sizeof attribute, 4);
      at += NLA_ALIGN(attribute.nla_len);
    }
    if (address == wanted) weight = found;
  }

  int socket_;
  std::uint16_t family_ = 0;
  std::array<char, 65536> buffer_{};
};

std::size_t services_in_kernel() {
  std::ifstream table("/proc/net/ip_vs");
  std::size_t count = 0;
  for (std::string line; std::getline(table, line);)
    count += line.rfind("TCP", 0) == 0 ? 1 : 0;
  return count;
}

void floor(std::uint32_t services, std::uint32_t servers) {
  Kernel kernel;
  const auto start = Clock::now();
  Requests together;
  const auto flush = [&] {
    together.want_answer();
    kernel.carry_out(together);
    together.clear();
  };
  for (std::uint32_t i = 0; i < services; ++i) {
    kernel.put_new_service(together, i);
    for (std::uint32_t j = 0; j < servers; ++j)
      kernel.put_new_server(together, i, i * servers + j);
    if (together.count() >= kTogether) flush();
  }
  if (together.count() > 0) flush();
  std::printf("floor %.1f\n", milliseconds(Clock::now() - start));
  if (services_in_kernel() != services) fail("the floor is not whole");
  const auto stop = Clock::now();
  for (std::uint32_t i = 0; i < services; ++i) {
    kernel.put_gone_service(together, i);
    if (together.count() >= kTogether) flush();
  }
  if (together.count() > 0) flush();
  std::printf("stop %.1f\nleft %zu\n", milliseconds(Clock::now() - stop), services_in_kernel());
}

/// A process and all below it.
std::vector<pid_t> family_of(pid_t first) {
  std::multimap<pid_t, pid_t> children;
  DIR* const folder = ::opendir("/proc");
  while (const dirent* entry = ::readdir(folder)) {
    std::ifstream stat(std::string("/proc/") + entry->d_name + "/stat");
    std::string text;
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || !std::getline(stat, text)) continue;
    pid_t parent = 0;
    std::sscanf(text.c_str() + text.rfind(')') + 1, " %*c %d", &parent);
    children.emplace(parent, std::atoi(entry->d_name));
  }
  ::closedir(folder);
  std::vector<pid_t> all{first};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto [from, to] = children.equal_range(all[i]);
    for (auto each = from; each != to; ++each)
      all.push_back(each->second);
  }
  return all;
}

/// Microseconds that all of them have computed, in threads that have ended too.
long cpu_microseconds(pid_t first) {
  long sum = 0;
  for (const auto pid : family_of(first)) {
    clockid_t clock{};
    timespec used{};
    if (::clock_getcpuclockid(pid, &clock) == 0 && ::clock_gettime(clock, &used) == 0)
      sum += used.tv_sec * 1'000'000 + used.tv_nsec / 1000;
  }
  return sum;
}

long pss(pid_t first) {
  long sum = 0;
  for (const auto pid : family_of(first)) {
    std::ifstream rollup("/proc/" + std::to_string(pid) + "/smaps_rollup");
    for (std::string line; std::getline(rollup, line);)
      if (line.rfind("Pss:", 0) == 0) sum += std::atol(line.c_str() + 4);
  }
  return sum;
}

/// Until it has not computed for half a second: the moment of its last computing.
Clock::time_point settle(pid_t daemon) {
  constexpr auto kStep = std::chrono::milliseconds(25);
  auto last = Clock::now();
  long before = cpu_microseconds(daemon);
  while (Clock::now() - last < std::chrono::milliseconds(500)) {
    ::usleep(std::chrono::microseconds(kStep).count());
    const long now = cpu_microseconds(daemon);
    if (now - before > 1500) last = Clock::now();  // microseconds: more than a timer that ticks
    before = now;
  }
  return last;
}

void copy(const std::string& from, const std::string& to) {
  std::ifstream source(from, std::ios::binary);
  std::ofstream target(to, std::ios::binary);
  target << source.rdbuf();
}

pid_t start(char** argv) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    const int log = ::open("/tmp/daemon.log", O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(log, 1);
    ::dup2(log, 2);
    ::execvp(argv[0], argv);
    ::_exit(127);
  }
  return pid;
}

void wait_for_weight(Kernel& kernel, std::uint32_t number, std::uint32_t servers, std::uint32_t weight, pid_t daemon) {
  const auto limit = Clock::now() + std::chrono::seconds(180);
  while (kernel.last_weight(number, servers) != weight) {
    if (Clock::now() > limit || ::waitpid(daemon, nullptr, WNOHANG) == daemon) fail("waiting for the table");
    ::usleep(20000);  // asking costs the one processor, too
  }
}

void reload(Kernel& kernel, const char* name, std::uint32_t services, std::uint32_t servers, std::uint32_t weight,
            pid_t daemon) {
  const long before = cpu_microseconds(daemon);
  const auto begin = Clock::now();
  ::kill(daemon, SIGHUP);
  wait_for_weight(kernel, services - 1, servers, weight, daemon);
  const auto changed = Clock::now();
  const auto settled = settle(daemon);
  std::printf("reload_%s %.1f\nreload_%s_cpu %.1f\n", name, milliseconds(std::max(changed, settled) - begin), name,
              static_cast<double>(cpu_microseconds(daemon) - before) / 1000);
}

void live(std::uint32_t services, std::uint32_t servers, const std::string& folder, char** argv) {
  Kernel kernel;
  const std::string conf = folder + "/conf.now";
  copy(folder + "/conf", conf);
  auto begin = Clock::now();
  pid_t daemon = start(argv);
  wait_for_weight(kernel, services - 1, servers, 1, daemon);
  std::printf("start %.1f\n", milliseconds(Clock::now() - begin));
  settle(daemon);
  if (services_in_kernel() != services) fail("the table is not whole");
  std::printf("pss %ld\n", pss(daemon));
  reload(kernel, "same", services, servers, 1, daemon);
  copy(folder + "/conf.one", conf);
  reload(kernel, "one", services, servers, 7, daemon);
  copy(folder + "/conf", conf);
  reload(kernel, "back", services, servers, 1, daemon);
  copy(folder + "/conf.tenth", conf);
  reload(kernel, "tenth", services, servers, 7, daemon);
  std::printf("pss_after %ld\n", pss(daemon));
  begin = Clock::now();
  ::kill(daemon, SIGTERM);
  ::waitpid(daemon, nullptr, 0);
  std::printf("stop %.1f\nleft %zu\n", milliseconds(Clock::now() - begin), services_in_kernel());
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const auto number = [&](int at) { return static_cast<std::uint32_t>(std::atoi(argv[at])); };
  if (argc == 4 && std::string(argv[1]) == "floor") {
    floor(number(2), number(3));
  } else if (argc > 5 && std::string(argv[1]) == "daemon") {
    live(number(2), number(3), argv[4], argv + 5);
  } else {
    std::fprintf(stderr, "ipvs_table floor SERVICES SERVERS | daemon SERVICES SERVERS FOLDER PROGRAM ARGUMENT...\n");
    return 2;
  }
  return 0;
}
