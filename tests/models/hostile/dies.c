/* Ends in every way but its own exit with an answer. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "family.h"

static void segv(void) {
  volatile int *nowhere = NULL;
  *nowhere = 1;
}

static void killed(void) { kill(getpid(), SIGKILL); }

static void ended(void) { exit(3); }

/* Everybody of its process group, and everybody it may signal at all. */
static void group(void) { kill(0, SIGKILL); }

static void everybody(void) { kill(-1, SIGKILL); }

static const struct mode MODES[] = {
    {"segv", segv},   {"abort", abort}, {"kill", killed},
    {"exit-3", ended}, {"kill-group", group}, {"kill-everybody", everybody},
};
FAMILY(MODES)
