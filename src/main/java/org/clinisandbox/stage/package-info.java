/** The stages of a job's way, for flight recordings. */
@NullMarked
package org.clinisandbox.stage;

import org.jspecify.annotations.NullMarked;
