#ifndef CLINISANDBOX_FAMILY_H
#define CLINISANDBOX_FAMILY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A family is one program with several ways to misbehave. Its first argument is the mode. With "early"
 * behind it, the mode runs before the ready line and knows no input, else between request and answer.
 * What a mode managed is told in its answer: outcome "nothing" or "reached", score and
 * details.successes the number of tries that got something, details.tried that of all, details.reached
 * the names of what they got, and whatever else the mode noted.
 */
struct mode {
  const char *name;
  void (*run)(void);
};

/* Runs the mode that the arguments name, and answers if it returns. To be called by main. */
int family(int argc, char **argv, const struct mode *modes, size_t count);

/* Counts one try; gives back whether it got something. */
bool count(bool got);

/* The same, and keeps what succeeded by this name (as printf). */
__attribute__((format(printf, 2, 3))) bool probe(bool got, const char *name, ...);

/* A number or a text for the details. The name, and the text, must last. */
void note(const char *name, long value);
void note_text(const char *name, const char *text);

/* An input if there is one: no mode insists on any. */
const char *word_or(const char *name, const char *fallback);
long number_or(const char *name, long fallback);

/* Runs this in a child process, so that what it changes is gone: whether it answered true. */
bool in_child(bool (*attempt)(long), long argument);

#define FAMILY(modes) \
  int main(int argc, char **argv) { return family(argc, argv, modes, sizeof modes / sizeof *modes); }

#endif
