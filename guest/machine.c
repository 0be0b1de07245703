/* A virtual machine, in which the guest is process 1. */
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "fail.h"
#include "io.h"
#include "init.h"
#include "jail.h"
#include "place.h"
#include "port.h"
#include "standin.h"

/* Of <linux/random.h>. */
enum { ADD_ENTROPY = 0x40085203, RESEED = 0x5207 };

struct entropy {
  int bits, length;
  unsigned char bytes[RANDOM_BYTES];
};

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
}

static struct model beside(const struct config *config, pid_t model) {
  keep_namespace(model);
  return start_stand_in(config);
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
    .stand_in = beside,
    .tick = tick,
    .met_memory_limit = jail_met_memory_limit,
    .leave = leave,
};
