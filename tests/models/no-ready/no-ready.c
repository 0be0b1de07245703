/* Answers well, but never said that it was ready. */
#include "../../../models/common/reply.h"
#include "../../../models/common/request.h"

int main(void) {
  read_request();
  reply_begin();
  reply_text("outcome", "low");
  reply_whole("score", 1);
  reply_send();
  return 0;
}
