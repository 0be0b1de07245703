/* Answers well and then works for ever: the answer must not count. */
#include "../../../models/common/reply.h"
#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  reply_begin();
  reply_text("outcome", "low");
  reply_whole("score", 1);
  reply_send();
  for (volatile unsigned turn = 0;; turn++) {
  }
}
