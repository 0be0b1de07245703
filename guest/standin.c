#include "standin.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "init.h"
#include "io.h"
#include "jail.h"
#include "place.h"

/* What it may say before the end of its first line; the model's own limits are the host's to hold. */
enum { HEARD_MOST = 64 * 1024 };

static const struct place beside = {
    .enter = enter_beside,
    .become_nobody = become_somebody_else,
};

static const char *const APART[] = {"/proc/self/ns/net", "/proc/self/ns/ipc"};

enum { SPACES = sizeof APART / sizeof *APART };

/* Never closed: to take a namespace apart is long work. */
static void open_spaces(int spaces[SPACES]) {
  for (int i = 0; i < SPACES; i++) {
    spaces[i] = UNBROKEN(open(APART[i], O_RDONLY | O_CLOEXEC));
  }
}

static struct model start_apart(const struct config *config) {
  int own[SPACES], others[SPACES];
  open_spaces(own);
  if (unshare(CLONE_NEWNET | CLONE_NEWIPC) < 0) {
    fail("The guest can't make namespaces: %s.", strerror(errno));
  }
  open_spaces(others);
  bring_up_loopback();
  struct model stand_in = start_model(config, &beside);
  for (int i = 0; i < SPACES; i++) {
    if (setns(own[i], 0) < 0) {
      fail("The guest can't return to its namespaces: %s.", strerror(errno));
    }
  }
  return stand_in;
}

/* Hears it out until its first line's end. */
static bool await_ready(const struct model *stand_in) {
  char bytes[512];
  struct pollfd fds[] = {{stand_in->out, POLLIN, 0}, {stand_in->err, POLLIN, 0}};
  for (size_t heard = 0; heard < HEARD_MOST;) {
    if (UNBROKEN(poll(fds, 2, -1)) < 0) {
      return false;
    }
    for (int i = 0; i < 2; i++) {
      ssize_t length = fds[i].revents == 0 ? 0 : UNBROKEN(read(fds[i].fd, bytes, sizeof bytes));
      if (length > 0) {
        heard += (size_t)length;
        if (i == 0 && memchr(bytes, '\n', (size_t)length) != NULL) {
          return true;
        }
      } else if (fds[i].revents != 0) {
        if (i == 0) {
          return false;
        }
        fds[i].fd = -1;
      }
    }
  }
  return false;
}

struct model start_stand_in(const struct config *config) {
  if (config->rehearsal == NULL) {
    return (struct model){0};
  }
  struct model stand_in = start_apart(config);
  keep_namespace(stand_in.first);
  if (!await_ready(&stand_in)) {
    end_stand_in(&stand_in);
  }
  return stand_in;
}

void end_stand_in(struct model *stand_in) {
  end_beside();
  if (stand_in->translator > 0) {
    kill(stand_in->translator, SIGKILL);
  }
  close(stand_in->in);
  close(stand_in->out);
  close(stand_in->err);
  *stand_in = (struct model){0};
}
