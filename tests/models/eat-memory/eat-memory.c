/* Takes memory, a MiB at a time, and writes to each page of it, until it is refused; then traps. */
#include <stdlib.h>

#include "../../../models/common/request.h"

enum { MIB = 1 << 20, PAGE = 4096 };

int main(void) {
  say_ready();
  read_request();
  for (;;) {
    volatile char *block = malloc(MIB);
    if (block == NULL) {
      __builtin_trap();
    }
    for (int at = 0; at < MIB; at += PAGE) {
      block[at] = 1;
    }
  }
}
