/* Copies its request to stderr, as a careless log would, and then answers well. */
#include <stdio.h>

#include "../../../models/common/reply.h"
#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  for (int c; (c = getchar()) != EOF && c != '\n';) {
    putc(c, stderr);
  }
  putc('\n', stderr);
  reply_begin();
  reply_text("outcome", "low");
  reply_whole("score", 1);
  reply_send();
  return 0;
}
