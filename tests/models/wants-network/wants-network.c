/*
 * Tries the socket calls of WASI preview 1 on every descriptor it could have been given, and says in
 * details how many worked and the last error.
 */
#include <errno.h>
#include <sys/socket.h>

#include "../../../models/common/reply.h"
#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  char byte = 'x';
  int accepted = 0;
  int sent = 0;
  int received = 0;
  int error = 0;
  for (int fd = 3; fd < 16; fd++) {
    accepted += accept(fd, NULL, NULL) >= 0;
    sent += send(fd, &byte, 1, 0) >= 0;
    received += recv(fd, &byte, 1, 0) >= 0;
    error = errno;
    shutdown(fd, SHUT_RDWR);
  }
  int got = accepted + sent + received;
  reply_begin();
  reply_text("outcome", got == 0 ? "nothing" : "reached");
  reply_whole("score", got);
  reply_object("details");
  reply_whole("accepted", accepted);
  reply_whole("sent", sent);
  reply_whole("received", received);
  reply_whole("errno", error);
  reply_end();
  reply_send();
  return 0;
}
