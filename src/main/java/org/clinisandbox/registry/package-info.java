/** Models, their manifests and what these require. */
@NullMarked
package org.clinisandbox.registry;

import org.jspecify.annotations.NullMarked;
