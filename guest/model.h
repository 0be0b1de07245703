/* The model's processes and the pipes to them. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "configure.h"
#include "place.h"

struct model {
  pid_t first;      /* the model's first process */
  pid_t translator; /* of HTTP, 0 without */
  int in, out, err; /* the guest's ends, -1 when closed */
  int status;       /* as waitpid gives it, once ended */
  bool ended;
};

/* Starts the model, or fails. */
struct model start_model(const struct config *config, const struct place *place);

/* Reaps what has ended, the model's own two processes or others too, up to the model; true when that
   was it. */
bool reap(struct model *model, bool others);
