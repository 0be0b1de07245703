/* The model's place in a machine: its root from the disk, its control group. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "configure.h"

void build_jail(const struct config *config);

/* Puts the calling process into it: as the model, or beside it, within bounds of its own. */
void enter_jail(void);
void enter_beside(void);

/* Kills whatever is beside the model. */
void end_beside(void);

void become_nobody(void);
void become_somebody_else(void);

/* Keeps the namespace of a process that has entered: to take one apart is long work, which a
   machine that ends soon after its model need not do. */
void keep_namespace(pid_t process);

bool jail_met_memory_limit(void);
