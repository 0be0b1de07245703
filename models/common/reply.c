#include "reply.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "request.h"

static char line[16 * 1024];
static size_t used;
static bool comma;

static void put(char c) {
  if (used == sizeof line) {
    refuse("too-long", "reply");
  }
  line[used++] = c;
}

static void put_all(const char *text) {
  while (*text != '\0') {
    put(*text++);
  }
}

static void quote(const char *text) {
  put('"');
  for (; *text != '\0'; text++) {
    unsigned char c = (unsigned char)*text;
    char code[8];
    if (c < 0x20) {
      snprintf(code, sizeof code, "\\u%04x", c);
      put_all(code);
    } else {
      if (c == '"' || c == '\\') {
        put('\\');
      }
      put(*text);
    }
  }
  put('"');
}

static void start(const char *name) {
  if (comma) {
    put(',');
  }
  comma = true;
  quote(name);
  put(':');
}

void reply_begin(void) { put('{'); }

void reply_object(const char *name) {
  start(name);
  put('{');
  comma = false;
}

void reply_end(void) {
  put('}');
  comma = true;
}

void reply_text(const char *name, const char *text) {
  start(name);
  quote(text);
}

void reply_whole(const char *name, long number) {
  char text[32];
  snprintf(text, sizeof text, "%ld", number);
  start(name);
  put_all(text);
}

void reply_flag(const char *name, bool flag) {
  start(name);
  put_all(flag ? "true" : "false");
}

/* A number up to 10^40 and with up to 20 decimals fits a text of this length. */
enum { NUMBER_TEXT = 64 };

static int print(char text[NUMBER_TEXT], double number, int decimals) {
  if (!isfinite(number) || fabs(number) > 1e40) {
    refuse("not-finite", "reply");
  }
  return snprintf(text, NUMBER_TEXT, "%.*f", decimals, number);
}

double as_printed(double number, int decimals) {
  char text[NUMBER_TEXT];
  print(text, number, decimals);
  return strtod(text, NULL);
}

void reply_number(const char *name, double number, int decimals) {
  char text[NUMBER_TEXT];
  int length = print(text, number, decimals);
  if (strchr(text, '.') != NULL) {
    while (text[length - 1] == '0') {
      text[--length] = '\0';
    }
    if (text[length - 1] == '.') {
      text[--length] = '\0';
    }
  }
  start(name);
  put_all(text);
}

void reply_send(void) {
  put('}');
  put('\n');
  fwrite(line, 1, used, stdout);
  fflush(stdout);
}
