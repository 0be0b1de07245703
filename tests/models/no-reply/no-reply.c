/* Reads the request and ends well, having answered nothing. */
#include "../../../models/common/request.h"

int main(void) {
  say_ready();
  read_request();
  return 0;
}
