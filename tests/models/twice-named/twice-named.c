/* Answers with two scores of the same name. */
#include <stdio.h>

#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  puts("{\"outcome\":\"low\",\"score\":1,\"score\":20}");
  return 0;
}
