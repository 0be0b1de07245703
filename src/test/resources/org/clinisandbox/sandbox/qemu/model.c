/* A model that does one of several things, by its first argument, and says in one line what came of it. */
#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 1 << 16, STEP = 1 << 20 };

static char line[LINE];
static char memory[64];

static void fresh(void) {
  unsigned char bytes[16] = {0};
  int random = open("/dev/urandom", O_RDONLY);
  read(random, bytes, sizeof bytes);
  printf("{\"random\":\"");
  for (size_t i = 0; i < sizeof bytes; i++) {
    printf("%02x", bytes[i]);
  }
  printf("\",\"time\":%lld}\n", (long long)time(NULL));
}

/* What an earlier patient left in memory or /tmp; leaves the same. */
static void residue(void) {
  int found = memory[0] != '\0' || access("/tmp/left", F_OK) == 0;
  strcpy(memory, "patient");
  FILE *left = fopen("/tmp/left", "w");
  fputs("patient", left);
  fclose(left);
  printf("{\"found\":%s}\n", found ? "true" : "false");
}

static void eat(void) {
  for (;;) {
    memset(malloc(STEP), 1, STEP);
  }
}

static void take(int mebibytes) {
  for (int i = 0; i < mebibytes; i++) {
    memset(malloc(STEP), 1, STEP);
  }
}

static void network(void) {
  FILE *devices = fopen("/proc/net/dev", "r");
  printf("{\"devices\":\"");
  while (fgets(line, sizeof line, devices) != NULL) {
    char *end = strchr(line, ':');
    if (end != NULL) {
      printf("%.*s ", (int)(end - line), line);
    }
  }
  printf("\"}\n");
}

/* Much code for little: what it has to say is a long way round. */
static void work(void) {
  char text[64];
  regex_t number;
  regcomp(&number, "^[0-9]+(\\.[0-9]+)?(e[+-]?[0-9]+)?$", REG_EXTENDED);
  snprintf(text, sizeof text, "%.17g", strtod(line, NULL) / 3 + 1.5);
  int fits = regexec(&number, text, 0, NULL, 0) == 0;
  regfree(&number);
  time_t noon = 43200;
  strftime(text, sizeof text, "%A %d %B %Y", gmtime(&noon));
  printf("{\"fits\":%s,\"day\":\"%s\"}\n", fits ? "true" : "false", text);
}

int main(int count, char **arguments) {
  if (count < 2) {
    return 1;
  }
  const char *what = arguments[1];
  if (strcmp(what, "full") == 0 && count > 2) {
    take(atoi(arguments[2]));
  }
  puts("{\"ready\":true}");
  fflush(stdout);
  if (fgets(line, sizeof line, stdin) == NULL) {
    return 1;
  }
  if (strcmp(what, "stay") == 0 && strcmp(line, "rehearsal\n") == 0) {
    for (;;) {
      pause();
    }
  }
  if (strcmp(what, "echo") == 0 || strcmp(what, "stay") == 0 || strcmp(what, "full") == 0) {
    fputs(line, stdout);
  } else if (strcmp(what, "fresh") == 0) {
    fresh();
  } else if (strcmp(what, "residue") == 0) {
    residue();
  } else if (strcmp(what, "eat") == 0) {
    eat();
  } else if (strcmp(what, "hold") == 0 && count > 2) {
    take(atoi(arguments[2]));
    puts("{}");
  } else if (strcmp(what, "network") == 0) {
    network();
  } else if (strcmp(what, "work") == 0) {
    if (strcmp(line, "rehearsal\n") != 0) {
      work();
    }
  } else if (strcmp(what, "spin") == 0) {
    for (;;) {
    }
  } else {
    return 1;
  }
  return 0;
}
