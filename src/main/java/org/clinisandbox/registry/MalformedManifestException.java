package org.clinisandbox.registry;

/** A manifest that is not even YAML or JSON of the allowed kind; its message is for its author. */
public final class MalformedManifestException extends RuntimeException {
  MalformedManifestException(String message) {
    super(message);
  }
}
