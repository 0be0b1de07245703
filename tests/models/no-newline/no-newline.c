/* Answers well, but for the end of the line. */
#include <stdio.h>

#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  fputs("{\"outcome\":\"low\",\"score\":1}", stdout);
  return 0;
}
