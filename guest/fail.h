/* One way to give up: a sentence, handed to whoever must hear it. */
#pragma once

/* Says who hears the sentence. It is called once and must not return. */
void on_failure(void (*hear)(const char *sentence));

_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
