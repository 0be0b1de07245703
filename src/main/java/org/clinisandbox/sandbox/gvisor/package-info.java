/**
 * The gVisor backend: container images on a kernel of their own that runs in user space, itself in
 * namespaces that end with it.
 */
@NullMarked
package org.clinisandbox.sandbox.gvisor;

import org.jspecify.annotations.NullMarked;
