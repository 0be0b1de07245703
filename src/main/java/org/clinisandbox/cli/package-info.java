/** What people type. */
@NullMarked
package org.clinisandbox.cli;

import org.jspecify.annotations.NullMarked;
