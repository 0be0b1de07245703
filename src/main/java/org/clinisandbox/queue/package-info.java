/** Redis Streams that carry job ids, as a hint that work exists. */
@NullMarked
package org.clinisandbox.queue;

import org.jspecify.annotations.NullMarked;
