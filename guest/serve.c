#include "serve.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "configure.h"
#include "ending.h"
#include "fail.h"
#include "io.h"
#include "model.h"
#include "standin.h"
#include "watch.h"

enum { TICK_BYTES = 8 + RANDOM_BYTES };

static struct guest {
  const struct place *place;
  struct stream host;
  struct model model, stand_in; /* of the stand-in, first is 0 when there is none */
  const char *rehearsal;
  unsigned char *request; /* what the model has not taken of it */
  size_t request_length, request_sent;
  unsigned long ticks;                             /* not yet acknowledged */
  bool rehearsing;
  bool configured, requested, said_end, err_first; /* err_first: it is standard error's turn */
  int signals;
} guest = {.model = {.in = -1, .out = -1, .err = -1}};

_Noreturn static void leave(void) {
  end_everything();
  guest.place->leave(&guest.host);
  exit(0);
}

/* Tells the host what failed; no frame follows. */
static void tell_host(const char *sentence) {
  stream_finish(&guest.host);
  size_t length = strlen(sentence);
  memcpy(stream_room(&guest.host), sentence, length);
  stream_put(&guest.host, 'F', length);
  stream_finish(&guest.host);
  leave();
}

static void host_closed(void) {
  if (!guest.place->connect(&guest.host)) {
    leave();
  }
}

static void close_end(int *fd) {
  if (*fd >= 0) {
    close(*fd);
    *fd = -1;
  }
}

static void take_tick(const struct frame *frame) {
  if (frame->length != TICK_BYTES) {
    fail("The host sent a tick that has not %d bytes.", TICK_BYTES);
  }
  uint64_t time = 0;
  for (int i = 0; i < 8; i++) {
    time = time << 8 | frame->bytes[i];
  }
  guest.place->tick((int64_t)time, frame->bytes + 8);
  guest.ticks++;
}

/* Hands the request to the model. One that does not want it is its own affair. */
static void feed_model(void) {
  while (guest.request_sent < guest.request_length) {
    ssize_t written = UNBROKEN(write(guest.model.in, guest.request + guest.request_sent,
                                     guest.request_length - guest.request_sent));
    if (written < 0 && errno == EAGAIN) {
      return;
    }
    if (written < 0) {
      break;
    }
    guest.request_sent += (size_t)written;
  }
  free(guest.request);
  guest.request = NULL;
  close_end(&guest.model.in);
}

/* The request, which becomes a line. */
static void take_request(const struct frame *frame) {
  if (guest.requested) {
    fail("The host sent a second request.");
  }
  guest.requested = true;
  frame->bytes[frame->length] = '\n';
  guest.request = frame->bytes;
  guest.request_length = (size_t)frame->length + 1;
  if (guest.model.in >= 0) {
    feed_model();
  }
}

static void rehearse(void);

static void take_frame(const struct frame *frame) {
  if (guest.configured != (frame->type != 'C')) {
    fail(guest.configured ? "The host configured the guest twice."
                          : "The host sent a frame before it configured the guest.");
  }
  switch (frame->type) {
    case 'C': {
      struct config config = configure(frame);
      guest.configured = true;
      guest.place->prepare(&config);
      guest.rehearsal = config.rehearsal;
      guest.model = start_model(&config, guest.place);
      guest.stand_in = guest.place->stand_in(&config, guest.model.first);
      return;
    }
    case 'T':
      take_tick(frame);
      free(frame->bytes);
      rehearse();
      return;
    case 'Q':
      take_request(frame);
      return;
    default:
      fail("The host sent a frame of a type that the guest does not know.");
  }
}

static void hear_host(void) {
  struct frame frame;
  enum progress progress = stream_take(&guest.host, &frame);
  if (progress == WHOLE) {
    take_frame(&frame);
  } else if (progress == CLOSED) {
    host_closed();
  }
}

/* One frame of what the model wrote. After the model's end nothing more can come into the pipe. */
static void carry(int *fd, char type) {
  ssize_t length = UNBROKEN(read(*fd, stream_room(&guest.host), FRAME_OUT_MOST));
  if (length > 0) {
    stream_put(&guest.host, type, (size_t)length);
    guest.err_first = type == 'O';
  } else if (length == 0 || errno != EAGAIN || guest.model.ended) {
    close_end(fd);
  }
}

static void say_end(void) {
  int status = guest.model.status;
  bool exited = WIFEXITED(status);
  unsigned char *room = stream_room(&guest.host);
  room[0] = exited ? 0 : 1;
  room[1] = (unsigned char)(exited ? WEXITSTATUS(status) : WTERMSIG(status));
  room[2] = guest.place->met_memory_limit() ? 1 : 0;
  stream_put(&guest.host, 'X', 3);
  guest.said_end = true;
}

static void send_pending(void) {
  if (stream_pending(&guest.host) && stream_flush(&guest.host) == CLOSED) {
    host_closed();
  }
}

/* Sends the next frame, if there is one that no pipe has to be asked for. */
static void speak(void) {
  if (stream_pending(&guest.host)) {
    return;
  }
  if (guest.said_end) {
    leave();
  }
  if (guest.ticks > 0) {
    guest.ticks--;
    stream_put(&guest.host, 'T', 0);
  } else if (guest.model.ended && guest.model.out < 0 && guest.model.err < 0) {
    say_end();
  }
  send_pending();
}

/* A copied machine may miss the device's one word that there is something to read. */
enum { LOOK_AGAIN_MILLIS = 20 };

static void hear_signals(void) {
  struct signalfd_siginfo signals[2]; /* each of those watched, once at most */
  ssize_t length = UNBROKEN(read(guest.signals, signals, sizeof signals));
  for (ssize_t i = 0; i < length / (ssize_t)sizeof *signals; i++) {
    if (signals[i].ssi_signo == SIGTERM) {
      leave();
    }
  }
  if (reap(&guest.model, !guest.rehearsing)) {
    if (!guest.rehearsing) {
      end_everything();
    }
    close_end(&guest.model.in);
  }
}

/* Waits until something can be done, and does it. */
static void go_on(void) {
  bool pending = stream_pending(&guest.host);
  bool feeding = guest.request != NULL && guest.model.in >= 0;
  struct pollfd fds[] = {
      {guest.signals, POLLIN, 0},
      {guest.host.in, POLLIN, 0},
      {guest.host.out, pending ? POLLOUT : 0, 0},
      {feeding ? guest.model.in : -1, POLLOUT, 0},
      {pending ? -1 : guest.model.out, POLLIN, 0},
      {pending ? -1 : guest.model.err, POLLIN, 0},
  };
  /* What the model wrote before its end is there already; a pipe says so, an empty one does not. */
  int wait = guest.model.ended && !pending ? 0 : LOOK_AGAIN_MILLIS;
  if (UNBROKEN(poll(fds, sizeof fds / sizeof *fds, wait)) < 0) {
    fail("The guest can't wait for its streams: %s.", strerror(errno));
  }
  if (fds[0].revents != 0) {
    hear_signals();
  }
  if (fds[3].revents != 0 && guest.model.in >= 0) {
    feed_model();
  }
  bool ended = guest.model.ended;
  bool out = guest.model.out >= 0 && (fds[4].revents != 0 || ended) && !pending;
  bool err = guest.model.err >= 0 && (fds[5].revents != 0 || ended) && !pending;
  if (err && (guest.err_first || !out)) {
    carry(&guest.model.err, 'E');
  } else if (out) {
    carry(&guest.model.out, 'O');
  }
  if (fds[1].revents != 0 ||
      (guest.host.in != guest.host.out && (fds[2].revents & (POLLERR | POLLHUP)) != 0)) {
    if (fds[1].revents == 0) {
      host_closed();
    }
    hear_host();
  }
  send_pending();
}

/* The kernel works on for so long after a process ended. */
enum { AFTERMATH_MILLISECONDS = 12 };

/* Whoever needs longer is killed: what was translated until then helps too. */
enum { REHEARSAL_MILLISECONDS = 250 };

static int64_t milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/*
 * Serves the stand-in as if it were the model, and sends what it says to nobody. A copied machine
 * without the processor's help translates all of that now, before its patient waits.
 */
static void rehearse(void) {
  static struct guest real;
  if (guest.stand_in.first == 0) {
    return;
  }
  real = guest;
  guest = (struct guest){.place = real.place,
                         .host = {.in = -1, .out = open("/dev/null", O_WRONLY | O_CLOEXEC)},
                         .model = real.stand_in,
                         .configured = true,
                         .rehearsing = true,
                         .signals = real.signals};
  size_t length = strlen(real.rehearsal);
  take_request(&(struct frame){'Q', (uint32_t)length,
                               memcpy(allocate(length + 1), real.rehearsal, length)});
  int64_t end = milliseconds() + REHEARSAL_MILLISECONDS;
  do {
    speak();
    go_on();
  } while ((!guest.said_end || stream_pending(&guest.host)) && milliseconds() < end);
  close(guest.host.out);
  free(guest.request);
  end_stand_in(&guest.model);
  guest = real;
  guest.stand_in = (struct model){0};
  hear_signals();
  sleep_milliseconds(AFTERMATH_MILLISECONDS);
}

void serve(const struct place *place) {
  guest.place = place;
  if (!place->connect(&guest.host)) {
    exit(1);
  }
  on_failure(tell_host);
  guest.signals = watch_signals();
  keep_orphans();
  for (;;) {
    speak();
    go_on();
  }
}
