#include "json.h"

#include <string.h>

/* Where a text goes; with nowhere to go it is only checked. */
struct sink {
  char *into;
  size_t size;
  size_t used;
};

static bool put(struct sink *sink, unsigned byte) {
  if (sink->into == NULL) {
    return true;
  }
  if (byte == 0 || sink->used + 1 >= sink->size) {
    return false;
  }
  sink->into[sink->used++] = (char)byte;
  return true;
}

static void finish(struct sink *sink) {
  if (sink->into != NULL) {
    sink->into[sink->used] = '\0';
  }
}

/* What was read since start, as it stands there. */
static bool since(const struct json *json, const char *start, char *into, size_t size) {
  struct sink sink = {into, size, 0};
  for (const char *c = start; c < json->at; c++) {
    if (!put(&sink, (unsigned char)*c)) {
      return false;
    }
  }
  finish(&sink);
  return true;
}

static void space(struct json *json) {
  while (json->at < json->end && memchr(" \t\r\n", *json->at, 4) != NULL) {
    json->at++;
  }
}

static bool take(struct json *json, char wanted) {
  if (json->at == json->end || *json->at != wanted) {
    return false;
  }
  json->at++;
  return true;
}

static bool digit(const struct json *json) {
  return json->at < json->end && *json->at >= '0' && *json->at <= '9';
}

char json_peek(struct json *json) {
  space(json);
  if (json->at == json->end) {
    return 0;
  }
  switch (*json->at) {
    case '{':
    case '[':
    case '"':
      return *json->at;
    case 't':
    case 'f':
    case 'n':
      return 'w';
    default:
      return digit(json) || *json->at == '-' ? '0' : 0;
  }
}

bool json_enter(struct json *json, char open, bool *first) {
  space(json);
  *first = true;
  return json->depth++ < JSON_DEPTH && take(json, open);
}

bool json_member(struct json *json, char close, bool *first, bool *more) {
  space(json);
  *more = !take(json, close);
  if (!*more) {
    json->depth--;
    return true;
  }
  if (*first) {
    *first = false;
    return true;
  }
  return take(json, ',');
}

bool json_name(struct json *json, char *into, size_t size) {
  if (!json_text(json, into, size)) {
    return false;
  }
  space(json);
  return take(json, ':');
}

static bool unit16(struct json *json, unsigned *unit) {
  *unit = 0;
  for (int i = 0; i < 4; i++) {
    static const char hex[] = "0123456789abcdef0123456789ABCDEF";
    const char *found =
        json->at < json->end ? memchr(hex, *json->at, sizeof hex - 1) : NULL;
    if (found == NULL) {
      return false;
    }
    *unit = *unit << 4 | ((unsigned)(found - hex) & 15);
    json->at++;
  }
  return true;
}

/* The rest of a \u escape, as UTF-8; half a surrogate pair is refused. */
static bool code_point(struct json *json, struct sink *sink) {
  unsigned point;
  if (!unit16(json, &point)) {
    return false;
  }
  if (point >= 0xD800 && point <= 0xDFFF) {
    unsigned low;
    if (point > 0xDBFF || !take(json, '\\') || !take(json, 'u') || !unit16(json, &low) ||
        low < 0xDC00 || low > 0xDFFF) {
      return false;
    }
    point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
  }
  if (point < 0x80) {
    return put(sink, point);
  }
  if (point < 0x800) {
    return put(sink, 0xC0 | point >> 6) && put(sink, 0x80 | (point & 63));
  }
  if (point < 0x10000) {
    return put(sink, 0xE0 | point >> 12) && put(sink, 0x80 | (point >> 6 & 63)) &&
           put(sink, 0x80 | (point & 63));
  }
  return put(sink, 0xF0 | point >> 18) && put(sink, 0x80 | (point >> 12 & 63)) &&
         put(sink, 0x80 | (point >> 6 & 63)) && put(sink, 0x80 | (point & 63));
}

static bool escape(struct json *json, struct sink *sink) {
  static const char letters[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  if (take(json, 'u')) {
    return code_point(json, sink);
  }
  const char *found =
      json->at < json->end ? memchr(letters, *json->at, sizeof letters - 1) : NULL;
  if (found == NULL) {
    return false;
  }
  json->at++;
  return put(sink, (unsigned char)meanings[found - letters]);
}

bool json_text(struct json *json, char *into, size_t size) {
  struct sink sink = {into, size, 0};
  space(json);
  if (!take(json, '"')) {
    return false;
  }
  while (json->at < json->end) {
    unsigned byte = (unsigned char)*json->at++;
    if (byte == '"') {
      finish(&sink);
      return true;
    }
    if (byte < 0x20 || !(byte == '\\' ? escape(json, &sink) : put(&sink, byte))) {
      return false;
    }
  }
  return false;
}

static bool digits(struct json *json) {
  if (!digit(json)) {
    return false;
  }
  while (digit(json)) {
    json->at++;
  }
  return true;
}

bool json_number(struct json *json, char *into, size_t size) {
  space(json);
  const char *start = json->at;
  take(json, '-');
  if (!take(json, '0') && !digits(json)) {
    return false;
  }
  if (take(json, '.') && !digits(json)) {
    return false;
  }
  if (take(json, 'e') || take(json, 'E')) {
    if (!take(json, '+')) {
      take(json, '-');
    }
    if (!digits(json)) {
      return false;
    }
  }
  return since(json, start, into, size);
}

bool json_word(struct json *json, char *into, size_t size) {
  static const char *const words[] = {"true", "false", "null"};
  space(json);
  const char *start = json->at;
  for (size_t i = 0; i < 3; i++) {
    size_t length = strlen(words[i]);
    if ((size_t)(json->end - json->at) >= length && memcmp(json->at, words[i], length) == 0) {
      json->at += length;
      return since(json, start, into, size);
    }
  }
  return false;
}

bool json_skip(struct json *json) {
  char kind = json_peek(json);
  switch (kind) {
    case '"':
      return json_text(json, NULL, 0);
    case '0':
      return json_number(json, NULL, 0);
    case 'w':
      return json_word(json, NULL, 0);
    case '{':
    case '[':
      break;
    default:
      return false;
  }
  bool first;
  bool more;
  if (!json_enter(json, kind, &first)) {
    return false;
  }
  for (;;) {
    if (!json_member(json, kind == '{' ? '}' : ']', &first, &more)) {
      return false;
    }
    if (!more) {
      return true;
    }
    if ((kind == '{' && !json_name(json, NULL, 0)) || !json_skip(json)) {
      return false;
    }
  }
}

bool json_done(struct json *json) {
  space(json);
  return json->at == json->end;
}
