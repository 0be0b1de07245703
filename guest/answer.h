/* A strict and small client of HTTP/1.1: one connection for one exchange. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { READ_AT_ONCE = 64 * 1024 };

struct connection {
  int socket;
  unsigned char bytes[READ_AT_ONCE];
  size_t next, end;
  size_t headers_left; /* how many bytes lines may still have */
  bool hung_up;
};

/* Connects to a port of 127.0.0.1; a patience of 0 seconds has no end. */
bool dial(struct connection *connection, unsigned short port, long patience_seconds);

/* Reads an answer's first line; false when it is none. */
bool read_status(struct connection *connection, int *status);

/* Reads the rest of an answer and writes its body to standard output, as part of one line. False
   when it is broken, or does not say where it ends. */
bool give_back_answer(struct connection *connection);
