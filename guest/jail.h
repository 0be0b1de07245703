/* The model's place in a machine: its root from the disk, its control group. */
#pragma once

#include <stdbool.h>

#include "configure.h"

void build_jail(const struct config *config);

/* Puts the calling process into it. */
void enter_jail(void);

void become_nobody(void);

bool jail_met_memory_limit(void);
