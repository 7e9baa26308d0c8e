/* wide_xstate.c - lets user-mode Linux run on a processor with more registers than it knows (AMX, for one).
 *
 * Its kernel keeps 2696 octets of a thread's extended state and writes these back with PTRACE_SETREGSET.  The host takes the
 * whole state or nothing (EFAULT): where it is larger, init dies of the first system call.  Preloaded into that program, this
 * ptrace() adds what is missing as the thread has it.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char state[64 << 10]; /* of the thread that was asked last; the largest known is 11 kB */

static long move_state(enum __ptrace_request request, pid_t pid, struct iovec *part) {
  struct iovec whole = {state, sizeof state};
  if (syscall(SYS_ptrace, PTRACE_GETREGSET, pid, NT_X86_XSTATE, &whole) < 0) return -1;
  const size_t length = part->iov_len < whole.iov_len ? part->iov_len : whole.iov_len;
  if (request == PTRACE_SETREGSET) {
    memcpy(state, part->iov_base, length);
    return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, NT_X86_XSTATE, &whole);
  }
  memcpy(part->iov_base, state, length);
  part->iov_len = length;
  return 0;
}

long ptrace(enum __ptrace_request request, ...) {
  va_list arguments;
  va_start(arguments, request);
  const pid_t pid = va_arg(arguments, pid_t);
  void *const address = va_arg(arguments, void *);
  void *const data = va_arg(arguments, void *);
  va_end(arguments);
  if ((request == PTRACE_GETREGSET || request == PTRACE_SETREGSET) && (size_t)address == NT_X86_XSTATE)
    return move_state(request, pid, data);
  if (request != PTRACE_PEEKTEXT && request != PTRACE_PEEKDATA && request != PTRACE_PEEKUSER)
    return syscall(SYS_ptrace, request, pid, address, data);
  long word = 0;
  if (syscall(SYS_ptrace, request, pid, address, &word) < 0) return -1;
  errno = 0;
  return word;
}
