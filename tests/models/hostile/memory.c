/*
 * Takes memory in ways that a limit on one process's heap does not see, until refused or killed, and
 * says how much it had. (eat-memory takes it from the heap.) At most the input "bytes", or 1 TiB.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#include "family.h"

enum { MIB = 1 << 20 };

static char block[MIB];

static long most(void) { return number_or("bytes", 1L << 40); }

static void told(long bytes) {
  note("bytes", bytes);
  probe(bytes >= most(), "no limit");
}

static void map(void) {
  long bytes = 0;
  while (bytes < most()) {
    char *page = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) {
      break;
    }
    memset(page, 1, MIB);
    bytes += MIB;
  }
  told(bytes);
}

static long pour_into(int file) {
  long bytes = 0;
  memset(block, 1, sizeof block);
  while (file >= 0 && bytes < most()) {
    ssize_t written = write(file, block, sizeof block);
    if (written <= 0) {
      break;
    }
    bytes += written;
  }
  return bytes;
}

static void in_file(const char *path) { told(pour_into(open(path, O_WRONLY | O_CREAT, 0600))); }

static void tmp(void) { in_file("/tmp/memory"); }

static void shm(void) { in_file("/dev/shm/memory"); }

/* A file without a name and a folder: no tmpfs's size limits it. */
static void memfd(void) { told(pour_into(memfd_create("memory", 0))); }

/* Segments that outlive the process. */
static void sysv(void) {
  long bytes = 0;
  while (bytes < most()) {
    int segment = shmget(IPC_PRIVATE, MIB, IPC_CREAT | 0600);
    char *page = segment < 0 ? (char *)-1 : shmat(segment, NULL, 0);
    if (page == (char *)-1) {
      break;
    }
    memset(page, 1, MIB);
    bytes += MIB;
  }
  told(bytes);
}

/* The kernel's buffers, 1 MiB for each pipe where it may be so large. */
static void pipes(void) {
  long bytes = 0;
  int ends[2];
  memset(block, 1, sizeof block);
  while (bytes < most() && pipe2(ends, O_NONBLOCK) == 0) {
    fcntl(ends[1], F_SETPIPE_SZ, MIB);
    ssize_t written;
    while ((written = write(ends[1], block, 64 * 1024)) > 0) {
      bytes += written;
    }
  }
  told(bytes);
}

/* Each child takes 16 MiB and stays: no limit of one process sees the sum. */
static void children(void) {
  enum { SHARE = 16 * MIB };
  long bytes = 0;
  int ready[2];
  while (bytes < most() && pipe(ready) == 0) {
    pid_t child = fork();
    if (child < 0) {
      break;
    }
    if (child == 0) {
      char *pages = mmap(NULL, SHARE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (pages == MAP_FAILED) {
        _exit(1);
      }
      memset(pages, 1, SHARE);
      write(ready[1], pages, 1);
      for (;;) {
        pause();
      }
    }
    close(ready[1]);
    bool took = read(ready[0], block, 1) == 1;
    close(ready[0]);
    if (!took) {
      break;
    }
    bytes += SHARE;
  }
  told(bytes);
}

/* Pages that may not be swapped. */
static void locked(void) {
  long bytes = 0;
  while (bytes < most()) {
    char *page = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED || mlock(page, MIB) != 0) {
      break;
    }
    bytes += MIB;
  }
  told(bytes);
}

static const struct mode MODES[] = {
    {"map", map},     {"tmp", tmp},     {"shm", shm},           {"memfd", memfd},
    {"sysv", sysv},   {"pipes", pipes}, {"children", children}, {"locked", locked},
};
FAMILY(MODES)
