/*
 * "plant" leaves a secret wherever the next patient's process might find it; "look" looks for it there,
 * and in every byte of memory it can read. The input "secret" is the secret in hexadecimal, 8 to 31
 * bytes: who looks must not find its own question.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "family.h"

enum { LONGEST = 31, HEAP = 32 << 20, CHUNK = 1 << 20, KEY = 0x5A17, IDS = 4096, DEPTH = 4 };
enum { SESSION_KEYRING = -3, USER_KEYRING = -4, USER_SESSION_KEYRING = -5, KEYCTL_SEARCH = 10 };
enum { SHM_STAT_AT = 13, MSG_STAT_AT = 11 };

static const char *const FOLDERS[] = {"/tmp", "/dev/shm", "/var/tmp", "/run", "/dev/mqueue"};
enum { FOLDER_COUNT = sizeof FOLDERS / sizeof *FOLDERS };

static const char *hex;
static size_t length;

static unsigned char digit(char c) { return (unsigned char)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10); }

/* One byte of the secret, which lies in the looker's memory as hexadecimal only. */
static unsigned char at(size_t i) {
  return (unsigned char)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
}

static void know_secret(void) {
  hex = word_or("secret", "");
  length = strlen(hex) / 2;
  if (length < 8 || length > LONGEST) {
    hex = "c3a15e0792d84bf6";
    length = 8;
  }
}

static bool holds(const unsigned char *bytes, size_t size) {
  for (size_t from = 0; from + length <= size; from++) {
    size_t i = 0;
    while (i < length && bytes[from + i] == at(i)) {
      i++;
    }
    if (i == length) {
      return true;
    }
  }
  return false;
}

static unsigned char chunk[CHUNK + LONGEST];

static bool file_holds(int file, long from, long size) {
  for (long done = 0; done < size;) {
    size_t wanted = size - done < (long)sizeof chunk ? (size_t)(size - done) : sizeof chunk;
    ssize_t got = pread(file, chunk, wanted, from + done);
    if (got <= 0) {
      return false;
    }
    if (holds(chunk, (size_t)got)) {
      return true;
    }
    done += got == sizeof chunk ? got - LONGEST : got;
  }
  return false;
}

static void look_in_file(const char *path) {
  int file = open(path, O_RDONLY | O_NONBLOCK);
  bool found = file >= 0 && file_holds(file, 0, 64 << 20);
  memset(chunk, 0, sizeof chunk);
  probe(found, "%s", path);
  close(file);
}

static void look_in_folder(const char *folder, int depth) {
  DIR *entries = opendir(folder);
  for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
    char path[PATH_MAX];
    struct stat found;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    if (entry->d_name[0] == '.' && strlen(entry->d_name) < 3) {
      continue;
    }
    probe(holds((unsigned char *)entry->d_name, strlen(entry->d_name)), "a name in %s", folder);
    if (lstat(path, &found) == 0 && S_ISREG(found.st_mode)) {
      look_in_file(path);
    } else if (S_ISDIR(found.st_mode) && depth < DEPTH) {
      look_in_folder(path, depth + 1);
    }
  }
  if (entries != NULL) {
    closedir(entries);
  }
}

/* The memory of one process, as far as the kernel lets this one read it. */
static void look_in_process(const char *pid) {
  char path[64];
  char line[512];
  unsigned long from;
  unsigned long to;
  char readable;
  long regions = 0;
  snprintf(path, sizeof path, "/proc/%s/environ", pid);
  look_in_file(path);
  snprintf(path, sizeof path, "/proc/%s/cmdline", pid);
  look_in_file(path);
  snprintf(path, sizeof path, "/proc/%s/mem", pid);
  int memory = open(path, O_RDONLY);
  snprintf(path, sizeof path, "/proc/%s/maps", pid);
  FILE *maps = fopen(path, "r");
  while (memory >= 0 && maps != NULL && fgets(line, sizeof line, maps) != NULL) {
    if (sscanf(line, "%lx-%lx %c", &from, &to, &readable) == 3 && readable == 'r' &&
        strstr(line, "[v") == NULL) {
      /* What was read for an earlier region lies in chunk: not a find. */
      memset(chunk, 0, sizeof chunk);
      regions++;
      probe(file_holds(memory, (long)from, (long)(to - from)), "memory of %s", pid);
    }
  }
  if (strcmp(pid, "self") == 0) {
    note("own_regions", regions);
  }
}

/* What the kernel and the allocator hand out before anything is written to it. */
static void look_in_fresh_memory(void) {
  unsigned char *volatile heap = malloc(HEAP);
  unsigned char *pages =
      mmap(NULL, HEAP, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  long end = syscall(SYS_brk, 0);
  bool grown = syscall(SYS_brk, end + CHUNK) == end + CHUNK;
  probe(heap != NULL && holds(heap, HEAP), "malloc");
  probe(pages != MAP_FAILED && holds(pages, HEAP), "mmap");
  probe(grown && holds((unsigned char *)end, CHUNK), "brk");
}

static socklen_t abstract(struct sockaddr_un *address) {
  *address = (struct sockaddr_un){.sun_family = AF_UNIX};
  memcpy(address->sun_path + 1, hex, 2 * length);
  return (socklen_t)(sizeof address->sun_family + 1 + 2 * length);
}

static void look(void) {
  know_secret();
  look_in_fresh_memory();
  look_in_process("self");
  for (int i = 0; i < FOLDER_COUNT; i++) {
    look_in_folder(FOLDERS[i], 0);
  }
  DIR *processes = opendir("/proc");
  for (struct dirent *entry; processes != NULL && (entry = readdir(processes)) != NULL;) {
    if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && atoi(entry->d_name) != getpid()) {
      look_in_process(entry->d_name);
    }
  }
  struct sockaddr_un address;
  socklen_t size = abstract(&address);
  int client = socket(AF_UNIX, SOCK_STREAM, 0);
  probe(connect(client, (struct sockaddr *)&address, size) == 0, "abstract socket");
  struct shmid_ds segment;
  struct msqid_ds queue;
  for (int i = 0; i < IDS; i++) {
    int id = shmctl(i, SHM_STAT_AT, &segment);
    unsigned char *page = id < 0 ? (void *)-1 : shmat(id, NULL, SHM_RDONLY);
    if (id >= 0) {
      probe(page != (void *)-1 && holds(page, segment.shm_segsz), "shared memory");
    }
    if (msgctl(i, MSG_STAT_AT, &queue) >= 0) {
      probe(true, "message queue");
    }
  }
  for (int keyring = USER_SESSION_KEYRING; keyring <= SESSION_KEYRING; keyring++) {
    probe(syscall(SYS_keyctl, KEYCTL_SEARCH, keyring, "user", hex, 0) >= 0, "keyring %d", keyring);
  }
}

static void plant(void) {
  know_secret();
  unsigned char secret[LONGEST + 1] = {0};
  for (size_t i = 0; i < length; i++) {
    secret[i] = at(i);
  }
  long files = 0;
  for (int i = 0; i < FOLDER_COUNT; i++) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", FOLDERS[i], hex);
    int file = open(path, O_WRONLY | O_CREAT, 0666);
    files += file >= 0 && write(file, secret, length) == (ssize_t)length;
  }
  unsigned char *heap = malloc(HEAP);
  unsigned char *shared = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  for (size_t i = 0; heap != NULL && i + length <= HEAP; i += length) {
    memcpy(heap + i, secret, length);
  }
  if (shared != MAP_FAILED) {
    memcpy(shared, secret, length);
  }
  int segment = shmget(KEY, CHUNK, IPC_CREAT | 0666);
  unsigned char *page = segment < 0 ? (void *)-1 : shmat(segment, NULL, 0);
  if (page != (void *)-1) {
    memcpy(page, secret, length);
  }
  struct {
    long type;
    unsigned char text[LONGEST];
  } message = {1, {0}};
  memcpy(message.text, secret, length);
  int queue = msgget(KEY, IPC_CREAT | 0666);
  struct sockaddr_un address;
  socklen_t size = abstract(&address);
  int server = socket(AF_UNIX, SOCK_STREAM, 0);
  bool bound = bind(server, (struct sockaddr *)&address, size) == 0 && listen(server, 1) == 0;
  note("files", files);
  note("heap", heap != NULL);
  note("shared_memory", page != (void *)-1);
  note("message_queue", queue >= 0 && msgsnd(queue, &message, length, IPC_NOWAIT) == 0);
  note("abstract_socket", bound);
  note("session_key", syscall(SYS_add_key, "user", hex, secret, length, SESSION_KEYRING) >= 0);
  note("user_key", syscall(SYS_add_key, "user", hex, secret, length, USER_KEYRING) >= 0);
  note("environment", setenv("RESIDUE", (char *)secret, 1) == 0);
  /* A child keeps the socket and all of the memory after the answer. */
  if (fork() == 0) {
    setsid();
    for (;;) {
      pause();
    }
  }
}

static const struct mode MODES[] = {{"plant", plant}, {"look", look}};
FAMILY(MODES)
