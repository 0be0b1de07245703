package org.clinisandbox.registry;

import java.time.Duration;

/**
 * What one run of a model may use.
 *
 * @param memoryBytes memory of the sandbox, in bytes
 * @param cpus processors
 * @param timeout from the request line to the reply line
 * @param outputBytes the reply line and, separately, stderr
 */
public record Limits(long memoryBytes, int cpus, Duration timeout, int outputBytes) {
  /** 256 MiB, 1 CPU, 10 s, 1 MiB. */
  public static final Limits DEFAULT = new Limits(256L << 20, 1, Duration.ofSeconds(10), 1 << 20);
}
