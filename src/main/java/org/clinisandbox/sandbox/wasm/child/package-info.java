/**
 * What runs in a child JVM of the wasm backend: modules compiled to JVM bytecode, one instance for
 * each patient. It holds no key, no environment and no connection but those to the process that
 * started it.
 *
 * <p>A module reaches no file, socket, clock, environment or randomness of the host; it finds
 * nothing of an earlier patient; it has its linear memory up to its limit, one thread, and three
 * streams. Time and the streams' caps are the host's to hold.
 */
@NullMarked
package org.clinisandbox.sandbox.wasm.child;

import org.jspecify.annotations.NullMarked;
