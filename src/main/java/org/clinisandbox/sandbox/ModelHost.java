package org.clinisandbox.sandbox;

import java.util.List;

/**
 * Everything that running models takes on this host.
 *
 * @param parts closed after the backends, in this order
 */
public record ModelHost(ModelImages images, Backends backends, List<AutoCloseable> parts)
    implements AutoCloseable {
  public ModelHost {
    parts = List.copyOf(parts);
  }

  @Override
  public void close() {
    backends.close();
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        throw new IllegalStateException("A part of this host does not close.", e);
      }
    }
  }
}
