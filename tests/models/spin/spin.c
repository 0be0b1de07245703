/* Reads the request and then works for ever. */
#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  for (volatile unsigned turn = 0;; turn++) {
  }
}
