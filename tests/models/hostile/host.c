/*
 * Looks for the host: other processes, its files, its devices, its kernel's controls, its name. The
 * inputs host_name and host_word are the host's name and a word that only the host's environment, command
 * lines or folder names hold.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "family.h"

extern char **environ;

static char text[64 * 1024];

static size_t slurp(const char *path) {
  int file = open(path, O_RDONLY | O_NONBLOCK);
  ssize_t size = file < 0 ? -1 : read(file, text, sizeof text - 1);
  close(file);
  text[size > 0 ? size : 0] = '\0';
  return size > 0 ? (size_t)size : 0;
}

/* Whether the host's word is in what was read last. */
static bool told(size_t size) {
  const char *word = word_or("host_word", "");
  return word[0] != '\0' && memmem(text, size, word, strlen(word)) != NULL;
}

static bool lists(const char *folder) {
  DIR *entries = opendir(folder);
  bool any = entries != NULL && readdir(entries) != NULL;
  if (entries != NULL) {
    closedir(entries);
  }
  return any;
}

static bool opens(const char *path, int how) {
  int file = open(path, how | O_NONBLOCK | O_NOCTTY);
  close(file);
  return file >= 0;
}

/* Of the sandbox's first process and this one's parent: whatever they are, they are not the model's. */
static void process(const char *who, pid_t pid) {
  static const char *const files[] = {"environ", "mem", "maps", "auxv", "stack", "syscall", "pagemap"};
  static const char *const folders[] = {"root", "cwd", "fd", "map_files"};
  char path[64];
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    snprintf(path, sizeof path, "/proc/%d/%s", pid, files[i]);
    int file = open(path, O_RDONLY);
    ssize_t got = file < 0 ? -1 : read(file, text, sizeof text);
    probe(got > 0, "%s %s", who, files[i]);
    close(file);
  }
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    snprintf(path, sizeof path, "/proc/%d/%s/", pid, folders[i]);
    probe(lists(path), "%s %s", who, folders[i]);
  }
  struct iovec here = {text, 16};
  struct iovec there = {(void *)0x400000, 16};
  probe(process_vm_readv(pid, &here, 1, &there, 1, 0) > 0, "%s process_vm_readv", who);
  int descriptor = (int)syscall(434 /* pidfd_open */, pid, 0);
  probe(descriptor >= 0 && syscall(438 /* pidfd_getfd */, descriptor, 0, 0) >= 0, "%s pidfd_getfd", who);
  bool held = ptrace(PTRACE_SEIZE, pid, 0, 0) == 0;
  probe(held, "%s ptrace", who);
  if (held) {
    ptrace(PTRACE_DETACH, pid, 0, 0);
  }
  snprintf(path, sizeof path, "/proc/%d/oom_score_adj", pid);
  probe(opens(path, O_WRONLY), "%s oom_score_adj", who);
  struct rlimit limit;
  probe(prlimit(pid, RLIMIT_NOFILE, NULL, &limit) == 0 && prlimit(pid, RLIMIT_NOFILE, &limit, NULL) == 0,
        "%s prlimit", who);
}

/* Signal 0 asks whether a process is there; nobody is harmed. */
static void processes(void) {
  long others = 0;
  for (pid_t pid = 2; pid < 1 << 16; pid++) {
    if (pid != getpid() && pid != getppid() && (kill(pid, 0) == 0 || errno == EPERM) &&
        syscall(SYS_getpgid, pid) != getpgid(0)) {
      others++;
    }
  }
  probe(others > 0, "%ld other processes answer to signals", others);
  others = 0;
  DIR *entries = opendir("/proc");
  for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
    pid_t pid = atoi(entry->d_name);
    if (pid > 1 && pid != getpid() && pid != getppid()) {
      char path[300];
      others++;
      snprintf(path, sizeof path, "/proc/%s/cmdline", entry->d_name);
      probe(told(slurp(path)), "a command line");
    }
  }
  probe(others > 0, "%ld other processes are listed", others);
  process("first", 1);
  process("parent", getppid());
}

static void kernel(void) {
  static const char *const reads[] = {
      "/proc/kcore", "/proc/kmsg",     "/proc/keys",  "/proc/timer_list", "/proc/sched_debug",
      "/proc/vmallocinfo", "/proc/slabinfo", "/dev/mem",  "/dev/kmsg",
      "/dev/kvm",    "/dev/fuse",      "/dev/net/tun", "/dev/vsock",      "/dev/vhost-vsock",
      "/dev/console", "/dev/tty0",     "/dev/sda",    "/dev/vda",         "/dev/loop-control",
      "/dev/mapper/control", "/dev/userfaultfd", "/dev/virtio-ports/", "/sys/kernel/debug/",
      "/sys/kernel/security/", "/sys/kernel/tracing/", "/sys/firmware/", "/sys/fs/bpf/"};
  static const char *const writes[] = {
      "/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname",
      "/proc/sys/kernel/modprobe", "/proc/sys/kernel/randomize_va_space", "/proc/sys/vm/overcommit_memory",
      "/proc/sys/fs/binfmt_misc/register", "/proc/sys/net/ipv4/ip_forward",
      "/proc/acpi/wakeup",
      "/sys/kernel/uevent_helper", "/sys/power/state", "/sys/fs/cgroup/cgroup.procs",
      "/sys/fs/cgroup/release_agent", "/sys/fs/cgroup/memory/cgroup.procs",
      "/sys/fs/cgroup/pids/cgroup.procs", "/sys/fs/cgroup/memory/memory.limit_in_bytes",
      "/sys/kernel/mm/ksm/run", "/sys/bus/pci/rescan", "/sys/module/kernel/parameters/panic"};
  for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
    probe(opens(reads[i], O_RDONLY) && (reads[i][strlen(reads[i]) - 1] != '/' || lists(reads[i])), "%s", reads[i]);
  }
  for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
    probe(opens(writes[i], O_WRONLY), "%s", writes[i]);
  }
  int score = open("/proc/self/oom_score_adj", O_WRONLY);
  probe(score >= 0 && write(score, "-1000", 5) == 5, "never killed for memory");
  probe(slurp("/proc/kallsyms") > 16 && strncmp(text, "0000000000000000", 16) != 0, "kernel addresses");
}

static void files(void) {
  static const char *const hosts[] = {
      "/etc/shadow", "/etc/passwd", "/etc/hostname", "/etc/machine-id", "/etc/ssh", "/root", "/home",
      "/boot", "/var/lib", "/var/log", "/var/run/secrets", "/run/secrets", "/.dockerenv", "/work", "/data",
      "/usr/bin/bash", "/usr/bin/java", "/opt", "/mnt", "/media", "/sys/class/dmi/id/product_uuid"};
  static const char *const said[] = {"/proc/self/mountinfo", "/proc/self/environ", "/proc/self/cgroup",
                                     "/proc/cmdline", "/proc/1/cmdline", "/proc/swaps", "/proc/mounts"};
  static const char *const usual[] = {".", "..", "null", "zero", "full", "random", "urandom", "tty",
                                      "shm", "fd", "stdin", "stdout", "stderr", "ptmx", "pts", "core",
                                      "console"};
  struct stat found;
  for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
    probe(lstat(hosts[i], &found) == 0, "%s", hosts[i]);
  }
  for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
    probe(told(slurp(said[i])), "the host's word in %s", said[i]);
  }
  DIR *devices = opendir("/dev");
  for (struct dirent *entry; devices != NULL && (entry = readdir(devices)) != NULL;) {
    size_t i = 0;
    while (i < sizeof usual / sizeof *usual && strcmp(entry->d_name, usual[i]) != 0) {
      i++;
    }
    probe(i == sizeof usual / sizeof *usual, "/dev/%.32s", entry->d_name);
  }
}

static void given(void) {
  long variables = 0;
  for (int fd = 3; fd < 4096; fd++) {
    probe(fcntl(fd, F_GETFD) >= 0, "descriptor %d", fd);
  }
  while (environ != NULL && environ[variables] != NULL) {
    variables++;
  }
  note("variables", variables);
  struct utsname name;
  const char *host = word_or("host_name", "");
  probe(uname(&name) == 0 && host[0] != '\0' && strcmp(name.nodename, host) == 0, "host name");
  note("uid", getuid());
  note("gid", getgid());
  note("pid", getpid());
  struct rlimit core = {1, 1};
  probe(getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur != 0, "core dumps");
}

static void all(void) {
  given();
  files();
  kernel();
  processes();
}

static const struct mode MODES[] = {{"look", all}};
FAMILY(MODES)
