/* Answers with details that are nested 10 000 deep, in 20 kB. */
#include <stdio.h>

#include "../../../models/common/request.h"

enum { DEPTH = 10000 };

int main(void) {
  say_ready();
  read_request();
  fputs("{\"outcome\":\"low\",\"score\":1,\"details\":{\"deep\":", stdout);
  for (int i = 0; i < DEPTH; i++) {
    putchar('[');
  }
  for (int i = 0; i < DEPTH; i++) {
    putchar(']');
  }
  puts("}}");
  return 0;
}
