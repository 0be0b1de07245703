/* The guest: a sandbox's first process. docs/guest-protocol.md is its contract. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "confine.h"
#include "enter.h"
#include "fail.h"
#include "io.h"
#include "probe.h"
#include "serve.h"

int main(int count, char **arguments) {
  if (count > 1 && strcmp(arguments[1], "enter") == 0) {
    enter(arguments + 2);
  }
  if (count > 1 && strcmp(arguments[1], "probe") == 0) {
    return probe();
  }
  if (count != 1) {
    fail("usage: clinisandbox-guest [probe], or clinisandbox-guest enter OPTIONS -- PROGRAM ARGUMENTS");
  }
  close_from(STDERR_FILENO + 1);
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
    if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", O_RDWR) != stream) {
      fail("The guest lacks a standard stream and /dev/null.");
    }
  }
  hide();
  serve(&container);
}
