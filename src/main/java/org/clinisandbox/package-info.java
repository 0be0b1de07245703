/** CliniSandbox: entry point and wiring of the roles. */
@NullMarked
package org.clinisandbox;

import org.jspecify.annotations.NullMarked;
