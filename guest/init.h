/* The beginning and the end of a machine. */
#pragma once

/* Mounts what the kernel offers, loads its modules, brings up the loopback. */
void begin_machine(void);

/* Of the network namespace that the calling process is in. */
void bring_up_loopback(void);

_Noreturn void power_off(void);

/* For failures that nobody can be told of. */
void power_off_with(const char *sentence);
