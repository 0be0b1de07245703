/* Says in details what its clocks and its source of randomness give. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "../../../models/common/reply.h"
#include "../../../models/common/request.h"

static void report(const char *name, clockid_t clock) {
  struct timespec now = {0};
  char text[48];
  if (clock_gettime(clock, &now) == 0) {
    snprintf(text, sizeof text, "%lld.%09ld", (long long)now.tv_sec, now.tv_nsec);
    reply_text(name, text);
  } else {
    reply_text(name, "refused");
  }
}

int main(void) {
  say_ready();
  read_request();
  unsigned char random[16];
  char hex[2 * sizeof random + 1] = "refused";
  if (getentropy(random, sizeof random) == 0) {
    for (size_t i = 0; i < sizeof random; i++) {
      snprintf(hex + 2 * i, 3, "%02x", random[i]);
    }
  }
  reply_begin();
  reply_text("outcome", "told");
  reply_whole("score", 1);
  reply_object("details");
  report("realtime", CLOCK_REALTIME);
  report("monotonic", CLOCK_MONOTONIC);
  reply_text("entropy", hex);
  reply_end();
  reply_send();
  return 0;
}
