/** Keys and ciphertext: everything PHI passes through here before it is written. */
@NullMarked
package org.clinisandbox.vault;

import org.jspecify.annotations.NullMarked;
