/**
 * The bubblewrap backend: container images in Linux namespaces, behind a system-call filter and
 * resource limits, on the host's own kernel.
 */
@NullMarked
package org.clinisandbox.sandbox.bubblewrap;

import org.jspecify.annotations.NullMarked;
