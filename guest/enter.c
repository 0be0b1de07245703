#include "enter.h"

#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include "confine.h"
#include "fail.h"
#include "io.h"

enum { OPENED_MOST = 1023 };

static const struct {
  const char *name;
  int resource;
} LIMITS[] = {
    {"as", RLIMIT_AS},         {"core", RLIMIT_CORE},   {"cpu", RLIMIT_CPU},
    {"fsize", RLIMIT_FSIZE},   {"nofile", RLIMIT_NOFILE}, {"nproc", RLIMIT_NPROC},
    {"memlock", RLIMIT_MEMLOCK},
};

static void refuse(const char *sentence) {
  dprintf(STDERR_FILENO, "clinisandbox-guest: %s\n", sentence);
  _exit(125);
}

static void join(const char *folder) {
  char path[PATH_MAX];
  if ((size_t)snprintf(path, sizeof path, "%s/cgroup.procs", folder) >= sizeof path) {
    fail("The control group's path %.64s... is too long.", folder);
  }
  if (!write_file(path, "0")) {
    fail("The control group %s can't be joined: %s.", folder, strerror(errno));
  }
}

static void bind_folder(const char *source, const char *target) {
  static bool apart;
  if (!apart && (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)) {
    fail("A mount namespace can't be made: %s; --bind needs root.", strerror(errno));
  }
  apart = true;
  static const unsigned long READ_ONLY =
      MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV;
  if (mount(source, target, NULL, MS_BIND, NULL) < 0 ||
      mount(NULL, target, NULL, READ_ONLY, NULL) < 0) {
    fail("%s can't be made visible at %s: %s.", source, target, strerror(errno));
  }
}

static void open_as(const char *option) {
  const char *file = strchr(option, '=');
  char digits[8] = "";
  unsigned long long number;
  if (file != NULL && file - option < (ptrdiff_t)sizeof digits) {
    memcpy(digits, option, (size_t)(file - option));
  }
  if (!read_number(digits, STDERR_FILENO + 1, OPENED_MOST, &number)) {
    fail("--open wants FD=FILE with a descriptor from 3 to %d, not %.128s.", OPENED_MOST, option);
  }
  int opened = UNBROKEN(open(file + 1, O_RDONLY | O_CLOEXEC));
  bool kept = opened == (int)number ? fcntl(opened, F_SETFD, 0) == 0
                                    : opened >= 0 && dup2(opened, (int)number) >= 0;
  if (!kept) {
    fail("%s can't be opened as descriptor %llu: %s.", file + 1, number, strerror(errno));
  }
  if (opened != (int)number) {
    close(opened);
  }
}

static void limit(const char *option) {
  size_t length = strcspn(option, "=");
  for (size_t i = 0; i < sizeof LIMITS / sizeof *LIMITS; i++) {
    unsigned long long value;
    if (strlen(LIMITS[i].name) == length && strncmp(LIMITS[i].name, option, length) == 0 &&
        option[length] == '=' && read_number(option + length + 1, 0, LLONG_MAX, &value)) {
      struct rlimit both = {value, value};
      if (setrlimit(LIMITS[i].resource, &both) < 0) {
        fail("The limit %s can't be set: %s.", option, strerror(errno));
      }
      return;
    }
  }
  fail("--limit wants NAME=VALUE with as, core, cpu, fsize, nofile, nproc or memlock, not %.128s.",
       option);
}

static void become(const char *user) {
  unsigned long long number;
  if (!read_number(user, 1, UINT_MAX - 1, &number)) {
    fail("--user wants a number from 1, not %.64s.", user);
  }
  uid_t id = (uid_t)number;
  if (setgroups(0, NULL) < 0 || setresgid(id, id, id) < 0 || setresuid(id, id, id) < 0) {
    fail("User %s can't be taken: %s; --user needs root.", user, strerror(errno));
  }
}

/* How many values an option has, 0 for what is none. */
static int values(const char *option) {
  if (strcmp(option, "--bind") == 0) {
    return 2;
  }
  bool known = strcmp(option, "--cgroup") == 0 || strcmp(option, "--user") == 0 ||
               strcmp(option, "--limit") == 0 || strcmp(option, "--open") == 0;
  return known ? 1 : 0;
}

/* The program's place after "--", with every option before it looked at. */
static char **program(char **arguments) {
  while (*arguments != NULL && strcmp(*arguments, "--") != 0) {
    const char *option = *arguments;
    int left = values(option);
    if (left == 0) {
      fail("enter does not know %.64s.", option);
    }
    for (arguments++; left > 0; left--, arguments++) {
      if (*arguments == NULL) {
        fail("%s lacks a value.", option);
      }
    }
  }
  if (*arguments == NULL || arguments[1] == NULL) {
    fail("enter wants: OPTIONS -- PROGRAM ARGUMENTS.");
  }
  return arguments + 1;
}

/* Follows each option of that name, in their order. */
static void follow(char **arguments, const char *name) {
  while (strcmp(*arguments, "--") != 0) {
    char **value = arguments + 1;
    if (strcmp(*arguments, name) != 0) {
      arguments = value + values(*arguments);
      continue;
    }
    arguments = value + values(name);
    if (strcmp(name, "--cgroup") == 0) {
      join(value[0]);
    } else if (strcmp(name, "--bind") == 0) {
      bind_folder(value[0], value[1]);
    } else if (strcmp(name, "--open") == 0) {
      open_as(value[0]);
    } else if (strcmp(name, "--limit") == 0) {
      limit(value[0]);
    } else {
      become(value[0]);
    }
  }
}

void enter(char **arguments) {
  /* What must be done with every right comes first; a new user forgets the parent's death. */
  static const char *const ORDER[] = {"--cgroup", "--bind", "--open", "--limit", "--user"};
  on_failure(refuse);
  close_from(STDERR_FILENO + 1);
  pid_t parent = getppid();
  die_with(parent);
  char **first = program(arguments);
  /* Where memory runs out on the host, what is in a sandbox goes before what made it. */
  write_file("/proc/self/oom_score_adj", "1000");
  for (size_t i = 0; i < sizeof ORDER / sizeof *ORDER; i++) {
    follow(arguments, ORDER[i]);
  }
  die_with(parent);
  execvp(first[0], first);
  fail("%s can't be started: %s.", first[0], strerror(errno));
}
