#include "http.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "answer.h"
#include "frames.h"
#include "io.h"

enum { OK = 200, PROBE_PAUSE_MILLISECONDS = 20, PROBE_SECONDS = 5 };

static void await_ready(const char *path, unsigned short port) {
  static struct connection connection;
  char head[512];
  int length = snprintf(head, sizeof head,
                        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n\r\n", path,
                        port);
  for (int status = 0; status != OK;) {
    bool asked = dial(&connection, port, PROBE_SECONDS) &&
                 write_all(connection.socket, head, (size_t)length);
    if (!asked || !read_status(&connection, &status)) {
      status = 0;
    }
    close(connection.socket);
    if (status != OK) {
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
  int status;
  if (!dial(connection, port, 0)) {
    connection->hung_up = true;
    return false;
  }
  /* A model may answer before it took all; what it says counts, not that it stopped listening. */
  (void)(write_all(connection->socket, head, (size_t)head_length) &&
         write_all(connection->socket, request, length));
  return read_status(connection, &status) && status == OK && give_back_answer(connection) &&
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
