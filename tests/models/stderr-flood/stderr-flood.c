/* Writes 64 MiB to stderr and then answers well. */
#include <stdio.h>
#include <string.h>

#include "../../../models/common/reply.h"
#include "../../../models/common/request.h"

int main(void) {
  static char block[64 * 1024];
  say_ready();
  read_request();
  memset(block, 'x', sizeof block);
  for (int i = 0; i < 1024; i++) {
    fwrite(block, 1, sizeof block, stderr);
  }
  reply_begin();
  reply_text("outcome", "low");
  reply_whole("score", 1);
  reply_send();
  return 0;
}
