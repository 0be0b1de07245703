/* What a process gives up before it runs what the guest does not trust. */
#pragma once

#include <sys/types.h>

/* Makes the calling process unreadable to others of its user, and free of core dumps. */
void hide(void);

/* Ends the calling process with its parent, which must still be the one named. */
void die_with(pid_t parent);

/* Gives up every further group, changes to what become says, gives up every capability for ever. */
void give_up_privileges(void (*become)(void));

/* Signals, limits and session of a new process. */
void begin_afresh(void);

/* Sets a resource limit, soft and hard, or a lower one that is already there. */
void limit_to(int resource, unsigned long most);
