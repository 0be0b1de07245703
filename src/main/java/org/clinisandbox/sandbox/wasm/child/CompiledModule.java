package org.clinisandbox.sandbox.wasm.child;

import java.util.function.Function;
import org.clinisandbox.sandbox.SandboxException;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.runtime.Memory;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;

/**
 * A module that keeps the rules, with its JVM bytecode.
 *
 * @param machines makes the executable side of one instance
 */
record CompiledModule(WasmModule module, Function<Instance, Machine> machines) {
  /**
   * Parses, validates, checks and compiles.
   *
   * <p>A function too large for a JVM method is refused, not interpreted: the interpreter is two
   * orders of magnitude slower, and each such function makes the compiler begin again.
   */
  static CompiledModule of(byte[] bytes) throws SandboxException {
    try {
      WasmModule module = Parser.parse(bytes);
      ModuleRules.check(module);
      return new CompiledModule(
          module,
          MachineFactoryCompiler.builder(module)
              .withInterpreterFallback(InterpreterFallback.FAIL)
              .compile());
    } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
      throw new SandboxException(
          SandboxException.Kind.IMAGE_REFUSED,
          "The module cannot be compiled; validate it, and split a function that is too large: "
              + ModuleRules.printable(String.valueOf(e.getMessage())));
    }
  }

  int initialPages() {
    return module.memorySection().orElseThrow().getMemory(0).limits().initialPages();
  }

  long initialBytes() {
    return (long) initialPages() * Memory.PAGE_SIZE;
  }

  int maximumPages() {
    return module.memorySection().orElseThrow().getMemory(0).limits().maximumPages();
  }
}
