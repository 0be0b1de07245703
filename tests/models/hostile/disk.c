/* Writes wherever it can: how much there was room for, and where a file could be made at all. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "family.h"

enum { BLOCK = 1 << 20, MILLION = 1000000 };

static const long TEN_GB = 10L * 1000 * 1000 * 1000;

static char block[BLOCK];

/* A file that may not grow is an error here, no signal. */
static int make(const char *path) {
  signal(SIGXFSZ, SIG_IGN);
  return open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
}

/* Files of a GB, wherever there may be one: no limit of a single file's or folder's size is enough. */
static void fill(void) {
  static const char *const folders[] = {"/tmp", "/dev/shm", "/dev", "/run", "/var/tmp", "."};
  long bytes = 0;
  memset(block, 1, sizeof block);
  for (int i = 0; i < 60 && bytes < TEN_GB; i++) {
    char path[32];
    snprintf(path, sizeof path, "%s/fill-%d", folders[i % 6], i);
    int file = make(path);
    long in_file = 0;
    ssize_t written;
    while (file >= 0 && in_file < TEN_GB / 10 &&
           (written = write(file, block, sizeof block)) > 0) {
      in_file += written;
    }
    bytes += in_file;
  }
  note("bytes", bytes);
  probe(bytes >= TEN_GB, "no quota");
}

/* Files that take no space but their names. */
static void files(void) {
  long made = 0;
  mkdir("/tmp/files", 0700);
  for (; made < MILLION; made++) {
    char path[32];
    snprintf(path, sizeof path, "/tmp/files/%ld", made);
    int file = make(path);
    if (file < 0) {
      break;
    }
    close(file);
  }
  note("files", made);
  probe(made == MILLION, "no quota");
}

/* A file of 10 GB that is all hole, and one that the file system is asked to keep room for. */
static void sparse(void) {
  int file = make("/tmp/sparse");
  note("hole", file >= 0 && ftruncate(file, TEN_GB) == 0);
  probe(file >= 0 && fallocate(file, 0, 0, TEN_GB) == 0, "room for 10 GB");
}

/* Everywhere but in /tmp a file would stay on the host, or change what the next patient runs. */
static void everywhere(void) {
  static const char *const folders[] = {
      "",     "/bin", "/dev", "/dev/shm", "/dev/mqueue", "/etc",           "/home",    "/lib",
      "/mnt", "/opt", "/proc", "/root",   "/run",        "/sys/fs/cgroup", "/usr",     "/usr/lib",
      "/var", "/var/tmp", "/model", "/host", "/data",    "/srv",           "/usr/bin", "."};
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/hostile-%d", folders[i], getpid());
    probe(make(path) >= 0, "file in %s/", folders[i]);
    unlink(path);
  }
  static const char *const files[] = {"/model/disk", "/proc/self/exe", "/etc/passwd"};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    probe(open(files[i], O_WRONLY) >= 0, "open %s for writing", files[i]);
    probe(chmod(files[i], 0777) == 0, "chmod %s", files[i]);
  }
  int own = make("/tmp/runs");
  note("tmp", own >= 0);
}

static const struct mode MODES[] = {
    {"fill", fill}, {"files", files}, {"sparse", sparse}, {"everywhere", everywhere}};
FAMILY(MODES)
