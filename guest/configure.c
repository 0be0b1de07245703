#include "configure.h"

#include <limits.h>
#include <string.h>

#include "fail.h"
#include "io.h"

static enum protocol protocol_of(const char *name) {
  if (strcmp(name, "json-lines") == 0) {
    return JSON_LINES;
  }
  if (strcmp(name, "sagemaker") == 0) {
    return SAGEMAKER;
  }
  if (strcmp(name, "open-inference-v2") == 0) {
    return OPEN_INFERENCE_V2;
  }
  fail("The guest does not speak the protocol %.64s.", name);
}

static unsigned long long number(const char *key, const char *text, unsigned long long most) {
  unsigned long long value;
  if (!read_number(text, 1, most, &value)) {
    fail("The configuration's %s is no number from 1 to %llu.", key, most);
  }
  return value;
}

/* A name that stands in a path as it is. */
static const char *path_name(const char *name) {
  size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
  if (length == 0 || length > 128 || name[length] != '\0' || name[0] == '.') {
    fail("The model's name can't stand in a path; use letters, digits, '.', '_' and '-'.");
  }
  return name;
}

static void take(struct config *config, char ***argument, char ***variable, char *key,
                 char *value) {
  if (strcmp(key, "protocol") == 0) {
    config->protocol = protocol_of(value);
  } else if (strcmp(key, "arg") == 0) {
    *(*argument)++ = value;
  } else if (strcmp(key, "env") == 0) {
    if (strchr(value, '=') == NULL) {
      fail("The configuration's env has a variable without '='.");
    }
    *(*variable)++ = value;
  } else if (strcmp(key, "cwd") == 0) {
    config->folder = value;
  } else if (strcmp(key, "memory") == 0) {
    config->memory = number(key, value, LLONG_MAX);
  } else if (strcmp(key, "processes") == 0) {
    config->processes = number(key, value, INT_MAX);
  } else if (strcmp(key, "tmp") == 0) {
    config->tmp = number(key, value, LLONG_MAX);
  } else if (strcmp(key, "port") == 0) {
    config->port = (unsigned short)number(key, value, USHRT_MAX);
  } else if (strcmp(key, "model") == 0) {
    config->model = path_name(value);
  } else if (strcmp(key, "rehearsal") == 0) {
    config->rehearsal = value;
  } else {
    fail("The guest does not know the configuration's key %.64s.", key);
  }
}

struct config configure(const struct frame *frame) {
  char *text = (char *)frame->bytes;
  char *end = text + frame->length;
  if (frame->length > 0 && end[-1] != '\0') {
    fail("The configuration does not end with a NUL byte.");
  }
  size_t strings = 0;
  for (const char *byte = text; byte < end; byte++) {
    strings += *byte == '\0';
  }
  struct config config = {.folder = "/", .port = 8080};
  char **argument = config.arguments = allocate((strings + 1) * sizeof *argument);
  char **variable = config.environment = allocate((strings + 1) * sizeof *variable);
  for (char *key = text; key < end;) {
    char *next = key + strlen(key) + 1;
    char *value = strchr(key, '=');
    if (value == NULL) {
      fail("The configuration has a string without '='.");
    }
    *value = '\0';
    take(&config, &argument, &variable, key, value + 1);
    key = next;
  }
  *argument = NULL;
  *variable = NULL;
  if (config.protocol == NO_PROTOCOL) {
    fail("The configuration names no protocol.");
  }
  if (config.arguments[0] == NULL || config.arguments[0][0] == '\0') {
    fail("The configuration names no program.");
  }
  if (config.protocol == OPEN_INFERENCE_V2 && config.model == NULL) {
    fail("The configuration names no model, which open-inference-v2 needs.");
  }
  return config;
}

const char *model_variable(const struct config *config, const char *name) {
  size_t length = strlen(name);
  for (char **variable = config->environment; *variable != NULL; variable++) {
    if (strncmp(*variable, name, length) == 0 && (*variable)[length] == '=') {
      return *variable + length + 1;
    }
  }
  return NULL;
}
