/* A machine's stream to the host. */
#pragma once

#include <stdbool.h>

#include "frames.h"

/* A virtio-serial port if the machine has such a device, else a vsock connection. */
bool connect_port(struct stream *stream);
