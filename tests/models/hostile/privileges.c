/*
 * Tries for powers over the kernel: capabilities, namespaces, mounts, devices, modules, limits. Each try
 * is made so that it does no harm where it succeeds. A try got something when the kernel did it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "family.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

enum { CAPABILITIES = 41, CAPABILITY_VERSION = 0x20080522, BPF_MAP_CREATE = 0, BPF_PROG_LOAD = 5 };

static char zeroes[256];

static void capabilities(void) {
  struct {
    uint32_t version;
    int pid;
  } header = {CAPABILITY_VERSION, 0};
  struct {
    uint32_t effective, permitted, inheritable;
  } sets[2] = {{0}};
  bool known = syscall(SYS_capget, &header, sets) == 0;
  probe(known && (sets[0].effective | sets[1].effective) != 0, "effective capabilities");
  probe(known && (sets[0].permitted | sets[1].permitted) != 0, "permitted capabilities");
  probe(known && (sets[0].inheritable | sets[1].inheritable) != 0, "inheritable capabilities");
  long bounding = 0;
  long ambient = 0;
  for (long i = 0; i < CAPABILITIES; i++) {
    bounding += prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1;
    ambient += prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0, 0) == 1;
  }
  note("bounding", bounding);
  probe(ambient > 0, "ambient capabilities");
  probe(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0, "new privileges by exec");
  note("seccomp", prctl(PR_GET_SECCOMP, 0, 0, 0, 0));
}

static bool root_again(long way) {
  switch (way) {
    case 0:
      return setuid(0) == 0;
    case 1:
      return setresuid(0, 0, 0) == 0;
    case 2:
      setfsuid(0);
      return setfsuid((uid_t)-1) == 0;
    case 3:
      return setgid(0) == 0;
    case 4:
      return setgroups(1, (gid_t[]){0}) == 0;
    default:
      return getuid() == 0 || geteuid() == 0;
  }
}

static bool new_namespace(long flag) { return unshare((int)flag) == 0; }

/* The same by the other two calls; the new process ends at once. */
static bool cloned(long flag) {
  uint64_t arguments[11] = {(uint64_t)flag, 0, 0, 0, SIGCHLD};
  long child = flag == 0 ? -1 : syscall(SYS_clone, flag | SIGCHLD, 0, 0, 0, 0);
  if (child < 0) {
    child = syscall(435 /* clone3 */, arguments, sizeof arguments);
  }
  if (child == 0) {
    _exit(0);
  }
  return child > 0;
}

static void namespaces(void) {
  static const struct {
    const char *name;
    long flag;
  } kinds[] = {{"user", CLONE_NEWUSER}, {"mnt", CLONE_NEWNS},   {"net", CLONE_NEWNET},
               {"pid", CLONE_NEWPID},   {"uts", CLONE_NEWUTS},  {"ipc", CLONE_NEWIPC},
               {"cgroup", 0x02000000},  {"time", CLONE_NEWTIME}};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    char path[32];
    probe(in_child(new_namespace, kinds[i].flag), "unshare %s", kinds[i].name);
    if (kinds[i].flag != CLONE_NEWTIME) {
      probe(in_child(cloned, kinds[i].flag), "clone %s", kinds[i].name);
    }
    snprintf(path, sizeof path, "/proc/1/ns/%s", kinds[i].name);
    int joined = open(path, O_RDONLY);
    probe(joined >= 0 && setns(joined, 0) == 0, "setns %s", path);
  }
}

static bool mounts(long way) {
  switch (way) {
    case 0:
      return mount("none", "/tmp", "tmpfs", MS_RDONLY, "size=4k") == 0;
    case 1:
      return mount("/", "/tmp", NULL, MS_BIND, NULL) == 0;
    case 2:
      return mount(NULL, "/", NULL, MS_PRIVATE, NULL) == 0;
    case 3:
      return mount("proc", "/proc", "proc", MS_RDONLY, NULL) == 0;
    case 4: /* An expiry marks, and unmounts only what nobody uses: never the root. */
      return umount2("/", MNT_EXPIRE) == 0 || errno == EAGAIN || errno == EBUSY;
    case 5:
      return syscall(430 /* fsopen */, "tmpfs", 0) >= 0;
    case 6:
      return syscall(428 /* open_tree */, AT_FDCWD, "/", 1) >= 0;
    case 7:
      return syscall(SYS_pivot_root, "/tmp", "/tmp") == 0;
    default:
      return chroot("/tmp") == 0 && chdir("../../../../..") == 0;
  }
}

static void devices(void) {
  probe(mknod("/tmp/null", S_IFCHR | 0600, makedev(1, 3)) == 0, "mknod of a character device");
  probe(mknod("/tmp/disk", S_IFBLK | 0600, makedev(8, 0)) == 0, "mknod of a block device");
  unlink("/tmp/null");
  unlink("/tmp/disk");
  static const int numbers[] = {0, 1, 2};
  for (int i = 0; i < 3; i++) {
    char c = '\n';
    probe(syscall(SYS_ioctl, numbers[i], 0x5412 /* TIOCSTI */, &c) == 0, "TIOCSTI on %d", i);
    probe(syscall(SYS_ioctl, numbers[i], 0x541C /* TIOCLINUX */, &c) == 0, "TIOCLINUX on %d", i);
    probe(isatty(numbers[i]), "terminal on %d", i);
  }
  probe(syscall(SYS_iopl, 3) == 0, "iopl");
  probe(syscall(SYS_ioperm, 0x80, 1, 1) == 0, "ioperm");
}

/* Calls that only a few programs need, and that have let many a program out. */
static void calls(void) {
  uint32_t map[18] = {2, 4, 4, 1};
  uint64_t event[16] = {(uint64_t)128 << 32 | 1, 0};
  uint64_t handle[32] = {128};
  int mount_id;
  probe(syscall(SYS_bpf, BPF_MAP_CREATE, map, sizeof map) >= 0, "bpf map");
  probe(syscall(SYS_bpf, BPF_PROG_LOAD, zeroes, 128) >= 0 || errno == EFAULT, "bpf program");
  probe(syscall(SYS_perf_event_open, event, 0, -1, -1, 0) >= 0, "perf_event_open");
  probe(syscall(425 /* io_uring_setup */, 1, zeroes) >= 0, "io_uring_setup");
  probe(syscall(SYS_userfaultfd, 0) >= 0, "userfaultfd");
  probe(syscall(SYS_userfaultfd, 1) >= 0, "userfaultfd for user mode");
  probe(syscall(SYS_keyctl, 0, -3, 1) >= 0, "keyctl");
  probe(syscall(SYS_add_key, "user", "hostile", "x", 1, -2) >= 0, "add_key");
  probe(syscall(SYS_request_key, "user", "hostile", "", 0) >= 0 || errno == 126, "request_key");
  probe(syscall(SYS_kexec_load, 0, 0, 0, 0) >= 0, "kexec_load");
  probe(syscall(SYS_init_module, zeroes, sizeof zeroes, "") >= 0 || errno == ENOEXEC, "init_module");
  probe(syscall(SYS_delete_module, "hostile", O_NONBLOCK) >= 0 || errno == ENOENT, "delete_module");
  probe(syscall(SYS_name_to_handle_at, AT_FDCWD, "/", handle, &mount_id, 0) >= 0, "name_to_handle_at");
  probe(syscall(SYS_open_by_handle_at, AT_FDCWD, handle, O_RDONLY) >= 0 || errno == ESTALE,
        "open_by_handle_at");
  probe(syscall(SYS_personality, 0x0400000) >= 0 && syscall(SYS_personality, -1) == 0x0400000,
        "personality");
  probe(syscall(SYS_syslog, 3, zeroes, sizeof zeroes) >= 0, "syslog");
  probe(syscall(SYS_fanotify_init, 0, O_RDONLY) >= 0, "fanotify_init");
  probe(syscall(SYS_acct, NULL) == 0, "acct");
  probe(syscall(SYS_swapoff, "/nowhere") == 0 || errno == ENOENT, "swapoff");
  probe(syscall(SYS_quotactl, 0x800001, NULL, 0, NULL) == 0, "quotactl");
  probe(syscall(447 /* memfd_secret */, 0) >= 0, "memfd_secret");
  struct timespec now;
  struct utsname name;
  struct timex nothing = {.modes = ADJ_OFFSET_SINGLESHOT};
  probe(clock_gettime(CLOCK_REALTIME, &now) == 0 && clock_settime(CLOCK_REALTIME, &now) == 0, "clock_settime");
  probe(adjtimex(&nothing) >= 0, "adjtimex");
  probe(uname(&name) == 0 && sethostname(name.nodename, strlen(name.nodename)) == 0, "sethostname");
}

static bool raised(long resource) {
  struct rlimit limit;
  if (getrlimit((int)resource, &limit) != 0 || limit.rlim_max == RLIM_INFINITY) {
    return false;
  }
  limit.rlim_max++;
  return setrlimit((int)resource, &limit) == 0;
}

static void limits(void) {
  for (long resource = 0; resource < RLIM_NLIMITS; resource++) {
    probe(in_child(raised, resource), "raise limit %ld", resource);
  }
  struct sched_param first = {.sched_priority = 1};
  probe(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &first) == 0, "real time");
  probe(setpriority(PRIO_PROCESS, 0, -20) == 0, "priority");
  probe(syscall(SYS_ioprio_set, 1, 0, 1 << 13) == 0, "real-time disk priority");
  cpu_set_t before;
  cpu_set_t all;
  memset(&all, 0xFF, sizeof all);
  sched_getaffinity(0, sizeof before, &before);
  note("processors", CPU_COUNT(&before));
  int had = CPU_COUNT(&before);
  probe(sched_setaffinity(0, sizeof all, &all) == 0 &&
            sched_getaffinity(0, sizeof all, &all) == 0 && CPU_COUNT(&all) > had,
        "more processors");
}

static void all(void) {
  capabilities();
  for (long way = 0; way < 6; way++) {
    probe(in_child(root_again, way), "root %ld", way);
  }
  namespaces();
  for (long way = 0; way < 9; way++) {
    probe(in_child(mounts, way), "mount %ld", way);
  }
  devices();
  calls();
  limits();
}

static const struct mode MODES[] = {{"try", all}};
FAMILY(MODES)
