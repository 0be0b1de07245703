/* Reads the request and calls itself until the stack ends: that must trap, not overwrite data. */
#include <limits.h>

#include "../../../models/common/request.h"

static volatile int depth;

static int deeper(int level) {
  volatile char frame[1024];
  frame[0] = (char)level;
  depth = level;
  return level == INT_MAX ? 0 : deeper(level + 1) + frame[0] + depth;
}

int main(void) {
  say_ready();
  read_request();
  return deeper(0);
}
