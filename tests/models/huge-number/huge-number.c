/* Answers with a score that is JSON, but no double, and whose digits would fill the memory. */
#include <stdio.h>

#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  puts("{\"outcome\":\"low\",\"score\":1e999999999}");
  return 0;
}
