/* Does in a virtual machine what its request names, and says how that went. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void tell(const char *what, long result) {
  printf("%s=%s\n", what, result < 0 ? strerror(errno) : "allowed");
}

static int eat_memory(void) {
  for (;;) {
    char *more = malloc(1 << 20);
    if (more == NULL) {
      return 9;
    }
    memset(more, 1, 1 << 20);
  }
}

static int fill_tmp(void) {
  static char block[1 << 16];
  int file = open("/tmp/file", O_CREAT | O_WRONLY, 0600);
  long written = 0;
  for (ssize_t more; (more = write(file, block, sizeof block)) > 0; written += more) {
  }
  printf("wrote=%ld\n", written);
  return 0;
}

static int multiply(void) {
  for (int children = 0;; children++) {
    pid_t child = fork();
    if (child == 0) {
      pause();
    }
    if (child < 0) {
      printf("children=%d\n", children);
      return 0;
    }
  }
}

static int climb(void) {
  tell("vsock", socket(AF_VSOCK, SOCK_STREAM, 0));
  tell("raw", socket(AF_INET, SOCK_RAW, 1));
  tell("io_uring", syscall(SYS_io_uring_setup, 1, NULL));
  tell("namespace", unshare(CLONE_NEWUSER));
  tell("disk", open("/dev/vda", O_RDONLY));
  tell("root", open("/file", O_CREAT | O_WRONLY, 0600));
  tell("chroot", chroot("/tmp"));
  tell("guest", access("/proc/1/status", F_OK));
  return 0;
}

int main(void) {
  char line[64] = "";
  puts("{\"ready\":true}");
  fflush(stdout);
  fgets(line, sizeof line, stdin);
  if (strcmp(line, "memory\n") == 0) {
    return eat_memory();
  }
  if (strcmp(line, "tmp\n") == 0) {
    return fill_tmp();
  }
  if (strcmp(line, "processes\n") == 0) {
    return multiply();
  }
  if (strcmp(line, "climb\n") == 0) {
    return climb();
  }
  printf("time=%ld user=%d\n", (long)time(NULL), (int)getuid());
  return 0;
}
