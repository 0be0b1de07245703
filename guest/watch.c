#include "watch.h"

#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

#include "fail.h"
#include "io.h"

int watch_signals(void) {
  sigset_t watched;
  sigemptyset(&watched);
  sigaddset(&watched, SIGCHLD);
  sigaddset(&watched, SIGTERM);
  sigprocmask(SIG_BLOCK, &watched, NULL);
  signal(SIGPIPE, SIG_IGN);
  int signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals < 0) {
    fail("The guest can't watch for signals: %s.", strerror(errno));
  }
  return signals;
}
