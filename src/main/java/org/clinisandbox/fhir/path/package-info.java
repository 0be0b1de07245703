/**
 * A small, bounded FHIRPath for the rules in manifests. An expression is hostile until proven
 * otherwise: whatever it says, it ends within its {@link org.clinisandbox.fhir.path.Budget}.
 */
@NullMarked
package org.clinisandbox.fhir.path;

import org.jspecify.annotations.NullMarked;
