/** Signs, guards and delivers webhooks. */
@NullMarked
package org.clinisandbox.webhook;

import org.jspecify.annotations.NullMarked;
