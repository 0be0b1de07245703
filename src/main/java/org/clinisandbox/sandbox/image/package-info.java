/** Model images: found, verified, unpacked, kept, and built. */
@NullMarked
package org.clinisandbox.sandbox.image;

import org.jspecify.annotations.NullMarked;
