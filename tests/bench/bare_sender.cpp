// The floor of an advert's cost: a loop that sleeps until each of N senders is due and sends one prepared packet for
// it.
//   bare_sender N INTERVAL_SECONDS SECONDS INTERFACE   prints the microseconds of processor time per packet
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <queue>
#include <random>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace {

using Clock = std::chrono::steady_clock;

double processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return double(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         double(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

int open_sender(const char* interface) {
  const int sender = socket(AF_INET, SOCK_RAW, 112);
  ip_mreqn way{};
  way.imr_ifindex = int(if_nametoindex(interface));
  if (sender < 0 || setsockopt(sender, IPPROTO_IP, IP_MULTICAST_IF, &way, sizeof way) != 0) return -1;
  return sender;
}

}  // namespace

int main(int count, char** words) {
  if (count != 5) return 2;
  const auto senders = std::strtol(words[1], nullptr, 10);
  const auto interval = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(std::atof(words[2])));
  const int sender = open_sender(words[4]);
  if (senders < 1 || interval <= Clock::duration::zero() || sender < 0) return 1;
  sockaddr_in group{};
  group.sin_family = AF_INET;
  group.sin_addr.s_addr = htonl(0xe0000012);
  const std::array<char, 20> packet{};  // of no version: no receiver takes it for an advert

  std::mt19937 random(1);
  std::uniform_int_distribution<Clock::rep> phase(0, interval.count() - 1);
  std::priority_queue<Clock::time_point, std::vector<Clock::time_point>, std::greater<>> due;
  const auto start = Clock::now();
  for (long i = 0; i < senders; ++i)
    due.push(start + Clock::duration(phase(random)));
  const auto end =
      start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(std::atof(words[3])));
  const double before = processor_seconds();
  long sent = 0;
  while (due.top() < end) {
    const auto next = due.top();
    due.pop();
    due.push(next + interval);
    if (next > Clock::now()) std::this_thread::sleep_until(next);
    sent +=
        sendto(sender, packet.data(), packet.size(), 0, reinterpret_cast<const sockaddr*>(&group), sizeof group) > 0;
  }
  if (sent == 0) return 1;
  std::printf("%.2f\n", (processor_seconds() - before) / double(sent) * 1e6);
}
