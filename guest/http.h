/* The translation between lines and the HTTP that a model serves. */
#pragma once

#include "configure.h"

/* How a translator exits whose model hung up. */
enum { MODEL_HUNG_UP = 2 };

/* Says that the model is ready, reads a request from standard input, writes the answer to standard
   output. The exit status: 0, 1 for an answer that is no answer, MODEL_HUNG_UP. */
int translate(const struct config *config);
