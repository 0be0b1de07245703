/* Signals, as a descriptor to wait for. */
#pragma once

/* SIGCHLD and SIGTERM no longer interrupt but are read here; SIGPIPE is an error of write alone. */
int watch_signals(void);
