/** Pure: (bundle facts, manifest, time) in, verdict out. No I/O and no framework. */
@NullMarked
package org.clinisandbox.negotiation;

import org.jspecify.annotations.NullMarked;
