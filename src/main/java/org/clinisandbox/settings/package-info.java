/**
 * Every setting: its name, its default, what it means; unknown or contradictory ones stop the
 * start.
 */
@NullMarked
package org.clinisandbox.settings;

import org.jspecify.annotations.NullMarked;
