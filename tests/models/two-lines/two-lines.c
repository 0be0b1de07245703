/* Answers twice. */
#include <stdio.h>

#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  puts("{\"outcome\":\"low\",\"score\":1}");
  puts("{\"outcome\":\"high\",\"score\":20}");
  return 0;
}
