/**
 * The wasm backend: WebAssembly modules, run by child JVMs that hold no key.
 *
 * <p>This half belongs to the worker: it reads a module and checks its digest, hands the very same
 * bytes to a child, and holds deadlines and caps. What runs them is in {@code child}, whose classes
 * the worker never loads.
 */
@NullMarked
package org.clinisandbox.sandbox.wasm;

import org.jspecify.annotations.NullMarked;
