/*
 * Does the number of turns of work that its input "iterations" asks for, and then answers. A turn is
 * a few processor cycles; how long that takes is the machine's business.
 */
#include <stdint.h>

#include "../../../models/common/reply.h"
#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  double iterations = input_number("iterations", "", 0, 1e15);
  uint64_t state = 1;
  for (uint64_t turn = 0; turn < (uint64_t)iterations; turn++) {
    state = state * 6364136223846793005u + 1442695040888963407u;
  }
  reply_begin();
  reply_text("outcome", "done");
  reply_number("score", iterations, 0);
  reply_object("details");
  reply_whole("checksum", (long)(state >> 33));
  reply_end();
  reply_send();
  return 0;
}
