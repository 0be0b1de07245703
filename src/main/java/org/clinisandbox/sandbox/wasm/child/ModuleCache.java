package org.clinisandbox.sandbox.wasm.child;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.clinisandbox.sandbox.SandboxException;

/** Compiled modules by the digest of their bytes, the least recently used dropped first. */
final class ModuleCache {
  private static final int CAPACITY = 64;

  private final Map<String, FutureTask<CompiledModule>> tasks =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, FutureTask<CompiledModule>> eldest) {
          return size() > CAPACITY;
        }
      };

  /**
   * The module, compiled now or before; many callers at once make it compile once.
   *
   * @param digest of {@code bytes}, computed by the caller from these very bytes
   */
  CompiledModule get(String digest, byte[] bytes) throws SandboxException {
    FutureTask<CompiledModule> task;
    synchronized (tasks) {
      task = tasks.computeIfAbsent(digest, d -> new FutureTask<>(() -> CompiledModule.of(bytes)));
    }
    task.run();
    try {
      return task.get();
    } catch (ExecutionException e) {
      synchronized (tasks) {
        tasks.remove(digest, task);
      }
      if (e.getCause() instanceof SandboxException refusal) {
        throw refusal;
      }
      throw new IllegalStateException("compiling a module failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException(
          SandboxException.Kind.NOT_READY, "The start was interrupted while the model compiled.");
    }
  }
}
