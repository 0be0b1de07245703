/*
 * Tries to reach anybody at all. A try got something when a connection was made, an answer came, or
 * a datagram could be sent to an address outside of the sandbox's own loopback. The inputs tcp_port
 * and udp_port (an echo), unix_path and abstract_name name listeners of the test's on the host.
 * Also told, not judged: the address families whose sockets could be opened, and the interfaces.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "family.h"

enum { FAMILIES = 46, PATIENCE = 700, TARGETS = 64, VSOCK = 40, PACKET = 17, NETLINK = 16 };

struct vsock_address {
  unsigned short family, reserved;
  unsigned int port, cid;
  unsigned char zero[4];
};

static struct {
  char name[80];
  int descriptor;
  bool connects;
} targets[TARGETS];
static int waiting;

/* Begins to connect, or to wait for an echo; all are waited for together. */
static void await(int descriptor, bool connects, const char *kind, const char *host, long port) {
  if (waiting < TARGETS) {
    snprintf(targets[waiting].name, sizeof targets[waiting].name, "%s %s %ld", kind, host, port);
    targets[waiting].descriptor = descriptor;
    targets[waiting++].connects = connects;
  }
}

static void settle(void) {
  poll(NULL, 0, PATIENCE);
  for (int i = 0; i < waiting; i++) {
    int descriptor = targets[i].descriptor;
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    char byte;
    probe(targets[i].connects ? getpeername(descriptor, (struct sockaddr *)&peer, &length) == 0
                              : recv(descriptor, &byte, 1, MSG_DONTWAIT) >= 0,
          "%s", targets[i].name);
    close(descriptor);
  }
  waiting = 0;
}

static socklen_t address_of(const char *host, long port, struct sockaddr_storage *address) {
  struct sockaddr_in *v4 = (struct sockaddr_in *)address;
  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;
  memset(address, 0, sizeof *address);
  if (strchr(host, ':') == NULL) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons((unsigned short)port);
    inet_pton(AF_INET, host, &v4->sin_addr);
    return sizeof *v4;
  }
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons((unsigned short)port);
  inet_pton(AF_INET6, host, &v6->sin6_addr);
  return sizeof *v6;
}

static void tcp(const char *host, long port) {
  struct sockaddr_storage address;
  socklen_t length = address_of(host, port, &address);
  int descriptor = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
  connect(descriptor, (struct sockaddr *)&address, length);
  await(descriptor, true, "tcp", host, port);
}

/* A question for the name server, which an echo gives back as well. */
static void udp(const char *host, long port, bool loopback) {
  static const unsigned char question[] = "\x12\x34\x01\0\0\x01\0\0\0\0\0\0\7example\3com\0\0\x01\0\x01";
  struct sockaddr_storage address;
  socklen_t length = address_of(host, port, &address);
  int descriptor = socket(address.ss_family, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  bool sent = sendto(descriptor, question, sizeof question - 1, 0, (struct sockaddr *)&address,
                     length) > 0;
  probe(sent && !loopback, "udp sent %s %ld", host, port);
  await(descriptor, false, "udp answered", host, port);
}

static void local(const char *name, bool abstract) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path + abstract, sizeof address.sun_path - abstract, "%s", name);
  socklen_t length = (socklen_t)(sizeof address.sun_family + abstract + strlen(name));
  for (int kind = SOCK_STREAM; kind <= SOCK_SEQPACKET; kind++) {
    int descriptor = kind == SOCK_RAW || kind == 4 ? -1 : socket(AF_UNIX, kind, 0);
    probe(descriptor >= 0 && connect(descriptor, (struct sockaddr *)&address, length) == 0,
          "unix %s%s", abstract ? "@" : "", name);
    close(descriptor);
  }
}

/* Whatever the kernel says is bound somewhere. */
static void listed_sockets(void) {
  char line[256];
  FILE *list = fopen("/proc/net/unix", "r");
  while (list != NULL && fgets(line, sizeof line, list) != NULL) {
    char *at = strchr(line, '@');
    line[strcspn(line, "\n")] = '\0';
    if (at != NULL) {
      local(at + 1, true);
    }
  }
}

static void vsock(unsigned int cid, unsigned int port) {
  struct vsock_address address = {.family = VSOCK, .port = port, .cid = cid};
  int descriptor = socket(VSOCK, SOCK_STREAM | SOCK_NONBLOCK, 0);
  char host[16];
  snprintf(host, sizeof host, "%u", cid);
  connect(descriptor, (struct sockaddr *)&address, sizeof address);
  await(descriptor, true, "vsock", host, port);
}

static void raw(void) {
  probe(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) >= 0, "raw icmp");
  probe(socket(AF_INET, SOCK_RAW, IPPROTO_RAW) >= 0, "raw ip");
  probe(socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6) >= 0, "raw icmp6");
  probe(socket(PACKET, SOCK_RAW, htons(3)) >= 0, "packet raw");
  probe(socket(PACKET, SOCK_DGRAM, htons(3)) >= 0, "packet datagram");
}

static void told(void) {
  static char families[FAMILIES * 3];
  size_t used = 0;
  for (int family = 0; family < FAMILIES; family++) {
    for (int kind = SOCK_STREAM; kind <= SOCK_SEQPACKET; kind++) {
      int descriptor = socket(family, kind, 0);
      if (descriptor >= 0) {
        close(descriptor);
        used += (size_t)snprintf(families + used, sizeof families - used, "%d ", family);
        break;
      }
    }
  }
  note_text("families", families);
  int ends[2];
  note("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  char line[256];
  long interfaces = 0;
  FILE *list = fopen("/proc/net/dev", "r");
  while (list != NULL && fgets(line, sizeof line, list) != NULL) {
    interfaces += strchr(line, ':') != NULL && strstr(line, "lo:") == NULL;
  }
  note("interfaces", interfaces);
}

static void reach(void) {
  static const char *const hosts[] = {"169.254.169.254", "10.0.2.2", "10.0.2.15", "172.17.0.1",
                                      "192.168.0.1",     "1.1.1.1",  "8.8.8.8",   "2606:4700:4700::1111",
                                      "fe80::1"};
  static const char *const paths[] = {
      "/run/docker.sock",          "/var/run/docker.sock",           "/run/containerd/containerd.sock",
      "/run/dbus/system_bus_socket", "/run/systemd/private",         "/run/systemd/journal/socket",
      "/dev/log",                  "/run/postgresql/.s.PGSQL.5432", "/tmp/.X11-unix/X0"};
  long tcp_port = number_or("tcp_port", 22);
  long udp_port = number_or("udp_port", 53);
  for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
    tcp(hosts[i], 80);
    tcp(hosts[i], tcp_port);
    udp(hosts[i], 53, false);
  }
  tcp("127.0.0.1", tcp_port);
  tcp("::1", tcp_port);
  udp("127.0.0.1", udp_port, true);
  udp("::1", udp_port, true);
  udp("255.255.255.255", udp_port, false);
  for (unsigned int cid = 0; cid < 4; cid++) {
    vsock(cid, 22);
    vsock(cid, (unsigned int)tcp_port);
  }
  settle();
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    local(paths[i], false);
  }
  local(word_or("unix_path", "/run/nobody"), false);
  local(word_or("abstract_name", "nobody"), true);
  listed_sockets();
  raw();
  told();
}

static const struct mode MODES[] = {{"reach", reach}};
FAMILY(MODES)
