/** What backends of virtual machines share: what a machine boots, and machines frozen for use. */
@NullMarked
package org.clinisandbox.sandbox.machine;

import org.jspecify.annotations.NullMarked;
