/*
 * Tries for files, folders, the environment and arguments, and says in details what it got: for each
 * path "opened" or the number of the error, and how many arguments and variables there are.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wasi/api.h>

#include "../../../models/common/reply.h"
#include "../../../models/common/request.h"

extern char **environ;

static bool got;

static void report(const char *name, bool success) {
  char text[32];
  snprintf(text, sizeof text, "errno %d", errno);
  got = got || success;
  reply_text(name, success ? "opened" : text);
}

int main(void) {
  static const char *const paths[] = {"/", ".", "..", "/etc/passwd", "/tmp", "/proc/self/environ", ""};
  static const char *const names[] = {"PATH", "HOME", "DATABASE_URL", "CLINISANDBOX_MASTER_KEY"};
  say_ready();
  read_request();
  reply_begin();
  reply_object("details");
  reply_object("open");
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    report(paths[i], open(paths[i], O_RDONLY) >= 0);
  }
  report("/tmp/written", open("/tmp/written", O_WRONLY | O_CREAT, 0600) >= 0);
  reply_end();
  reply_object("stat");
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    struct stat found;
    report(paths[i], stat(paths[i], &found) == 0);
  }
  reply_end();
  reply_object("descriptors");
  for (int fd = 3; fd < 16; fd++) {
    struct stat found;
    char name[8];
    snprintf(name, sizeof name, "%d", fd);
    report(name, fstat(fd, &found) == 0);
  }
  reply_end();
  reply_object("getenv");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    reply_flag(names[i], getenv(names[i]) != NULL);
    got = got || getenv(names[i]) != NULL;
  }
  reply_end();
  int variables = 0;
  while (environ != NULL && environ[variables] != NULL) {
    variables++;
  }
  reply_whole("variables", variables);
  size_t arguments = 0;
  size_t bytes = 0;
  bool counted = __wasi_args_sizes_get(&arguments, &bytes) == __WASI_ERRNO_SUCCESS;
  reply_whole("arguments", counted ? (long)arguments : -1);
  reply_end();
  reply_text("outcome", got ? "reached" : "nothing");
  reply_whole("score", got);
  reply_send();
  return 0;
}
