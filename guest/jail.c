#include "jail.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "fail.h"
#include "io.h"
#include "sockets.h"

#define ROOT "/model"
#define GROUP "/sys/fs/cgroup/model"
#define GROUP_BESIDE "/sys/fs/cgroup/beside"
#define DISK "/dev/vda"

enum { NOBODY = 65534, SOMEBODY_ELSE = 65533, DISK_WAIT_MILLISECONDS = 5000 };

static const struct {
  const char *path;
  unsigned minor;
} DEVICES[] = {
    {ROOT "/dev/null", 3},   {ROOT "/dev/zero", 5},    {ROOT "/dev/full", 7},
    {ROOT "/dev/random", 8}, {ROOT "/dev/urandom", 9},
};

static const struct {
  const char *path, *target;
} LINKS[] = {
    {ROOT "/dev/fd", "/proc/self/fd"},       {ROOT "/dev/stdin", "/proc/self/fd/0"},
    {ROOT "/dev/stdout", "/proc/self/fd/1"}, {ROOT "/dev/stderr", "/proc/self/fd/2"},
    {ROOT "/dev/shm", "/tmp"},
};

static char tmp_options[64];

static void mount_at(const char *what, const char *folder, const char *type, unsigned long flags,
                     const char *options) {
  if (mount(what, folder, type, flags, options) < 0) {
    fail("The image has no folder %s that can be mounted on: %s.", folder + strlen(ROOT),
         strerror(errno));
  }
}

static void mount_disk(void) {
  for (int waited = 0; access(DISK, F_OK) < 0; waited++) {
    if (waited == DISK_WAIT_MILLISECONDS) {
      fail("The machine has no disk with the image.");
    }
    sleep_milliseconds(1);
  }
  mkdir(ROOT, 0755);
  if (mount(DISK, ROOT, "ext4", MS_RDONLY | MS_NOSUID | MS_NODEV, NULL) < 0) {
    fail("The machine's disk can't be mounted as ext4: %s.", strerror(errno));
  }
}

static void mount_tmp(void) {
  mount_at("tmp", ROOT "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, tmp_options);
}

static void furnish(void) {
  mount_tmp();
  mount_at("proc", ROOT "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=2");
  mount_at("dev", ROOT "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k");
  for (size_t i = 0; i < sizeof DEVICES / sizeof *DEVICES; i++) {
    if (mknod(DEVICES[i].path, S_IFCHR | 0666, makedev(1, DEVICES[i].minor)) < 0) {
      fail("A device can't be made: %s.", strerror(errno));
    }
  }
  for (size_t i = 0; i < sizeof LINKS / sizeof *LINKS; i++) {
    if (symlink(LINKS[i].target, LINKS[i].path) < 0) {
      fail("A link to a device can't be made: %s.", strerror(errno));
    }
  }
  mount_at(NULL, ROOT "/dev", NULL, MS_REMOUNT | MS_NOSUID | MS_NOEXEC | MS_RDONLY, NULL);
}

static void govern(const char *group, const char *file, const char *value) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", group, file);
  if (!write_file(path, value)) {
    fail("The model's control group does not take %s: %s.", file, strerror(errno));
  }
}

static void make_group(const char *group, const struct config *config) {
  char memory[24], processes[24];
  snprintf(memory, sizeof memory, "%llu", config->memory);
  snprintf(processes, sizeof processes, "%llu", config->processes);
  if (mkdir(group, 0755) < 0) {
    fail("The model's control group can't be made: %s.", strerror(errno));
  }
  govern(group, "memory.max", memory);
  govern(group, "memory.oom.group", "1");
  govern(group, "pids.max", processes);
}

void build_jail(const struct config *config) {
  if (config->memory == 0 || config->processes == 0 || config->tmp == 0) {
    fail("The configuration lacks memory, processes or tmp, which a machine needs.");
  }
  if (!write_file("/sys/fs/cgroup/cgroup.subtree_control", "+memory +pids")) {
    fail("The machine has no control groups: %s.", strerror(errno));
  }
  make_group(GROUP, config);
  make_group(GROUP_BESIDE, config);
  mount_disk();
  snprintf(tmp_options, sizeof tmp_options, "mode=1777,size=%llu", config->tmp);
  furnish();
}

static void join(const char *group, const char *first_to_go) {
  govern(group, "cgroup.procs", "0");
  if (!write_file("/proc/self/oom_score_adj", first_to_go)) {
    fail("The model can't be given its place in want of memory: %s.", strerror(errno));
  }
  setpriority(PRIO_PROCESS, 0, 0);
  if (unshare(CLONE_NEWNS) < 0) {
    fail("A mount namespace can't be made: %s.", strerror(errno));
  }
}

static void change_root(void) {
  if (chdir(ROOT) < 0 || mount(".", "/", NULL, MS_MOVE, NULL) < 0 || chroot(".") < 0 ||
      chdir("/") < 0) {
    fail("The image can't be made the model's root: %s.", strerror(errno));
  }
}

void enter_jail(void) {
  join(GROUP, "0");
  change_root();
}

void enter_beside(void) {
  join(GROUP_BESIDE, "1000");
  mount_tmp();
  change_root();
}

void end_beside(void) { govern(GROUP_BESIDE, "cgroup.kill", "1"); }

static void become(unsigned user) {
  deny_sockets_to_host();
  if (setresgid(user, user, user) < 0 || setresuid(user, user, user) < 0) {
    fail("The guest can't become user %u: %s.", user, strerror(errno));
  }
}

void become_nobody(void) { become(NOBODY); }

void become_somebody_else(void) { become(SOMEBODY_ELSE); }

void keep_namespace(pid_t process) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/ns/mnt", process);
  if (UNBROKEN(open(path, O_RDONLY | O_CLOEXEC)) < 0 && errno != ENOENT) {
    fail("The model's namespace can't be kept: %s.", strerror(errno));
  }
}

bool jail_met_memory_limit(void) {
  char events[1024];
  if (!read_file(GROUP "/memory.events", events, sizeof events)) {
    return false;
  }
  const char *killed = strstr(events, "\noom_kill ");
  return killed != NULL && atoll(killed + strlen("\noom_kill ")) > 0;
}
