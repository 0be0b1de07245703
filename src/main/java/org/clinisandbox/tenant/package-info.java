/** Client organisations, and the secret each one's webhooks are signed with. */
@NullMarked
package org.clinisandbox.tenant;

import org.jspecify.annotations.NullMarked;
