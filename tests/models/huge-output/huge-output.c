/* Answers with one line that never ends. */
#include <stdio.h>
#include <string.h>

#include "../../../models/common/request.h"

int main(void) {
  static char block[64 * 1024];
  say_ready();
  read_request();
  memset(block, 'x', sizeof block);
  fputs("{\"outcome\":\"", stdout);
  for (;;) {
    fwrite(block, 1, sizeof block, stdout);
  }
}
