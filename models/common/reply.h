#ifndef CLINISANDBOX_REPLY_H
#define CLINISANDBOX_REPLY_H

#include <stdbool.h>

/*
 * Writes the one reply line: an object whose members are added in order and sent at the end. A
 * number that is not finite, or a reply that does not fit, ends the process as refuse() does: a
 * broken line is never sent.
 */
void reply_begin(void);
void reply_object(const char *name);
void reply_end(void);
void reply_text(const char *name, const char *text);
void reply_whole(const char *name, long number);
void reply_flag(const char *name, bool flag);

/* At most this many decimals, zeros at the end left out. */
void reply_number(const char *name, double number, int decimals);

/* The number that reply_number prints, for a judgement that must agree with the printed one. */
double as_printed(double number, int decimals);

/* Closes the object and prints the line. */
void reply_send(void);

#endif
