/* A model that does, when asked, what its first argument says, and replies what came of it. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MIB = 1 << 20, TEXT = 8192, PACKET = 17, VSOCK = 40 };

static void reply_text(const char *text, int length) {
  for (int i = 0; i < length; i++) {
    putchar(text[i] >= ' ' && text[i] <= '~' ? text[i] : '|');
  }
  putchar('\n');
}

static long eat(long most) {
  long eaten = 0;
  for (char *more; eaten < most && (more = malloc(MIB)) != NULL; eaten++) {
    memset(more, 1, MIB);
  }
  return eaten;
}

static long fill(const char *path) {
  static char block[1 << 16];
  int file = open(path, O_CREAT | O_WRONLY, 0600);
  long written = 0;
  for (ssize_t more; file >= 0 && (more = write(file, block, sizeof block)) > 0;) {
    written += more;
  }
  return file < 0 ? -errno : written;
}

static int reach(int type, const char *address, int port) {
  struct sockaddr_in there = {.sin_family = AF_INET,
                              .sin_port = htons((unsigned short)port),
                              .sin_addr.s_addr = inet_addr(address)};
  return connect(socket(AF_INET, type, 0), (struct sockaddr *)&there, sizeof there);
}

static int reach_self(void) {
  struct sockaddr_in here = {
      .sin_family = AF_INET, .sin_port = htons(8080), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  return bind(listener, (struct sockaddr *)&here, sizeof here) < 0 || listen(listener, 1) < 0
             ? -1
             : reach(SOCK_STREAM, "127.0.0.1", 8080);
}

static void *wait_for_ever(void *nothing) {
  pause();
  return nothing;
}

static long multiply(bool threads) {
  for (long made = 0;; made++) {
    pthread_t thread;
    pid_t child = threads ? 1 : fork();
    if (child == 0) {
      pause();
    }
    if (child < 0 || (threads && pthread_create(&thread, NULL, wait_for_ever, NULL) != 0)) {
      return made;
    }
  }
}

int main(int count, char **arguments) {
  char line[TEXT], text[TEXT];
  puts("{\"ready\":true}");
  fflush(stdout);
  if (fgets(line, sizeof line, stdin) == NULL) {
    return 1;
  }
  const char *act = arguments[1], *object = count > 2 ? arguments[2] : "";
  if (strcmp(act, "abort") == 0) {
    abort();
  } else if (strcmp(act, "spin") == 0) {
    signal(SIGTERM, SIG_IGN);
    for (volatile int i = 0;; i++) {
    }
  } else if (strcmp(act, "eat") == 0) {
    printf("%ld\n", eat(atol(object)));
  } else if (strcmp(act, "eat-in-thirty") == 0) {
    for (int i = 0; i < 30; i++) {
      if (fork() == 0) {
        eat(atol(object));
        pause();
      }
    }
    pause();
  } else if (strcmp(act, "fork") == 0 || strcmp(act, "thread") == 0) {
    printf("%ld\n", multiply(strcmp(act, "thread") == 0));
  } else if (strcmp(act, "bomb") == 0) {
    for (;;) {
      fork();
    }
  } else if (strcmp(act, "fill") == 0) {
    printf("%ld\n", fill(object));
  } else if (strcmp(act, "flood") == 0) {
    for (;;) {
      printf("flood ");
    }
  } else if (strcmp(act, "reach") == 0) {
    printf("%d %d %d %d %d %d\n", reach_self(), reach(SOCK_STREAM, "192.0.2.1", 80),
           reach(SOCK_DGRAM, "192.0.2.1", 53), socket(AF_INET, SOCK_RAW, 1),
           socket(PACKET, SOCK_RAW, 0), socket(VSOCK, SOCK_STREAM, 0));
  } else if (strcmp(act, "show") == 0) {
    int file = open(object, O_RDONLY);
    ssize_t length = read(file, text, sizeof text);
    reply_text(text, length < 0 ? 0 : (int)length);
  } else if (strcmp(act, "kernel-log") == 0) {
    reply_text(text, klogctl(3, text, sizeof text));
  } else {
    puts("{\"outcome\":\"ok\"}");
  }
  return 0;
}
