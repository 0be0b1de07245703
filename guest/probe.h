#pragma once

/* A model that answers whatever it is asked: what backends are tried out with. */
int probe(void);
