/* Answers with a probability below 0. */
#include <stdio.h>

#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  puts("{\"outcome\":\"low\",\"probability\":-0.1}");
  return 0;
}
