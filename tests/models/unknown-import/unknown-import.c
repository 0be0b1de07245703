/*
 * Imports a function that preview 1 does not have, as some runtimes' extensions for sockets do. It
 * must be refused before it starts.
 */
#include "../../../models/common/reply.h"
#include "../../../models/common/request.h"

__attribute__((import_module("wasi_snapshot_preview1"), import_name("sock_open"))) int sock_open(
    int family, int type, int *descriptor);

int main(void) {
  say_ready();
  read_request();
  int descriptor = -1;
  int result = sock_open(1, 1, &descriptor);
  reply_begin();
  reply_text("outcome", "reached");
  reply_whole("score", result);
  reply_send();
  return 0;
}
