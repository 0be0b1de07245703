/* Answers with the literal NaN for a score. */
#include <stdio.h>

#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  puts("{\"outcome\":\"low\",\"score\":NaN}");
  return 0;
}
