/** Is a resource valid FHIR R4? Decided over JSON trees, by rules made from HL7's definitions. */
@NullMarked
package org.clinisandbox.fhir.validation;

import org.jspecify.annotations.NullMarked;
