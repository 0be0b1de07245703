/* Answers with the literal -Infinity for a score. */
#include <stdio.h>

#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  puts("{\"outcome\":\"low\",\"score\":-Infinity}");
  return 0;
}
