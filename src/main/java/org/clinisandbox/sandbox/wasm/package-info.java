/**
 * The wasm backend: WebAssembly modules compiled to JVM bytecode, one instance for each patient.
 *
 * <p>It holds: a module reaches no file, socket, clock, environment or randomness of the host; it
 * finds nothing of an earlier patient; it has its linear memory up to its limit, one thread, its
 * time, and the three streams up to their caps; what it runs are the bytes that its digest names.
 *
 * <p>It does not hold: the module shares this JVM's process, so a fault in Endive or in the JVM's
 * own compiler is a way out, and what the processor's caches tell is not hidden. Its memory is
 * heap. Its processor time is bounded by its deadline only. Compiling has no deadline: it happens
 * once for each module, when that is registered and tested.
 */
@NullMarked
package org.clinisandbox.sandbox.wasm;

import org.jspecify.annotations.NullMarked;
