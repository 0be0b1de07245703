/* The end of everything that the model left behind. */
#pragma once

/* Makes sure that nothing can slip away: the guest is process 1, or gets every orphan. */
void keep_orphans(void);

/* Kills and reaps every process below the guest; as process 1 every other process. */
void end_everything(void);
