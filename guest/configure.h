/* What the host configures. */
#pragma once

#include <stdbool.h>

#include "frames.h"

enum protocol { NO_PROTOCOL, JSON_LINES, SAGEMAKER, OPEN_INFERENCE_V2 };

/* Its strings lie in the frame's bytes, which it keeps. */
struct config {
  enum protocol protocol;
  char **arguments, **environment; /* each ended by NULL */
  const char *folder;
  const char *model;
  const char *rehearsal; /* a request of nobody's, or NULL */
  unsigned long long memory, processes, tmp; /* 0 when not given */
  unsigned short port;
};

/* Reads the frame C, or fails. */
struct config configure(const struct frame *frame);

/* The value of a name in the model's environment, or NULL. */
const char *model_variable(const struct config *config, const char *name);
