/** The HTTP edge: who is asking, how big is it, was it seen before; then on to the right room. */
@NullMarked
package org.clinisandbox.intake;

import org.jspecify.annotations.NullMarked;
