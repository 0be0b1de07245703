#include "sockets.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "fail.h"
#include "io.h"

/* Of <linux/audit.h>. */
#if defined __x86_64__
#define ARCHITECTURE 0xc000003e
#elif defined __aarch64__
#define ARCHITECTURE 0xc00000b7
#endif

/* Of <linux/filter.h> and <linux/seccomp.h>. */
enum {
  LOAD = 0x20,
  IF_EQUAL = 0x15,
  IF_AT_LEAST = 0x35,
  RETURN = 0x06,
  FILTER = 2,
};

#define KILL 0x80000000
#define ALLOW 0x7fff0000
#define REFUSE(reason) (0x00050000 | (reason))

/* Where the numbers of the x32 calls begin, which are no calls of any other architecture. */
#define X32 0x40000000

struct call {
  int32_t number;
  uint32_t architecture;
  uint64_t instruction, arguments[6];
};

struct instruction {
  uint16_t code;
  uint8_t if_true, if_false;
  uint32_t value;
};

struct filter {
  unsigned short length;
  const struct instruction *instructions;
};

void deny_sockets_to_host(void) {
  /* io_uring makes sockets past every filter. */
  static const struct instruction INSTRUCTIONS[] = {
      {LOAD, 0, 0, offsetof(struct call, architecture)},
      {IF_EQUAL, 0, 8, ARCHITECTURE},
      {LOAD, 0, 0, offsetof(struct call, number)},
      {IF_AT_LEAST, 6, 0, X32},
      {IF_EQUAL, 6, 0, SYS_io_uring_setup},
      {IF_EQUAL, 1, 0, SYS_socket},
      {IF_EQUAL, 0, 2, SYS_socketpair},
      {LOAD, 0, 0, offsetof(struct call, arguments)},
      {IF_EQUAL, 3, 0, AF_VSOCK},
      {RETURN, 0, 0, ALLOW},
      {RETURN, 0, 0, KILL},
      {RETURN, 0, 0, REFUSE(ENOSYS)},
      {RETURN, 0, 0, REFUSE(EAFNOSUPPORT)},
  };
  const struct filter filter = {sizeof INSTRUCTIONS / sizeof *INSTRUCTIONS, INSTRUCTIONS};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
      prctl(PR_SET_SECCOMP, FILTER, &filter) < 0) {
    fail("Sockets to the host can't be refused: %s.", strerror(errno));
  }
}
