/**
 * Processes of sandboxes on this host: where their files lie, what they may use, who starts them,
 * and that nothing of them is left behind.
 */
@NullMarked
package org.clinisandbox.sandbox.host;

import org.jspecify.annotations.NullMarked;
