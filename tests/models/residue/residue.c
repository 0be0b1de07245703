/*
 * Looks for what an earlier patient may have left, then plants the same for the next one: a count in
 * static memory, a marker anywhere in the whole linear memory, a file and a variable. A clean sandbox
 * finds nothing: outcome "clean", score 0. The marker is put together when it is planted, so that the
 * module's own data does not hold it.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../../models/common/reply.h"
#include "../../../models/common/request.h"

enum { MARKER = 16, BLOCK = 256 * 1024 };

static const char *const PATHS[] = {"/tmp/residue", "/dev/shm/residue", "residue"};
enum { PATH_COUNT = sizeof PATHS / sizeof *PATHS };

static int uses;
static volatile unsigned char planted[MARKER];

static unsigned char mark(int i) { return (unsigned char)(0xA5 ^ (i * 37)); }

static long markers_in_memory(void) {
  const volatile unsigned char *memory = (const volatile unsigned char *)1;
  size_t size = __builtin_wasm_memory_size(0) * 65536;
  long found = 0;
  for (size_t at = 1; at + MARKER <= size; at++, memory++) {
    int i = 0;
    while (i < MARKER && memory[i] == mark(i)) {
      i++;
    }
    found += i == MARKER;
  }
  return found;
}

static void plant(void) {
  volatile unsigned char *heap = malloc(BLOCK);
  for (int i = 0; i < MARKER; i++) {
    planted[i] = mark(i);
  }
  for (int i = 0; heap != NULL && i < BLOCK; i++) {
    heap[i] = mark(i % MARKER);
  }
  setenv("RESIDUE", "planted", 1);
  for (int i = 0; i < PATH_COUNT; i++) {
    int file = open(PATHS[i], O_WRONLY | O_CREAT, 0600);
    if (file >= 0) {
      write(file, (const void *)planted, MARKER);
      close(file);
    }
  }
  uses++;
}

int main(void) {
  say_ready();
  long memory = markers_in_memory();
  long files = 0;
  for (int i = 0; i < PATH_COUNT; i++) {
    files += open(PATHS[i], O_RDONLY) >= 0;
  }
  bool variable = getenv("RESIDUE") != NULL;
  int earlier = uses;
  read_request();
  plant();
  long found = memory + files + variable + earlier;

  reply_begin();
  reply_text("outcome", found == 0 ? "clean" : "residue");
  reply_whole("score", found);
  reply_object("details");
  reply_whole("uses", earlier);
  reply_whole("memory", memory);
  reply_whole("files", files);
  reply_flag("variable", variable);
  reply_whole("planted", markers_in_memory());
  reply_end();
  reply_send();
  return 0;
}
