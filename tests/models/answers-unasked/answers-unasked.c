/* Answers before it has read the request: whatever that is, it is not about the patient. */
#include "../../../models/common/reply.h"
#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  reply_begin();
  reply_text("outcome", "low");
  reply_whole("score", 1);
  reply_send();
  read_request();
  return 0;
}
