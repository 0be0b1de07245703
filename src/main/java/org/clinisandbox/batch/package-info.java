/** Many that wait for the disk share one wait. */
@NullMarked
package org.clinisandbox.batch;

import org.jspecify.annotations.NullMarked;
