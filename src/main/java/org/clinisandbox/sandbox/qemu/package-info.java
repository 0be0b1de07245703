/**
 * The QEMU backend: container images in a virtual machine, which needs no hardware help. A machine
 * is booted once for each model and frozen when the model is ready; each patient gets a copy.
 */
@NullMarked
package org.clinisandbox.sandbox.qemu;

import org.jspecify.annotations.NullMarked;
