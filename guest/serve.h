/* Serves the host: configures, starts the model, carries between both. */
#pragma once

#include "place.h"

_Noreturn void serve(const struct place *place);
