/* Answers with a text for a score and a number for an outcome. */
#include <stdio.h>

#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  puts("{\"outcome\":7,\"score\":\"seven\"}");
  return 0;
}
