/* Small helpers for descriptors, files and numbers. */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

/* A system call, begun again as long as a signal breaks it off. */
#define UNBROKEN(call)                      \
  ({                                        \
    __typeof__(call) result_;               \
    do {                                    \
      result_ = (call);                     \
    } while (result_ == -1 && errno == EINTR); \
    result_;                                \
  })

/* Memory, or failure. */
void *allocate(size_t bytes);

/* Writes all bytes to a blocking descriptor. */
bool write_all(int fd, const void *bytes, size_t length);

/* Writes a text into a file that the kernel offers; errno says why it could not. */
bool write_file(const char *path, const char *text);

/* Reads a short file as text, cut to the room; errno says why it could not. */
bool read_file(const char *path, char *text, size_t room);

/* Reads a decimal number without sign, space or leading text, from least to most. */
bool read_number(const char *text, unsigned long long least, unsigned long long most,
                 unsigned long long *number);

/* Makes a descriptor say "not now" instead of waiting. */
void never_block(int fd);

void sleep_milliseconds(long milliseconds);

/* Closes every descriptor from the first one on. */
void close_from(int first);
