#include "request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

enum { LINE = 256 * 1024, INPUTS = 64, SETTINGS = 16, TEXT = 64 };

enum kind { OTHER, NUMBER, WORD, FLAG };

struct input {
  char name[TEXT];
  char value[TEXT];
  char unit[TEXT];
  enum kind kind;
};

struct setting {
  char name[TEXT];
  char value[TEXT];
  bool word;
};

static char line[LINE];
static struct input inputs[INPUTS];
static int count;
static struct setting settings[SETTINGS];
static int settings_count;

_Noreturn void refuse(const char *what, const char *name) {
  fprintf(stderr, "%s: %s\n", what, name);
  exit(REFUSED);
}

static void need(bool held) {
  if (!held) {
    refuse("malformed", "request");
  }
}

void say_ready(void) {
  puts("{\"ready\":true}");
  fflush(stdout);
}

static size_t read_line(void) {
  size_t length = 0;
  for (int c; (c = getchar()) != EOF && c != '\n';) {
    if (length == sizeof line) {
      refuse("too-long", "request");
    }
    line[length++] = (char)c;
  }
  return length;
}

static struct input *find(const char *name) {
  for (int i = 0; i < count; i++) {
    if (strcmp(inputs[i].name, name) == 0) {
      return &inputs[i];
    }
  }
  return NULL;
}

static void read_value(struct json *json, struct input *input) {
  switch (json_peek(json)) {
    case '0':
      input->kind = NUMBER;
      need(json_number(json, input->value, sizeof input->value));
      break;
    case '"':
      input->kind = WORD;
      need(json_text(json, input->value, sizeof input->value));
      break;
    case 'w':
      need(json_word(json, input->value, sizeof input->value));
      input->kind = strcmp(input->value, "null") == 0 ? OTHER : FLAG;
      break;
    default:
      need(json_skip(json));
  }
}

static void read_input(struct json *json, struct input *input) {
  bool first;
  bool more;
  bool value = false;
  need(json_enter(json, '{', &first));
  for (;;) {
    char name[TEXT];
    need(json_member(json, '}', &first, &more));
    if (!more) {
      break;
    }
    need(json_name(json, name, sizeof name));
    if (strcmp(name, "value") == 0) {
      need(!value);
      value = true;
      read_value(json, input);
    } else if (strcmp(name, "unit") == 0 && json_peek(json) == '"') {
      need(input->unit[0] == '\0');
      need(json_text(json, input->unit, sizeof input->unit));
    } else {
      need(json_skip(json));
    }
  }
}

static void read_inputs(struct json *json) {
  bool first;
  bool more;
  need(json_enter(json, '{', &first));
  for (;;) {
    struct input input = {0};
    need(json_member(json, '}', &first, &more));
    if (!more) {
      break;
    }
    need(json_name(json, input.name, sizeof input.name));
    need(find(input.name) == NULL && count < INPUTS);
    read_input(json, &input);
    inputs[count++] = input;
  }
}

static struct setting *find_setting(const char *name) {
  for (int i = 0; i < settings_count; i++) {
    if (strcmp(settings[i].name, name) == 0) {
      return &settings[i];
    }
  }
  return NULL;
}

static void read_settings(struct json *json) {
  bool first;
  bool more;
  need(json_enter(json, '{', &first));
  for (;;) {
    struct setting setting = {0};
    need(json_member(json, '}', &first, &more));
    if (!more) {
      break;
    }
    need(json_name(json, setting.name, sizeof setting.name));
    need(find_setting(setting.name) == NULL && settings_count < SETTINGS);
    setting.word = json_peek(json) == '"';
    need(setting.word ? json_text(json, setting.value, sizeof setting.value) : json_skip(json));
    settings[settings_count++] = setting;
  }
}

void read_request(void) {
  struct json json = {line, line + read_line(), 0};
  bool first;
  bool more;
  bool protocol = false;
  bool found = false;
  bool settled = false;
  need(json_enter(&json, '{', &first));
  for (;;) {
    char name[TEXT];
    char value[TEXT];
    need(json_member(&json, '}', &first, &more));
    if (!more) {
      break;
    }
    need(json_name(&json, name, sizeof name));
    if (strcmp(name, "protocol") == 0) {
      need(!protocol && json_text(&json, value, sizeof value));
      need(strcmp(value, "clinisandbox/1") == 0);
      protocol = true;
    } else if (strcmp(name, "inputs") == 0) {
      need(!found);
      found = true;
      read_inputs(&json);
    } else if (strcmp(name, "settings") == 0) {
      need(!settled);
      settled = true;
      read_settings(&json);
    } else {
      need(json_skip(&json));
    }
  }
  need(json_done(&json) && protocol && found);
}

bool has_input(const char *name) { return find(name) != NULL; }

static const struct input *checked(const char *name, const char *unit, double low, double high) {
  const struct input *input = find(name);
  if (input == NULL) {
    refuse("missing", name);
  }
  if (input->kind != NUMBER) {
    refuse("not-a-number", name);
  }
  if (input->unit[0] != '\0' && strcmp(input->unit, unit) != 0) {
    refuse("unit", name);
  }
  double number = strtod(input->value, NULL);
  if (!(number >= low && number <= high)) {
    refuse("out-of-range", name);
  }
  return input;
}

double input_number(const char *name, const char *unit, double low, double high) {
  return strtod(checked(name, unit, low, high)->value, NULL);
}

/* The exponent of a number as written; beyond ±9999 it is all one, since TEXT digits end before. */
static long exponent(const char *e) {
  long power = 0;
  bool negative = *e == '-';
  for (e += negative || *e == '+'; *e != '\0'; e++) {
    power = power < 1000 ? power * 10 + (*e - '0') : 9999;
  }
  return negative ? -power : power;
}

long input_rounded(const char *name, const char *unit, double low, double high, int places) {
  const char *text = checked(name, unit, low, high)->value;
  bool negative = *text == '-';
  char digits[TEXT];
  long length = 0;
  long point = -1;
  const char *c = text + negative;
  for (; *c != '\0' && *c != 'e' && *c != 'E'; c++) {
    if (*c == '.') {
      point = length;
    } else {
      digits[length++] = *c;
    }
  }
  long keep = (point < 0 ? length : point) + (*c == '\0' ? 0 : exponent(c + 1)) + places;
  long rounded = 0;
  for (long i = 0; i < keep; i++) {
    rounded = rounded * 10 + (i < length ? digits[i] - '0' : 0);
    if (rounded > 100000000) {
      refuse("out-of-range", name);
    }
  }
  if (keep >= 0 && keep < length && digits[keep] >= '5') {
    rounded++;
  }
  return negative ? -rounded : rounded;
}

const char *input_word(const char *name) {
  const struct input *input = find(name);
  if (input == NULL) {
    refuse("missing", name);
  }
  if (input->kind != WORD) {
    refuse("not-a-word", name);
  }
  return input->value;
}

bool input_flag(const char *name) {
  const struct input *input = find(name);
  if (input == NULL) {
    refuse("missing", name);
  }
  if (input->kind != FLAG) {
    refuse("not-a-flag", name);
  }
  return input->value[0] == 't';
}

const char *setting_word(const char *name, const char *fallback) {
  const struct setting *setting = find_setting(name);
  if (setting == NULL) {
    return fallback;
  }
  if (!setting->word) {
    refuse("not-a-word", name);
  }
  return setting->value;
}
