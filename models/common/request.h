#ifndef CLINISANDBOX_REQUEST_H
#define CLINISANDBOX_REQUEST_H

#include <stdbool.h>

/*
 * The model's side of protocol json-lines, up to the reply. Whatever is wrong with the request ends
 * the process with REFUSED and one line on stderr: a word for what is wrong, and the name of the
 * input or setting.
 * A value is never printed there.
 */
enum { REFUSED = 65 };

/* Prints the ready line. Nothing about a patient is known yet. */
void say_ready(void);

/* Reads the one request line and keeps its inputs and settings. */
void read_request(void);

/* Ends the process: what is wrong, and with which input or setting. */
_Noreturn void refuse(const char *what, const char *name);

bool has_input(const char *name);

/* A number in this unit between low and high. A unit that is given must be this one. */
double input_number(const char *name, const char *unit, double low, double high);

/*
 * The same as a whole number of 10^-places, halves away from zero: 38.05 with 1 place is 381. It is
 * rounded from the decimal digits, so it is exact where a binary fraction would not be.
 */
long input_rounded(const char *name, const char *unit, double low, double high, int places);

/* A word. */
const char *input_word(const char *name);

/* Whether something is said to be so; the value must be true or false. */
bool input_flag(const char *name);

/* A setting of the operator's, or this word when none is given. */
const char *setting_word(const char *name, const char *fallback);

#endif
