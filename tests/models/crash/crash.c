/* Reads the request and traps. */
#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  __builtin_trap();
}
