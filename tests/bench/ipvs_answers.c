// Answers IPVS's generic netlink inside a process (LD_PRELOAD), so that a daemon's health checks can be measured on a kernel
// without ip_vs: the family is there, its table is empty, every change succeeds.
//
// IPVS_LOG=FILE: a line for each change of a destination: seconds on CLOCK_MONOTONIC, command, address, port, weight.
// Every NETLINK_GENERIC socket becomes one end of a pair of datagram sockets; what is sent is read here at once, and its answers
// are put into the other end.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { kSockets = 65536, kFamily = 0x40, kAnswer = 8192, kRequest = 1 << 20 };
static int far_end[kSockets];  // of ours: the descriptor of the other end, plus one

// Looked up once: what is measured beside each other is not to share the price of a search by name.
#define REAL(name)                                                        \
  ({                                                                      \
    static __typeof__(&name) real;                                        \
    if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name);  \
    real;                                                                 \
  })
#define OURS(fd) ((fd) >= 0 && (fd) < kSockets && far_end[fd] != 0)

static void give(int fd, const void* bytes, size_t size) {
  if (REAL(send)(far_end[fd] - 1, bytes, size, MSG_DONTWAIT) < 0) perror("ipvs_answers");
}

static char* put(char* at, unsigned short type, const void* value, size_t size) {
  struct nlattr head = {.nla_len = (unsigned short)(NLA_HDRLEN + size), .nla_type = type};
  memcpy(at, &head, sizeof head);
  memcpy(at + NLA_HDRLEN, value, size);
  return at + NLA_ALIGN(NLA_HDRLEN + size);
}

static void give_message(int fd, const struct nlmsghdr* to, unsigned short type, const void* body, size_t size) {
  char answer[kAnswer] = {0};
  struct nlmsghdr head = {.nlmsg_len = (unsigned)(NLMSG_HDRLEN + size), .nlmsg_type = type, .nlmsg_seq = to->nlmsg_seq,
                          .nlmsg_pid = to->nlmsg_pid};
  if (type == NLMSG_DONE) head.nlmsg_flags = NLM_F_MULTI;
  memcpy(answer, &head, sizeof head);
  memcpy(answer + NLMSG_HDRLEN, body, size);
  give(fd, answer, NLMSG_ALIGN(head.nlmsg_len));
}

static void give_error(int fd, const struct nlmsghdr* to, int error) {
  struct nlmsgerr body = {.error = error, .msg = *to};
  give_message(fd, to, NLMSG_ERROR, &body, sizeof body);
}

static void give_family(int fd, const struct nlmsghdr* to) {
  char body[256] = {0};
  struct genlmsghdr head = {.cmd = CTRL_CMD_NEWFAMILY, .version = 2};
  unsigned short id = kFamily;
  unsigned number = 1;
  memcpy(body, &head, sizeof head);
  char* at = put(body + GENL_HDRLEN, CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME, sizeof IPVS_GENL_NAME);
  at = put(at, CTRL_ATTR_FAMILY_ID, &id, sizeof id);
  at = put(at, CTRL_ATTR_VERSION, &number, sizeof number);
  give_message(fd, to, GENL_ID_CTRL, body, (size_t)(at - body));
}

static void give_info(int fd, const struct nlmsghdr* to) {
  char body[64] = {0};
  struct genlmsghdr head = {.cmd = IPVS_CMD_SET_INFO, .version = 1};
  unsigned version = 0x010201, size = 4096;
  memcpy(body, &head, sizeof head);
  char* at = put(body + GENL_HDRLEN, IPVS_INFO_ATTR_VERSION, &version, sizeof version);
  at = put(at, IPVS_INFO_ATTR_CONN_TAB_SIZE, &size, sizeof size);
  give_message(fd, to, kFamily, body, (size_t)(at - body));
}

static const struct nlattr* find(const char* at, size_t size, unsigned type) {
  while (size >= NLA_HDRLEN) {
    const struct nlattr* attribute = (const struct nlattr*)at;
    if (attribute->nla_len < NLA_HDRLEN || attribute->nla_len > size) return NULL;
    if ((attribute->nla_type & NLA_TYPE_MASK) == type) return attribute;
    const size_t step = NLA_ALIGN(attribute->nla_len);
    if (step >= size) return NULL;
    at += step;
    size -= step;
  }
  return NULL;
}

static void note(int command, const char* attributes, size_t size) {
  const char* path = getenv("IPVS_LOG");
  const struct nlattr* dest = find(attributes, size, IPVS_CMD_ATTR_DEST);
  if (path == NULL || dest == NULL || command < IPVS_CMD_NEW_DEST || command > IPVS_CMD_DEL_DEST) return;
  const char* inner = (const char*)dest + NLA_HDRLEN;
  const size_t inner_size = dest->nla_len - NLA_HDRLEN;
  const struct nlattr* address = find(inner, inner_size, IPVS_DEST_ATTR_ADDR);
  const struct nlattr* port = find(inner, inner_size, IPVS_DEST_ATTR_PORT);
  const struct nlattr* weight = find(inner, inner_size, IPVS_DEST_ATTR_WEIGHT);
  if (address == NULL || port == NULL) return;
  char text[INET_ADDRSTRLEN] = "?", line[160];
  inet_ntop(AF_INET, (const char*)address + NLA_HDRLEN, text, sizeof text);
  unsigned short number;
  memcpy(&number, (const char*)port + NLA_HDRLEN, sizeof number);
  int load = -1;
  if (weight != NULL) memcpy(&load, (const char*)weight + NLA_HDRLEN, sizeof load);
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  const char* words[] = {"new", "set", "del"};
  const int length = snprintf(line, sizeof line, "%ld.%09ld %s %s %d %d\n", (long)now.tv_sec, now.tv_nsec,
                              words[command - IPVS_CMD_NEW_DEST], text, ntohs(number), load);
  const int log = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (log < 0) return;
  if (write(log, line, (size_t)length) < 0) perror(path);
  close(log);
}

static void answer(int fd, const struct nlmsghdr* request) {
  const struct genlmsghdr* head = NLMSG_DATA(request);
  const char* attributes = (const char*)head + GENL_HDRLEN;
  const size_t fixed = NLMSG_HDRLEN + GENL_HDRLEN;
  const size_t size = request->nlmsg_len > fixed ? request->nlmsg_len - fixed : 0;
  if (request->nlmsg_type == GENL_ID_CTRL) {
    give_family(fd, request);
  } else if ((request->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP) {
    int none = 0;
    give_message(fd, request, NLMSG_DONE, &none, sizeof none);
    return;
  } else if (head->cmd == IPVS_CMD_GET_INFO) {
    give_info(fd, request);
  } else if (head->cmd == IPVS_CMD_GET_SERVICE) {
    give_error(fd, request, -ESRCH);
    return;
  } else {
    note(head->cmd, attributes, size);
  }
  if ((request->nlmsg_flags & NLM_F_ACK) != 0) give_error(fd, request, 0);
}

static ssize_t take(int fd, const struct iovec* parts, size_t count) {
  static char room[kRequest];
  size_t size = 0;
  for (size_t i = 0; i < count && size + parts[i].iov_len <= sizeof room; ++i) {
    memcpy(room + size, parts[i].iov_base, parts[i].iov_len);
    size += parts[i].iov_len;
  }
  for (size_t at = 0; at + NLMSG_HDRLEN <= size;) {
    const struct nlmsghdr* request = (const struct nlmsghdr*)(room + at);
    if (request->nlmsg_len < NLMSG_HDRLEN || at + request->nlmsg_len > size) break;
    answer(fd, request);
    at += NLMSG_ALIGN(request->nlmsg_len);
  }
  return (ssize_t)size;
}

int socket(int domain, int type, int protocol) {
  if (domain != AF_NETLINK || protocol != NETLINK_GENERIC) return REAL(socket)(domain, type, protocol);
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_DGRAM | (type & (SOCK_CLOEXEC | SOCK_NONBLOCK)), 0, ends) != 0) return -1;
  if (ends[0] >= kSockets) return -1;
  int size = 8 << 20;
  REAL(setsockopt)(ends[1], SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  far_end[ends[0]] = ends[1] + 1;
  return ends[0];
}

int close(int fd) {
  if (OURS(fd)) {
    const int other = far_end[fd] - 1;
    far_end[fd] = 0;
    REAL(close)(other);
  }
  return REAL(close)(fd);
}

int bind(int fd, const struct sockaddr* address, socklen_t size) {
  return OURS(fd) ? 0 : REAL(bind)(fd, address, size);
}

int connect(int fd, const struct sockaddr* address, socklen_t size) {
  return OURS(fd) ? 0 : REAL(connect)(fd, address, size);
}

int setsockopt(int fd, int level, int name, const void* value, socklen_t size) {
  return OURS(fd) ? 0 : REAL(setsockopt)(fd, level, name, value, size);
}

int getsockname(int fd, struct sockaddr* address, socklen_t* size) {
  if (!OURS(fd)) return REAL(getsockname)(fd, address, size);
  struct sockaddr_nl own = {.nl_family = AF_NETLINK, .nl_pid = (unsigned)getpid()};
  memcpy(address, &own, *size < sizeof own ? *size : sizeof own);
  *size = sizeof own;
  return 0;
}

ssize_t sendmsg(int fd, const struct msghdr* message, int flags) {
  return OURS(fd) ? take(fd, message->msg_iov, message->msg_iovlen) : REAL(sendmsg)(fd, message, flags);
}

ssize_t sendto(int fd, const void* bytes, size_t size, int flags, const struct sockaddr* to, socklen_t to_size) {
  const struct iovec part = {(void*)bytes, size};
  return OURS(fd) ? take(fd, &part, 1) : REAL(sendto)(fd, bytes, size, flags, to, to_size);
}

ssize_t send(int fd, const void* bytes, size_t size, int flags) {
  const struct iovec part = {(void*)bytes, size};
  return OURS(fd) ? take(fd, &part, 1) : REAL(send)(fd, bytes, size, flags);
}

ssize_t recvmsg(int fd, struct msghdr* message, int flags) {
  if (!OURS(fd)) return REAL(recvmsg)(fd, message, flags);
  void* name = message->msg_name;
  message->msg_name = NULL;
  message->msg_namelen = 0;
  const ssize_t count = REAL(recvmsg)(fd, message, flags);
  message->msg_name = name;
  if (name == NULL) return count;
  struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  memcpy(name, &kernel, sizeof kernel);
  message->msg_namelen = sizeof kernel;
  return count;
}

int recvmmsg(int fd, struct mmsghdr* messages, unsigned count, int flags, struct timespec* limit) {
  if (!OURS(fd)) return REAL(recvmmsg)(fd, messages, count, flags, limit);
  unsigned taken = 0;
  for (; taken < count; ++taken) {
    const ssize_t size = recvmsg(fd, &messages[taken].msg_hdr, taken == 0 ? flags : flags | MSG_DONTWAIT);
    if (size < 0) break;
    messages[taken].msg_len = (unsigned)size;
  }
  return taken == 0 ? -1 : (int)taken;
}
