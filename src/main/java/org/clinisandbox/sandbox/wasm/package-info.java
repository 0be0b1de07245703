/**
 * The wasm backend: a WebAssembly module compiled to JVM bytecode, with WASI cut to three streams.
 */
@NullMarked
package org.clinisandbox.sandbox.wasm;

import org.jspecify.annotations.NullMarked;
