/* Answers with bytes that are not UTF-8. */
#include <stdio.h>

#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  puts("{\"outcome\":\"low\xC3\x28\",\"score\":1}");
  return 0;
}
