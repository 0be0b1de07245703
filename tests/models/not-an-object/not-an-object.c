/* Answers with JSON that is no object. */
#include <stdio.h>

#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  puts("[{\"outcome\":\"low\",\"score\":1}]");
  return 0;
}
