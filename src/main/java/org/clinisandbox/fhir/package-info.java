/** Bytes in, a valid FHIR R4 bundle's facts out, or findings. */
@NullMarked
package org.clinisandbox.fhir;

import org.jspecify.annotations.NullMarked;
