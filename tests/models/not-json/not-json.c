/* Answers with a sentence. */
#include <stdio.h>

#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  puts("The risk is low.");
  return 0;
}
