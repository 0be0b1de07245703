/* Sockets that lead out of a machine without a network. */
#pragma once

/* Refuses vsock to the calling process and all that come from it. */
void deny_sockets_to_host(void);
