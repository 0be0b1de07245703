/* What differs between a container and a machine. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "configure.h"
#include "frames.h"

enum { RANDOM_BYTES = 32 };

struct model;

struct place {
  /* Gives the stream its descriptors; called again after the host closed it, false when no other
     can come. */
  bool (*connect)(struct stream *stream);
  /* Makes the place ready for the model. */
  void (*prepare)(const struct config *config);
  /* In a process that is to be the model, while it has every right. */
  void (*enter)(void);
  /* In a process that serves the model or is the model: gives up being root. */
  void (*become_nobody)(void);
  /* Starts, beside the model, who stands in for it in a rehearsal, and waits until that one is ready;
     nobody where that is no use. */
  struct model (*stand_in)(const struct config *config, pid_t model);
  void (*tick)(int64_t nanoseconds, const unsigned char random[RANDOM_BYTES]);
  bool (*met_memory_limit)(void);
  /* The end of the guest, after the last frame was written or the stream was lost. */
  void (*leave)(const struct stream *stream);
};

extern const struct place container;
extern const struct place machine;
