/** Measurements, run by bench/run; none of them is a test. */
@NullMarked
package org.clinisandbox.bench;

import org.jspecify.annotations.NullMarked;
