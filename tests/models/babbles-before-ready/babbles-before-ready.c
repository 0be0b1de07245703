/* Greets with a line of its own before the ready line. */
#include <stdio.h>

#include "../../../models/common/reply.h"
#include "../../../models/common/request.h"

int main(void) {
  puts("Loading the model ...");
  say_ready();
  read_request();
  reply_begin();
  reply_text("outcome", "low");
  reply_whole("score", 1);
  reply_send();
  return 0;
}
