#include "io.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fail.h"

void *allocate(size_t bytes) {
  void *memory = malloc(bytes);
  if (memory == NULL) {
    fail("The guest has no memory for %zu bytes; give the sandbox more.", bytes);
  }
  return memory;
}

bool write_all(int fd, const void *bytes, size_t length) {
  for (const char *next = bytes; length > 0;) {
    ssize_t written = UNBROKEN(write(fd, next, length));
    if (written < 0) {
      return false;
    }
    next += written;
    length -= (size_t)written;
  }
  return true;
}

bool write_file(const char *path, const char *text) {
  int fd = UNBROKEN(open(path, O_WRONLY | O_CLOEXEC));
  if (fd < 0) {
    return false;
  }
  bool written = write_all(fd, text, strlen(text));
  int reason = errno;
  close(fd);
  errno = reason;
  return written;
}

bool read_file(const char *path, char *text, size_t room) {
  int fd = UNBROKEN(open(path, O_RDONLY | O_CLOEXEC));
  if (fd < 0) {
    return false;
  }
  size_t length = 0;
  ssize_t more = 1;
  while (more > 0 && length < room - 1) {
    more = UNBROKEN(read(fd, text + length, room - 1 - length));
    length += more > 0 ? (size_t)more : 0;
  }
  int reason = errno;
  close(fd);
  errno = reason;
  text[length] = '\0';
  return more >= 0;
}

bool read_number(const char *text, unsigned long long least, unsigned long long most,
                 unsigned long long *number) {
  size_t digits = strspn(text, "0123456789");
  if (digits == 0 || digits > 19 || text[digits] != '\0') {
    return false;
  }
  *number = strtoull(text, NULL, 10);
  return *number >= least && *number <= most;
}

void never_block(int fd) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) {
    fail("The guest can't use one of its streams without waiting: %s.", strerror(errno));
  }
}

void sleep_milliseconds(long milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  while (nanosleep(&time, &time) < 0 && errno == EINTR) {
  }
}

void close_from(int first) {
  if (syscall(SYS_close_range, first, ~0U, 0) == 0) {
    return;
  }
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_max > 1 << 20) {
    limit.rlim_max = 1 << 20;
  }
  for (int fd = first; (rlim_t)fd < limit.rlim_max; fd++) {
    close(fd);
  }
}
