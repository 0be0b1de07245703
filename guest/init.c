#include "init.h"

#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fail.h"
#include "io.h"

static const struct {
  const char *type, *folder;
  unsigned long flags;
} MOUNTS[] = {
    {"proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC},
    {"sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC},
    {"devtmpfs", "/dev", MS_NOSUID | MS_NOEXEC},
    {"cgroup2", "/sys/fs/cgroup", MS_NOSUID | MS_NODEV | MS_NOEXEC},
};

/* Loads the modules of the list. One that the machine has no device for does no harm. */
static void load_modules(void) {
  char list[4096];
  if (!read_file("/modules/list", list, sizeof list)) {
    fail("The initramfs has no list of modules.");
  }
  for (char *name = strtok(list, "\n"); name != NULL; name = strtok(NULL, "\n")) {
    char path[256];
    snprintf(path, sizeof path, "/modules/%.200s", name);
    int module = UNBROKEN(open(path, O_RDONLY | O_CLOEXEC));
    if (module >= 0) {
      syscall(SYS_finit_module, module, "", 0);
      close(module);
    }
  }
}

void bring_up_loopback(void) {
  struct ifreq loopback = {.ifr_name = "lo"};
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &loopback) < 0) {
    fail("The machine has no loopback: %s.", strerror(errno));
  }
  loopback.ifr_flags |= IFF_UP;
  if (ioctl(fd, SIOCSIFFLAGS, &loopback) < 0) {
    fail("The machine's loopback can't be used: %s.", strerror(errno));
  }
  close(fd);
}

void begin_machine(void) {
  for (size_t i = 0; i < sizeof MOUNTS / sizeof *MOUNTS; i++) {
    mkdir(MOUNTS[i].folder, 0755);
    if (mount(MOUNTS[i].type, MOUNTS[i].folder, MOUNTS[i].type, MOUNTS[i].flags, NULL) < 0) {
      fail("%s can't be mounted: %s.", MOUNTS[i].folder, strerror(errno));
    }
  }
  write_file("/proc/self/oom_score_adj", "-1000");
  setpriority(PRIO_PROCESS, 0, -20);
  if (!write_file("/proc/sys/user/max_user_namespaces", "0")) {
    fail("User namespaces can't be ruled out: %s.", strerror(errno));
  }
  load_modules();
  bring_up_loopback();
}

void power_off(void) {
  for (;;) {
    reboot(RB_AUTOBOOT); /* with nothing to boot again, every monitor ends */
    sleep_milliseconds(1000);
  }
}

void power_off_with(const char *sentence) {
  int console = open("/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC);
  dprintf(console, "clinisandbox-guest: %s\n", sentence);
  power_off();
}
