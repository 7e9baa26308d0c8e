/* The process connector of the machine for a daemon in a network namespace, where the kernel has none: preloaded into a
 * program, it opens the socket in the namespace LAB_NETNS names before anything else happens, and hands out copies of it.
 * Roles of Baton are started without it: it puts itself back where they are. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST_VARIABLES 1000

static int connector = -1;
static char preload[4096];

static long raw_syscall(long number, const long *arguments) {
  long result;
  register long fourth __asm__("r10") = arguments[3];
  register long fifth __asm__("r8") = arguments[4];
  register long sixth __asm__("r9") = arguments[5];
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(arguments[0]), "S"(arguments[1]), "d"(arguments[2]), "r"(fourth), "r"(fifth),
                     "r"(sixth)
                   : "rcx", "r11", "memory");
  if (result >= 0 || result < -4095) return result;
  errno = (int)-result;
  return -1;
}

static int raw_socket(int family, int type, int protocol) {
  const long arguments[6] = {family, type, protocol};
  return (int)raw_syscall(SYS_socket, arguments);
}

__attribute__((constructor)) static void open_connector(void) {
  const char *path = getenv("LAB_NETNS"), *library = getenv("LD_PRELOAD");
  const int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  const int other = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (library != NULL) snprintf(preload, sizeof preload, "LD_PRELOAD=%s", library);
  if (own >= 0 && other >= 0 && setns(other, CLONE_NEWNET) == 0) {
    connector = raw_socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_CONNECTOR);
    if (setns(own, CLONE_NEWNET) != 0) abort();
  }
  if (own >= 0) close(own);
  if (other >= 0) close(other);
}

int socket(int family, int type, int protocol) {
  if (family != AF_NETLINK || protocol != NETLINK_CONNECTOR || connector < 0) return raw_socket(family, type, protocol);
  const int copy = fcntl(connector, (type & SOCK_CLOEXEC) != 0 ? F_DUPFD_CLOEXEC : F_DUPFD, 3);
  if (copy >= 0) fcntl(copy, F_SETFL, (type & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0);
  return copy;
}

/* The way in which a role is started. */
long syscall(long number, ...) {
  static char *variables[MOST_VARIABLES + 2];
  long arguments[6];
  va_list list;
  va_start(list, number);
  for (int i = 0; i < 6; ++i) arguments[i] = va_arg(list, long);
  va_end(list);
  if (number == SYS_execveat && preload[0] != 0) {
    char **given = (char **)arguments[3];
    int count = 0;
    for (; given[count] != NULL && count < MOST_VARIABLES; ++count) variables[count] = given[count];
    variables[count] = preload;
    variables[count + 1] = NULL;
    arguments[3] = (long)variables;
  }
  return raw_syscall(number, arguments);
}
