#include "port.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fail.h"
#include "io.h"

#define PORT_NAME "sbx.rpc"
#define PORTS "/sys/class/virtio-ports"
#define CONSOLES "/sys/bus/virtio/drivers/virtio_console"

enum { VSOCK_PORT = 1024, HOST_CID = 2, WAIT_MILLISECONDS = 5000 };

/* Of <linux/vm_sockets.h>. */
enum { ANY_CID = -1 };

struct vsock_address {
  sa_family_t family;
  unsigned short reserved;
  uint32_t port, cid;
  unsigned char zero[4];
};

static bool has_console(void) {
  bool found = false;
  DIR *devices = opendir(CONSOLES);
  if (devices == NULL) {
    return false;
  }
  for (const struct dirent *entry; (entry = readdir(devices)) != NULL;) {
    found |= strncmp(entry->d_name, "virtio", 6) == 0;
  }
  closedir(devices);
  return found;
}

/* Opens the port of that name, -1 while there is none. */
static int open_named(void) {
  int fd = -1;
  DIR *ports = opendir(PORTS);
  if (ports == NULL) {
    return -1;
  }
  for (const struct dirent *entry; fd < 0 && (entry = readdir(ports)) != NULL;) {
    char path[512], name[64] = "";
    snprintf(path, sizeof path, PORTS "/%.200s/name", entry->d_name);
    if (entry->d_name[0] != '.' && read_file(path, name, sizeof name) &&
        strcmp(name, PORT_NAME "\n") == 0) {
      snprintf(path, sizeof path, "/dev/%.200s", entry->d_name);
      fd = UNBROKEN(open(path, O_RDWR | O_CLOEXEC));
    }
  }
  closedir(ports);
  return fd;
}

/* A port that the host has not opened yet says that it is hung up. */
static bool host_is_there(int port) {
  struct pollfd there = {port, POLLOUT, 0};
  return UNBROKEN(poll(&there, 1, 0)) >= 0 && (there.revents & POLLHUP) == 0;
}

static void use_console(struct stream *stream) {
  int port = -1;
  for (int waited = 0; waited < WAIT_MILLISECONDS; waited++) {
    port = port < 0 ? open_named() : port;
    if (port >= 0 && host_is_there(port)) {
      stream_use(stream, port, port);
      return;
    }
    sleep_milliseconds(1);
  }
  fail("The machine's virtio-serial device has no port " PORT_NAME " that the host has opened.");
}

static int listen_vsock(void) {
  struct vsock_address any = {.family = AF_VSOCK, .port = VSOCK_PORT, .cid = (uint32_t)ANY_CID};
  int listening = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listening < 0 || bind(listening, (struct sockaddr *)&any, sizeof any) < 0 ||
      listen(listening, 1) < 0) {
    fail("The machine has neither virtio-serial nor vsock: %s.", strerror(errno));
  }
  return listening;
}

/* Takes the next connection of the host, and nobody else's. */
static void use_vsock(struct stream *stream) {
  static int listening = -1;
  listening = listening < 0 ? listen_vsock() : listening;
  for (;;) {
    struct vsock_address peer = {0};
    socklen_t length = sizeof peer;
    int connection =
        UNBROKEN(accept4(listening, (struct sockaddr *)&peer, &length, SOCK_CLOEXEC));
    if (connection >= 0 && peer.cid == HOST_CID) {
      stream_use(stream, connection, connection);
      return;
    }
    close(connection);
  }
}

bool connect_port(struct stream *stream) {
  static bool console, connected;
  if (!connected) {
    console = has_console();
  } else if (console) {
    return false;
  } else {
    close(stream->in);
  }
  connected = true;
  if (console) {
    use_console(stream);
  } else {
    use_vsock(stream);
  }
  return true;
}
