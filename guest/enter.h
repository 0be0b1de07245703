/* Puts a sandbox's first process where it belongs and becomes it. */
#pragma once

_Noreturn void enter(char **arguments);
