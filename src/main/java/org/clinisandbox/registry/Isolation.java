package org.clinisandbox.registry;

/** How strongly a sandbox keeps a model apart, weakest first; the order is the ranking. */
public enum Isolation {
  /** No model runs at all: the mock. */
  NONE,
  /** A language sandbox. */
  WASM,
  /** Kernel namespaces, a system-call filter and resource limits on a shared kernel. */
  NAMESPACES,
  /** A kernel in user space. */
  GVISOR,
  /** A virtual machine. */
  MICROVM;

  /** The name in manifests, results and {@code doctor}. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
