#ifndef CLINISANDBOX_JSON_H
#define CLINISANDBOX_JSON_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A reader of one JSON text (RFC 8259) that lies whole in memory. It walks once from front to back,
 * allocates nothing, and nests at most JSON_DEPTH deep. Every function answers false when the text
 * is not JSON, is nested too deep, or a text does not fit where it was asked to go.
 */
enum { JSON_DEPTH = 32 };

struct json {
  const char *at;
  const char *end;
  int depth;
};

/* What comes next: '{' '[' '"', '0' for a number, 'w' for true, false and null, or 0 for none. */
char json_peek(struct json *json);

/* Steps into the object or array that comes next; first must be true before the first member. */
bool json_enter(struct json *json, char open, bool *first);

/* Whether another member follows; false in *more when the object or array ended. */
bool json_member(struct json *json, char close, bool *first, bool *more);

/* The name of a member and its colon. */
bool json_name(struct json *json, char *into, size_t size);

/* A text, unescaped, with a NUL behind it; a NUL inside is refused. */
bool json_text(struct json *json, char *into, size_t size);

/* A number exactly as written, with a NUL behind it. */
bool json_number(struct json *json, char *into, size_t size);

/* One of true, false and null, exactly as written, with a NUL behind it. */
bool json_word(struct json *json, char *into, size_t size);

/* Any value, checked and passed over. */
bool json_skip(struct json *json);

/* Nothing but white space is left. */
bool json_done(struct json *json);

#endif
