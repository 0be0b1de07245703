/**
 * The whole product, run as its users run it: real processes, PostgreSQL, Redis, sandbox, receiver.
 */
@NullMarked
package org.clinisandbox.it;

import org.jspecify.annotations.NullMarked;
