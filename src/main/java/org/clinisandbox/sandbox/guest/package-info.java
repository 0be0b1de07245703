/**
 * The host's half of what docs/guest-protocol.md says: frames over a two-way stream, and one
 * patient's conversation with a model. It trusts nothing that comes back.
 */
@NullMarked
package org.clinisandbox.sandbox.guest;

import org.jspecify.annotations.NullMarked;
