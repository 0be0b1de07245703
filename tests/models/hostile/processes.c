/* Programs that multiply, or do not end when they should. */
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "family.h"

enum { ENOUGH = 1 << 17, STACK = 16 * 1024 };

static void idle(void) {
  for (;;) {
    pause();
  }
}

static void ignore_all(void) {
  for (int number = 1; number < NSIG; number++) {
    signal(number, SIG_IGN);
  }
}

/* Children that stay until they are killed, as many as there may be. */
static void fork_bomb(void) {
  long children = 0;
  while (children < ENOUGH) {
    pid_t child = fork();
    if (child == 0) {
      ignore_all();
      idle();
    }
    if (child < 0) {
      break;
    }
    children++;
  }
  note("processes", children);
  probe(children == ENOUGH, "no limit");
}

/* Every process forks for ever. Nobody answers. */
static void fork_storm(void) {
  ignore_all();
  for (;;) {
    fork();
  }
}

static void *stay(void *nothing) {
  idle();
  return nothing;
}

static void threads(void) {
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, STACK);
  long started = 0;
  pthread_t thread;
  while (started < ENOUGH && pthread_create(&thread, &small, stay, NULL) == 0) {
    started++;
  }
  note("threads", started);
  probe(started == ENOUGH, "no limit");
}

/* A grandchild in a session of its own that keeps standard output and error open and heeds no signal. */
static void daemonise(void) {
  pid_t child = fork();
  if (child == 0) {
    setsid();
    if (fork() == 0) {
      ignore_all();
      prctl(PR_SET_PDEATHSIG, 0);
      idle();
    }
    _exit(0);
  }
  note("started", child > 0);
}

/* Works for ever and heeds no signal. */
static void stubborn(void) {
  ignore_all();
  for (volatile unsigned turn = 0;; turn++) {
  }
}

/* Waits for ever without work. */
static void sleeper(void) {
  ignore_all();
  idle();
}

/* Stops itself: it neither ends nor takes any more time. */
static void stopped(void) {
  for (;;) {
    raise(SIGSTOP);
  }
}

/* Works on every processor it can, at the best priority it can get, for ever. */
static void *work(void *nothing) {
  for (volatile unsigned turn = 0;; turn++) {
  }
  return nothing;
}

static void all_processors(void) {
  setpriority(PRIO_PROCESS, 0, -20);
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  pthread_t thread;
  for (long i = 0; i < 4 * processors; i++) {
    pthread_create(&thread, NULL, work, NULL);
  }
  work(NULL);
}

static const struct mode MODES[] = {
    {"fork-bomb", fork_bomb},   {"fork-storm", fork_storm}, {"threads", threads},
    {"daemon", daemonise},      {"stubborn", stubborn},     {"sleeper", sleeper},
    {"stopped", stopped},       {"all-processors", all_processors},
};
FAMILY(MODES)
