/*
 * A process that stands where the model stands and is frozen with it. In a copy of the machine it
 * goes a request's way before there is one, so that a copy without the processor's help has
 * translated what its kernel does for a request before its patient waits.
 */
#pragma once

#include "model.h"

/* Its name among the guest's parts. */
#define STAND_IN "stand-in"

/* Starts it beside this model. */
struct model start_stand_in(pid_t model);

/* What it does: reads a line, uses memory, answers, ends. The file is one of the model's. */
int stand_in(const char *file);
