/* A strict and small client of HTTP/1.1: one connection for one exchange. */
#include "http.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <netinet/in.h>
#include <unistd.h>

#include "frames.h"
#include "io.h"

enum {
  HEADERS_MOST = 16 * 1024,
  PROBE_PAUSE_MILLISECONDS = 20,
  PROBE_SECONDS = 5,
  READ_AT_ONCE = 64 * 1024,
};

struct connection {
  int socket;
  unsigned char bytes[READ_AT_ONCE];
  size_t next, end;
  size_t headers_left; /* how many bytes lines may still have */
  bool hung_up;
};

struct answer {
  int status;
  bool chunked;
  long long length; /* -1 when not said */
};

static bool dial(struct connection *connection, unsigned short port, long patience_seconds) {
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

static bool read_status(const char *line, int *status) {
  bool whole = (strncmp(line, "HTTP/1.1 ", 9) == 0 || strncmp(line, "HTTP/1.0 ", 9) == 0) &&
               strspn(line + 9, "0123456789") == 3 && (line[12] == ' ' || line[12] == '\0');
  *status = whole ? atoi(line + 9) : 0;
  return whole;
}

/* Reads the status and the headers; false when they are broken or leave the body's end open. */
static bool read_head(struct connection *connection, struct answer *answer) {
  char line[HEADERS_MOST];
  *answer = (struct answer){.length = -1};
  if (!read_line(connection, line, sizeof line) || !read_status(line, &answer->status)) {
    return false;
  }
  while (read_line(connection, line, sizeof line)) {
    if (line[0] == '\0') {
      return answer->chunked != (answer->length >= 0);
    }
    size_t name = strcspn(line, ": \t");
    if (name == 0 || line[name] != ':') {
      return false;
    }
    unsigned long long length;
    char *value = value_of(line, "Content-Length");
    if (value != NULL) {
      if (answer->length >= 0 || !read_number(value, 0, LLONG_MAX, &length)) {
        return false;
      }
      answer->length = (long long)length;
    }
    value = value_of(line, "Transfer-Encoding");
    if (value != NULL) {
      if (answer->chunked || strcasecmp(value, "chunked") != 0) {
        return false;
      }
      answer->chunked = true;
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
  return digits > 0 && digits < 16 && (line[digits] == '\0' || strchr("; \t", line[digits]) != NULL);
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

static void await_ready(const char *path, unsigned short port) {
  static struct connection connection;
  char head[512];
  int length = snprintf(head, sizeof head,
                        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n\r\n", path,
                        port);
  for (struct answer answer = {0}; answer.status != 200;) {
    bool asked = dial(&connection, port, PROBE_SECONDS) &&
                 write_all(connection.socket, head, (size_t)length);
    char line[HEADERS_MOST];
    if (!asked || !read_line(&connection, line, sizeof line) ||
        !read_status(line, &answer.status)) {
      answer.status = 0;
    }
    close(connection.socket);
    if (answer.status != 200) {
      sleep_milliseconds(PROBE_PAUSE_MILLISECONDS);
    }
  }
}

/* Reads the request line up to the end of standard input; its length, -1 when it broke off. */
static ssize_t read_request(char **request) {
  size_t room = 64 * 1024, length = 0;
  char *bytes = allocate(room);
  for (;;) {
    ssize_t more = UNBROKEN(read(STDIN_FILENO, bytes + length, room - length));
    if (more <= 0) {
      *request = bytes;
      return more == 0 && length > 0 ? (ssize_t)length : -1;
    }
    length += (size_t)more;
    if (length == room) {
      room = room < FRAME_IN_MOST ? room * 2 : room + 1;
      bytes = realloc(bytes, room);
      if (bytes == NULL || length > FRAME_IN_MOST + 1) {
        return -1;
      }
    }
  }
}

static bool exchange(struct connection *connection, const char *path, unsigned short port,
                     const char *request, size_t length) {
  char head[512];
  int head_length = snprintf(head, sizeof head,
                             "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
                             "Content-Type: application/json\r\nContent-Length: %zu\r\n"
                             "Connection: close\r\n\r\n",
                             path, port, length);
  struct answer answer;
  if (!dial(connection, port, 0)) {
    connection->hung_up = true;
    return false;
  }
  /* A model may answer before it took all; what it says counts, not that it stopped listening. */
  (void)(write_all(connection->socket, head, (size_t)head_length) &&
         write_all(connection->socket, request, length));
  return read_head(connection, &answer) && answer.status == 200 &&
         (answer.chunked ? give_back_chunks(connection)
                         : give_back(connection, (unsigned long long)answer.length)) &&
         write_all(STDOUT_FILENO, "\n", 1);
}

int translate(const struct config *config) {
  static struct connection connection;
  static const char READY[] = "{\"ready\":true}\n";
  char path[256];
  bool sagemaker = config->protocol == SAGEMAKER;
  snprintf(path, sizeof path, sagemaker ? "/invocations" : "/v2/models/%s/infer", config->model);
  await_ready(sagemaker ? "/ping" : "/v2/health/ready", config->port);
  char *request;
  ssize_t length;
  if (!write_all(STDOUT_FILENO, READY, sizeof READY - 1) || (length = read_request(&request)) < 0) {
    return 1;
  }
  length -= request[length - 1] == '\n';
  if (exchange(&connection, path, config->port, request, (size_t)length)) {
    return 0;
  }
  return connection.hung_up ? MODEL_HUNG_UP : 1;
}
