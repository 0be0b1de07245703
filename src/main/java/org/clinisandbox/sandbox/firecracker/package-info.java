/**
 * The Firecracker backend: container images in virtual machines on KVM, each in the jail that
 * Firecracker's jailer makes, each restored for one patient from a snapshot whose model is ready.
 */
@NullMarked
package org.clinisandbox.sandbox.firecracker;

import org.jspecify.annotations.NullMarked;
