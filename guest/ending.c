#include "ending.h"

#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fail.h"
#include "io.h"

/* The parent of a process, 0 when there is no such process. */
static pid_t parent_of(const char *pid) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
  if (!read_file(path, text, sizeof text)) {
    return 0;
  }
  const char *after_name = strrchr(text, ')');
  int parent = 0;
  return after_name != NULL && sscanf(after_name, ") %*c %d", &parent) == 1 ? parent : 0;
}

void keep_orphans(void) {
  if (getpid() == 1) {
    return;
  }
  char own[16];
  snprintf(own, sizeof own, "%d", getpid());
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 || parent_of(own) != getppid()) {
    fail("The guest is not process 1 and has no /proc of its own: it could not end what a model"
         " leaves behind.");
  }
}

static void kill_children(void) {
  DIR *processes = opendir("/proc");
  if (processes == NULL) {
    return;
  }
  for (const struct dirent *entry; (entry = readdir(processes)) != NULL;) {
    if (isdigit((unsigned char)entry->d_name[0]) && parent_of(entry->d_name) == getpid()) {
      kill(atoi(entry->d_name), SIGKILL);
    }
  }
  closedir(processes);
}

void end_everything(void) {
  bool first = getpid() == 1;
  for (;;) {
    pid_t reaped;
    do {
      reaped = UNBROKEN(waitpid(-1, NULL, WNOHANG));
    } while (reaped > 0);
    if (reaped < 0) {
      return;
    }
    if (first) {
      kill(-1, SIGKILL);
    } else {
      kill_children();
    }
    sleep_milliseconds(1);
  }
}
