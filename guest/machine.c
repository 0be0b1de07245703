/* A virtual machine, in which the guest is process 1. */
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fail.h"
#include "io.h"
#include "init.h"
#include "jail.h"
#include "place.h"
#include "port.h"

/* Of <linux/random.h>. */
enum { ADD_ENTROPY = 0x40085203, RESEED = 0x5207 };

struct entropy {
  int bits, length;
  unsigned char bytes[RANDOM_BYTES];
};

/*
 * Goes once through what the kernel does for a request: pipes, a process that wakes, its end. A clone
 * without the processor's help translates it now, before its patient waits.
 */
static void rehearse(void) {
  int there[2], back[2];
  char byte = 0;
  if (pipe2(there, O_CLOEXEC) < 0 || pipe2(back, O_CLOEXEC) < 0) {
    fail("The machine has no pipes: %s.", strerror(errno));
  }
  pid_t child = fork();
  if (child == 0) {
    _exit(read(there[0], &byte, 1) == 1 && write(back[1], &byte, 1) == 1 ? 0 : 1);
  }
  struct pollfd answer = {back[0], POLLIN, 0};
  if (child < 0 || write(there[1], &byte, 1) != 1 || UNBROKEN(poll(&answer, 1, -1)) < 0 ||
      UNBROKEN(read(back[0], &byte, 1)) != 1 || UNBROKEN(waitpid(child, NULL, 0)) < 0) {
    fail("The machine can't start a process: %s.", strerror(errno));
  }
  for (int i = 0; i < 2; i++) {
    close(there[i]);
    close(back[i]);
  }
}

/* Untold, a clone goes on with the time and the randomness of the machine it was taken from. */
static void tick(int64_t nanoseconds, const unsigned char random[RANDOM_BYTES]) {
  struct timespec now = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  if (nanoseconds < 0 || clock_settime(CLOCK_REALTIME, &now) < 0) {
    fail("The machine's clock can't be set.");
  }
  struct entropy entropy = {RANDOM_BYTES * 8, RANDOM_BYTES, {0}};
  memcpy(entropy.bytes, random, RANDOM_BYTES);
  int pool = UNBROKEN(open("/dev/random", O_RDWR | O_CLOEXEC));
  if (pool < 0 || ioctl(pool, (int)ADD_ENTROPY, &entropy) < 0 || ioctl(pool, (int)RESEED) < 0) {
    fail("The machine's random generator can't be fed: %s.", strerror(errno));
  }
  close(pool);
  rehearse();
}

/* The host ends the machine. It has the last frame when it closes the stream. */
static void leave(const struct stream *stream) {
  struct pollfd closed = {stream->in, POLLIN, 0};
  unsigned char rest[512];
  while (UNBROKEN(poll(&closed, 1, -1)) > 0 &&
         (UNBROKEN(read(stream->in, rest, sizeof rest)) > 0 || errno == EAGAIN)) {
  }
  power_off();
}

const struct place machine = {
    .connect = connect_port,
    .prepare = build_jail,
    .enter = enter_jail,
    .become_nobody = become_nobody,
    .tick = tick,
    .met_memory_limit = jail_met_memory_limit,
    .leave = leave,
};
