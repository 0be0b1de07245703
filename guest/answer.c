#include "answer.h"

#include <limits.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "io.h"

enum { HEADERS_MOST = 16 * 1024 };

struct body {
  bool chunked;
  long long length; /* -1 when not said */
};

bool dial(struct connection *connection, unsigned short port, long patience_seconds) {
  struct sockaddr_in here = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct timeval patience = {patience_seconds, 0};
  connection->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  connection->next = connection->end = 0;
  connection->headers_left = HEADERS_MOST;
  connection->hung_up = false;
  if (connection->socket < 0) {
    return false;
  }
  setsockopt(connection->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(connection->socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  return UNBROKEN(connect(connection->socket, (struct sockaddr *)&here, sizeof here)) == 0;
}

static bool fill(struct connection *connection) {
  ssize_t more = UNBROKEN(read(connection->socket, connection->bytes, sizeof connection->bytes));
  connection->hung_up = more <= 0;
  connection->next = 0;
  connection->end = more > 0 ? (size_t)more : 0;
  return more > 0;
}

/* Reads a line that ends in CR LF, without its end. */
static bool read_line(struct connection *connection, char *line, size_t room) {
  size_t length = 0;
  for (;;) {
    if (connection->next == connection->end && !fill(connection)) {
      return false;
    }
    unsigned char byte = connection->bytes[connection->next++];
    if (connection->headers_left-- == 0 || byte == '\0' || length == room - 1) {
      connection->headers_left = 0;
      return false;
    }
    if (byte == '\n') {
      bool whole = length > 0 && line[length - 1] == '\r';
      line[whole ? length - 1 : length] = '\0';
      return whole;
    }
    line[length++] = (char)byte;
  }
}

/* The value of a header of that name, without the space around it, or NULL. */
static char *value_of(char *line, const char *name) {
  size_t length = strlen(name);
  if (strncasecmp(line, name, length) != 0 || line[length] != ':') {
    return NULL;
  }
  char *value = line + length + 1;
  value += strspn(value, " \t");
  for (size_t end = strlen(value); end > 0 && strchr(" \t", value[end - 1]) != NULL; end--) {
    value[end - 1] = '\0';
  }
  return value;
}

bool read_status(struct connection *connection, int *status) {
  char line[HEADERS_MOST];
  bool whole = read_line(connection, line, sizeof line) &&
               (strncmp(line, "HTTP/1.1 ", 9) == 0 || strncmp(line, "HTTP/1.0 ", 9) == 0) &&
               strspn(line + 9, "0123456789") == 3 && (line[12] == ' ' || line[12] == '\0');
  *status = whole ? atoi(line + 9) : 0;
  return whole;
}

/* Reads the headers; false when they are broken or leave the body's end open. */
static bool read_headers(struct connection *connection, struct body *body) {
  char line[HEADERS_MOST];
  *body = (struct body){.length = -1};
  while (read_line(connection, line, sizeof line)) {
    if (line[0] == '\0') {
      return body->chunked != (body->length >= 0);
    }
    size_t name = strcspn(line, ": \t");
    if (name == 0 || line[name] != ':') {
      return false;
    }
    unsigned long long length;
    char *value = value_of(line, "Content-Length");
    if (value != NULL) {
      if (body->length >= 0 || !read_number(value, 0, LLONG_MAX, &length)) {
        return false;
      }
      body->length = (long long)length;
    }
    value = value_of(line, "Transfer-Encoding");
    if (value != NULL) {
      if (body->chunked || strcasecmp(value, "chunked") != 0) {
        return false;
      }
      body->chunked = true;
    }
  }
  return false;
}

/* Gives bytes of the body back, as part of one line. */
static bool give_back(struct connection *connection, unsigned long long length) {
  while (length > 0) {
    if (connection->next == connection->end && !fill(connection)) {
      return false;
    }
    unsigned char *bytes = connection->bytes + connection->next;
    size_t there = connection->end - connection->next;
    there = there < length ? there : (size_t)length;
    for (size_t i = 0; i < there; i++) {
      bytes[i] = bytes[i] == '\r' || bytes[i] == '\n' ? ' ' : bytes[i];
    }
    if (!write_all(STDOUT_FILENO, bytes, there)) {
      return false;
    }
    connection->next += there;
    length -= there;
  }
  return true;
}

/* The size of a chunk: hexadecimal digits and perhaps an extension. */
static bool read_chunk_size(struct connection *connection, unsigned long long *size) {
  char line[256];
  connection->headers_left = HEADERS_MOST;
  if (!read_line(connection, line, sizeof line)) {
    return false;
  }
  size_t digits = strspn(line, "0123456789abcdefABCDEF");
  *size = strtoull(line, NULL, 16);
  char after = line[digits];
  return digits > 0 && digits < 16 && (after == '\0' || strchr("; \t", after) != NULL);
}

static bool give_back_chunks(struct connection *connection) {
  unsigned long long size;
  char line[HEADERS_MOST];
  while (read_chunk_size(connection, &size)) {
    if (size == 0) {
      do {
        if (!read_line(connection, line, sizeof line)) {
          return false;
        }
      } while (line[0] != '\0'); /* trailers */
      return true;
    }
    if (!give_back(connection, size) || !read_line(connection, line, sizeof line) ||
        line[0] != '\0') {
      return false;
    }
  }
  return false;
}

bool give_back_answer(struct connection *connection) {
  struct body body;
  return read_headers(connection, &body) &&
         (body.chunked ? give_back_chunks(connection)
                       : give_back(connection, (unsigned long long)body.length));
}
