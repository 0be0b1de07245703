/** The real PostgreSQL and Redis that {@code up} brings along when it is given none. */
@NullMarked
package org.clinisandbox.services;

import org.jspecify.annotations.NullMarked;
