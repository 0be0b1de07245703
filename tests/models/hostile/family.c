#include "family.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../models/common/reply.h"
#include "../../../models/common/request.h"

enum { NAME = 96, KEPT = 96, NOTES = 48, USAGE = 64 };

static char reached[KEPT][NAME];

static struct {
  const char *name;
  const char *text;
  long value;
} notes[NOTES];

static int tried;
static int successes;
static int named;
static int noted;
static bool asked;

bool count(bool got) {
  tried++;
  successes += got;
  return got;
}

bool probe(bool got, const char *name, ...) {
  if (got && named < KEPT) {
    va_list arguments;
    va_start(arguments, name);
    vsnprintf(reached[named], NAME, name, arguments);
    va_end(arguments);
    int same = 0;
    while (strcmp(reached[same], reached[named]) != 0) {
      same++;
    }
    named += same == named;
  }
  errno = 0;
  return count(got);
}

static void keep(const char *name, const char *text, long value) {
  if (noted < NOTES) {
    notes[noted].name = name;
    notes[noted].text = text;
    notes[noted++].value = value;
  }
}

void note(const char *name, long value) { keep(name, NULL, value); }

void note_text(const char *name, const char *text) { keep(name, text, 0); }

const char *word_or(const char *name, const char *fallback) {
  return asked && has_input(name) ? input_word(name) : fallback;
}

long number_or(const char *name, long fallback) {
  return asked && has_input(name) ? (long)input_number(name, "", 0, 1e15) : fallback;
}

bool in_child(bool (*attempt)(long), long argument) {
  pid_t child = fork();
  if (child == 0) {
    _exit(attempt(argument));
  }
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == 1;
}

static void ask(void) {
  say_ready();
  read_request();
  asked = true;
}

static void answer(void) {
  reply_begin();
  reply_text("outcome", successes == 0 ? "nothing" : "reached");
  reply_whole("score", successes);
  reply_object("details");
  reply_whole("tried", tried);
  reply_whole("successes", successes);
  reply_object("reached");
  for (int i = 0; i < named; i++) {
    reply_flag(reached[i], true);
  }
  reply_end();
  for (int i = 0; i < noted; i++) {
    if (notes[i].text != NULL) {
      reply_text(notes[i].name, notes[i].text);
    } else {
      reply_whole(notes[i].name, notes[i].value);
    }
  }
  reply_end();
  reply_send();
}

int family(int argc, char **argv, const struct mode *modes, size_t count) {
  bool early = argc > 2 && strcmp(argv[2], "early") == 0;
  for (size_t i = 0; argc > 1 && i < count; i++) {
    if (strcmp(modes[i].name, argv[1]) == 0) {
      if (!early) {
        ask();
      }
      modes[i].run();
      if (early) {
        ask();
      }
      answer();
      return 0;
    }
  }
  fputs("The first argument must be one of:", stderr);
  for (size_t i = 0; i < count; i++) {
    fprintf(stderr, " %s", modes[i].name);
  }
  fputc('\n', stderr);
  return USAGE;
}
