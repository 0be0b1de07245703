/*
 * Tries every system call by its number, each in a child of its own, with arguments that none can use. A
 * call got something when it did not end by EPERM, ENOSYS or SIGSYS: the filter let it through to the
 * kernel. In details "answered", "hung" and "skipped" are lists of numbers; "compat" and "x32" say whether
 * the other two calling conventions of the processor get past it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "family.h"

enum { LAST = 460, X32 = 0x40000000, REFUSED = 1, ANSWERED = 2, LIST = 4096 };

/* These would end or stop the child, or run it twice upon one stack, whatever the filter says. */
static const long SKIPPED[] = {SYS_exit,   SYS_exit_group, SYS_rt_sigreturn,
                               SYS_pause,  SYS_vfork,      SYS_restart_syscall};

/* Where arguments of all ones would leave something behind, or would end by ENOSYS or EPERM themselves. */
static const struct {
  long number;
  long arguments[3];
} OTHERS[] = {{SYS_msgget, {1, 0, 0}},    {SYS_shmget, {1, 0, 0}},    {SYS_semget, {1, 1, 0}},
              {SYS_modify_ldt, {0, 0, 0}}, {SYS_futex, {0, 1, 0}},    {SYS_setpgid, {0, 0, 0}},
              {SYS_kill, {0, 0, 0}},       {SYS_prctl, {3, 0, 0}},    {SYS_socket, {1, 1, 0}},
              {SYS_fork, {0, 0, 0}},       {SYS_clone, {SIGCHLD, 0, 0}}};

static char answered[LIST];
static char hung[LIST];
static char skipped[LIST];

static void list(char *into, long number) {
  size_t used = strlen(into);
  snprintf(into + used, LIST - used, "%s%ld", used == 0 ? "" : " ", number);
}

static bool is_skipped(long number) {
  for (size_t i = 0; i < sizeof SKIPPED / sizeof *SKIPPED; i++) {
    if (SKIPPED[i] == number) {
      return true;
    }
  }
  return false;
}

static int attempt(long number) {
  long a[3] = {-1, -1, -1};
  for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++) {
    if (OTHERS[i].number == number) {
      memcpy(a, OTHERS[i].arguments, sizeof a);
    }
  }
  setsid();
  pid_t self = getpid();
  errno = 0;
  long result = syscall(number, a[0], a[1], a[2], -1L, -1L, -1L);
  int error = errno;
  if (getpid() != self) {
    _exit(ANSWERED);
  }
  return result == -1 && (error == EPERM || error == ENOSYS) ? REFUSED : ANSWERED;
}

/* The child's end within a second, or -1 when there was no child, or -2 when it had to be killed. */
static int end_of(pid_t child) {
  int status = 0;
  for (int turn = 0; child > 0 && turn < 1000; turn++) {
    if (waitpid(child, &status, WNOHANG) == child) {
      return status;
    }
    if (turn > 50) {
      poll(NULL, 0, 1);
    } else {
      usleep(100);
    }
  }
  if (child > 0) {
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return -2;
  }
  return -1;
}

static bool let_through(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) == ANSWERED : WTERMSIG(status) != SIGSYS;
}

#ifdef __x86_64__
/* getpid as a 32-bit program calls it. */
static long compat_getpid(void) {
  long result = 20;
  __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
  return result;
}

static bool by_other_door(bool x32) {
  pid_t child = fork();
  if (child == 0) {
    long result = x32 ? syscall(X32 | SYS_getpid) : compat_getpid();
    _exit(result > 0 ? ANSWERED : REFUSED);
  }
  int status = end_of(child);
  return status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == ANSWERED;
}
#else
static bool by_other_door(bool x32) { return x32 && false; }
#endif

static void all(void) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  long refused = 0;
  for (long number = 0; number <= LAST; number++) {
    if (is_skipped(number)) {
      list(skipped, number);
      continue;
    }
    pid_t child = fork();
    if (child == 0) {
      _exit(attempt(number));
    }
    int status = end_of(child);
    if (status == -1) {
      note("no_child_for", number);
      break;
    }
    bool through = status == -2 || let_through(status);
    if (status == -2) {
      list(hung, number);
    } else if (through) {
      list(answered, number);
    } else {
      refused++;
    }
    count(through);
  }
  note("refused", refused);
  note_text("answered", answered);
  note_text("hung", hung);
  note_text("skipped", skipped);
  note("compat", by_other_door(false));
  note("x32", by_other_door(true));
}

static const struct mode MODES[] = {{"all", all}};
FAMILY(MODES)
