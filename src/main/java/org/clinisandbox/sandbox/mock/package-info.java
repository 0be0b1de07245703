/** The mock backend, for trying the API: it runs no model and says so. */
@NullMarked
package org.clinisandbox.sandbox.mock;

import org.jspecify.annotations.NullMarked;
