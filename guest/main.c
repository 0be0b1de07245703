/* The guest: a sandbox's first process. docs/guest-protocol.md is its contract. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "confine.h"
#include "enter.h"
#include "fail.h"
#include "init.h"
#include "io.h"
#include "place.h"
#include "probe.h"
#include "serve.h"

/* As the kernel names the first process of an initramfs. */
static const char INIT[] = "/init";

/* No pipe may get the number of a standard stream. */
static void hold_standard_streams(void) {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
    if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", O_RDWR) != stream) {
      fail("The guest lacks a standard stream and /dev/null.");
    }
  }
}

_Noreturn static void be_machine(void) {
  on_failure(power_off_with);
  hide();
  begin_machine();
  hold_standard_streams();
  serve(&machine);
}

int main(int count, char **arguments) {
  if (getpid() == 1 && strcmp(arguments[0], INIT) == 0) {
    be_machine();
  }
  if (count > 1 && strcmp(arguments[1], "enter") == 0) {
    enter(arguments + 2);
  }
  if (count > 1 && strcmp(arguments[1], "probe") == 0) {
    return probe();
  }
  if (count != 1) {
    fail("usage: clinisandbox-guest [probe | enter OPTIONS -- PROGRAM ARGUMENTS]");
  }
  hide();
  close_from(STDERR_FILENO + 1);
  hold_standard_streams();
  serve(&container);
}
