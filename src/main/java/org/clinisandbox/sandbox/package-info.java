/** Single-use places where one model answers one patient. */
@NullMarked
package org.clinisandbox.sandbox;

import org.jspecify.annotations.NullMarked;
