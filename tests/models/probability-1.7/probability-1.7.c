/* Answers with a probability above 1. */
#include <stdio.h>

#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  puts("{\"outcome\":\"high\",\"probability\":1.7}");
  return 0;
}
