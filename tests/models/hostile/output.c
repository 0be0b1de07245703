/*
 * Says things that no answer may be, where that needs time, processes or signals. (The folders beside
 * this one have what a single write can do.)
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "family.h"

static const char ANSWER[] = "{\"outcome\":\"low\",\"score\":1}\n";

enum { GIB_IN_BLOCKS = 16 * 1024 };

static void rest(long milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&time, NULL);
}

static void say(const char *text) { write(STDOUT_FILENO, text, strlen(text)); }

static _Noreturn void stay(void) {
  for (;;) {
    rest(1000);
  }
}

/* A second line when the first is long taken. */
static void late_line(void) {
  say(ANSWER);
  rest(300);
  say(ANSWER);
  exit(0);
}

/* A good answer from a process that does not end. */
static void answer_and_stay(void) {
  say(ANSWER);
  stay();
}

/* An end of output without an end of the process. */
static void close_and_stay(void) {
  say(ANSWER);
  close(STDOUT_FILENO);
  close(STDERR_FILENO);
  stay();
}

/* A line that gets longer for ever, but slowly. */
static void drip(void) {
  say("{\"outcome\":\"");
  for (;;) {
    say("x");
    rest(50);
  }
}

/* The answer comes from a grandchild, after the model's own end. */
static void from_the_grave(void) {
  if (fork() == 0) {
    rest(300);
    say(ANSWER);
    exit(0);
  }
  exit(0);
}

/* A gibibyte for a file descriptor, then a good answer where that is standard error. */
static void pour(int descriptor) {
  static char block[64 * 1024];
  memset(block, 'x', sizeof block);
  for (int i = 0; i < GIB_IN_BLOCKS; i++) {
    write(descriptor, block, sizeof block);
  }
}

static void log_flood(void) { pour(STDERR_FILENO); }

/* One line of 1 GiB that does end. */
static void huge_line(void) {
  say("{\"outcome\":\"");
  pour(STDOUT_FILENO);
  say("\"}\n");
  exit(0);
}

/* Bytes until the ready line: with "early", a flood before it. */
static void many_lines(void) {
  for (int i = 0; i < 1000000; i++) {
    say("{}\n");
  }
  exit(0);
}

static const struct mode MODES[] = {
    {"late-line", late_line},   {"answer-and-stay", answer_and_stay},
    {"drip", drip},             {"close-and-stay", close_and_stay},
    {"log-flood", log_flood},   {"from-the-grave", from_the_grave},
    {"huge-line", huge_line},   {"many-lines", many_lines},
};
FAMILY(MODES)
