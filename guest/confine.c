#include "confine.h"

#include <grp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fail.h"
#include "io.h"

enum { OPEN_FILES = 256 };

/* User 0 is no capability, by nothing that comes later; of <linux/securebits.h>. */
enum {
  NO_ROOT = 3 << 0,
  NO_SETUID_FIXUP = 3 << 2,
  NO_KEEP_CAPS = 1 << 5,
  NO_AMBIENT_RAISE = 3 << 6,
};

/* Of <linux/capability.h>. */
enum { CAPABILITY_VERSION = 0x20080522 };

struct capability_head {
  uint32_t version;
  int pid;
};

struct capability_sets {
  uint32_t effective, permitted, inheritable;
};

void hide(void) {
  if (prctl(PR_SET_DUMPABLE, 0) < 0) {
    fail("The guest can't hide itself from the model: %s.", strerror(errno));
  }
}

void die_with(pid_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) {
    fail("A process can't be made to end with its parent: %s.", strerror(errno));
  }
  if (getppid() != parent) {
    _exit(125);
  }
}

void limit_to(int resource, unsigned long most) {
  struct rlimit limit;
  if (getrlimit(resource, &limit) < 0) {
    fail("A resource limit can't be read: %s.", strerror(errno));
  }
  if (most < limit.rlim_max) {
    limit.rlim_max = most;
  }
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(resource, &limit) < 0) {
    fail("A resource limit can't be set: %s.", strerror(errno));
  }
}

void begin_afresh(void) {
  setsid();
  /* By the system call, for the C library keeps three signals to itself. */
  static const unsigned long NORMAL[4] = {(unsigned long)SIG_DFL};
  for (int number = 1; number < NSIG; number++) {
    syscall(SYS_rt_sigaction, number, NORMAL, NULL, (NSIG - 1) / 8);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  limit_to(RLIMIT_CORE, 0);
  limit_to(RLIMIT_NOFILE, OPEN_FILES);
}

void give_up_privileges(void (*become)(void)) {
  if (setgroups(0, NULL) < 0 && errno != EPERM) {
    fail("The further groups can't be given up: %s.", strerror(errno));
  }
  /* Not permitted to a process that has nothing to lose; what it has is looked at below. */
  for (int capability = 0; prctl(PR_CAPBSET_DROP, capability) == 0; capability++) {
  }
  prctl(PR_SET_SECUREBITS, NO_ROOT | NO_SETUID_FIXUP | NO_KEEP_CAPS | NO_AMBIENT_RAISE);
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  become();
  struct capability_head head = {CAPABILITY_VERSION, 0};
  const struct capability_sets none[2] = {0};
  if (syscall(SYS_capset, &head, none) < 0) {
    fail("The capabilities can't be given up: %s.", strerror(errno));
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
    fail("New privileges can't be ruled out: %s.", strerror(errno));
  }
}
