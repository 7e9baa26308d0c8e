/* The process connector of the machine for a daemon in a network namespace, where the kernel has none: preloaded into a
 * program, it opens the socket in the namespace LAB_NETNS names before anything else happens, and hands out copies of it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int connector = -1;

__attribute__((constructor)) static void open_connector(void) {
  const char *path = getenv("LAB_NETNS");
  const int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  const int other = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (own >= 0 && other >= 0 && setns(other, CLONE_NEWNET) == 0) {
    connector = (int)syscall(SYS_socket, AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_CONNECTOR);
    if (setns(own, CLONE_NEWNET) != 0) abort();
  }
  if (own >= 0) close(own);
  if (other >= 0) close(other);
}

int socket(int family, int type, int protocol) {
  if (family != AF_NETLINK || protocol != NETLINK_CONNECTOR || connector < 0)
    return (int)syscall(SYS_socket, family, type, protocol);
  const int copy = fcntl(connector, (type & SOCK_CLOEXEC) != 0 ? F_DUPFD_CLOEXEC : F_DUPFD, 3);
  if (copy >= 0) fcntl(copy, F_SETFL, (type & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0);
  return copy;
}
